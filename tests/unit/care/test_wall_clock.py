import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from care.errors import InvalidError
from care.wall_clock import beginning, instant_of

CHICAGO = ZoneInfo("America/Chicago")
SANTIAGO = ZoneInfo("America/Santiago")


@pytest.mark.parametrize(
    ("clock", "utc"), [("01:59", (7, 59)), ("03:00", (8, 0)), ("12:00", (17, 0))]
)
def test_a_time_on_the_day_of_the_change_is_the_instant_it_was(
    clock: str, utc: tuple[int, int]
) -> None:
    found = instant_of("at", "2026-03-08", clock, CHICAGO)
    assert found == dt.datetime(2026, 3, 8, *utc, tzinfo=dt.UTC)


@pytest.mark.parametrize("clock", ["02:00", "02:30", "02:59"])
def test_an_hour_that_is_skipped_never_was(clock: str) -> None:
    with pytest.raises(InvalidError, match="put forward"):
        instant_of("at", "2026-03-08", clock, CHICAGO)


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    found = instant_of("at", "2026-11-01", "01:30", CHICAGO)
    assert found == dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)


def test_a_day_without_a_midnight_begins_after_the_gap() -> None:
    """In Chile clocks go from 24:00 on a Saturday to 01:00."""
    first = beginning(dt.date(2026, 9, 6), SANTIAGO)
    assert first.astimezone(SANTIAGO).time() == dt.time(1)
    before = first - dt.timedelta(microseconds=1)
    assert before.astimezone(SANTIAGO).date() == dt.date(2026, 9, 5)


@pytest.mark.parametrize(
    ("day", "clock"),
    [("", "10:00"), ("2026-02-29", "10:00"), ("08/03/2026", "10:00"), ("2026-03-08", ""),
     ("2026-03-08", "24:00"), ("2026-03-08", "10:00+01:00")],
)  # fmt: skip
def test_what_is_no_day_or_time_is_refused(day: str, clock: str) -> None:
    with pytest.raises(InvalidError):
        instant_of("at", day, clock, CHICAGO)


@pytest.mark.parametrize(
    ("day", "good"),
    [("1899-12-31", False), ("1900-01-01", True), ("8999-12-31", True), ("9000-01-01", False)],
)
def test_a_day_at_the_ends_of_the_calendar_is_a_typing_error(day: str, *, good: bool) -> None:
    if good:
        assert instant_of("at", day, "12:00", CHICAGO).year == int(day[:4])
        return
    with pytest.raises(InvalidError, match="is the year right"):
        instant_of("at", day, "12:00", CHICAGO)
