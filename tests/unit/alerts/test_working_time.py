"""Staffed minutes, over nights, weekends and both changes of the clocks."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from alerts.life.working_time import after_working_minutes, is_working, working_spans
from care.programme import WEEK, WorkingHours

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
OFFICE = WorkingHours()  # Monday to Friday, 08:00 to 18:00.


def berlin(*digits: int) -> dt.datetime:
    return dt.datetime(*digits, tzinfo=BERLIN)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("since", "minutes", "until"),
    [
        # Within a day; to the last minute of it; one more is the next morning.
        (berlin(2026, 11, 23, 9), 60, berlin(2026, 11, 23, 10)),
        (berlin(2026, 11, 23, 17, 44), 15, berlin(2026, 11, 23, 17, 59)),
        (berlin(2026, 11, 23, 17, 45), 15, berlin(2026, 11, 24, 8)),
        (berlin(2026, 11, 23, 17, 46), 15, berlin(2026, 11, 24, 8, 1)),
        # At night, before opening, over the weekend.
        (berlin(2026, 11, 23, 22), 0, berlin(2026, 11, 24, 8)),
        (berlin(2026, 11, 23, 7, 59), 0, berlin(2026, 11, 23, 8)),
        (berlin(2026, 11, 27, 17), 240, berlin(2026, 11, 30, 11)),
        (berlin(2026, 11, 28, 12), 30, berlin(2026, 11, 30, 8, 30)),
    ],
)
def test_minutes_count_while_somebody_is_there(
    since: dt.datetime, minutes: int, until: dt.datetime
) -> None:
    assert after_working_minutes(since, minutes, OFFICE, BERLIN) == until


@pytest.mark.parametrize(
    ("at", "there"),
    [
        (berlin(2026, 11, 23, 7, 59, 59), False),
        (berlin(2026, 11, 23, 8), True),
        (berlin(2026, 11, 23, 17, 59, 59), True),
        (berlin(2026, 11, 23, 18), False),
    ],
)
def test_the_clinic_is_staffed_from_the_first_to_before_the_last_minute(
    at: dt.datetime, *, there: bool
) -> None:
    assert is_working(at, OFFICE, BERLIN) is there


def test_the_night_in_which_the_clocks_go_forward_is_an_hour_shorter() -> None:
    night = WorkingHours(days=WEEK, start="00:00", end="06:00")
    since = berlin(2026, 3, 29, 0, 0)
    assert after_working_minutes(since, 5 * 60 - 1, night, BERLIN) == berlin(2026, 3, 29, 5, 59)
    assert after_working_minutes(since, 5 * 60, night, BERLIN) == berlin(2026, 3, 30, 0, 0)


def test_the_night_in_which_the_clocks_go_back_is_an_hour_longer() -> None:
    night = WorkingHours(days=WEEK, start="00:00", end="06:00")
    since = berlin(2026, 10, 25, 0, 0)
    assert after_working_minutes(since, 7 * 60 - 1, night, BERLIN) == berlin(2026, 10, 25, 5, 59)
    assert after_working_minutes(since, 7 * 60, night, BERLIN) == berlin(2026, 10, 26, 0, 0)


def test_hours_that_begin_in_the_skipped_hour_begin_where_the_clocks_land() -> None:
    early = WorkingHours(days=("sun",), start="02:30", end="12:00")
    since = dt.datetime(2026, 3, 8, 0, 0, tzinfo=NEW_YORK)
    opens, closes = next(working_spans(since, early, NEW_YORK))
    assert opens == dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)
    assert closes == dt.datetime(2026, 3, 8, 16, 0, tzinfo=dt.UTC)


def test_hours_that_begin_in_the_hour_that_comes_twice_begin_the_first_time() -> None:
    early = WorkingHours(days=("sun",), start="01:30", end="12:00")
    since = dt.datetime(2026, 11, 1, 0, 0, tzinfo=NEW_YORK)
    opens, _ = next(working_spans(since, early, NEW_YORK))
    assert opens == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)


def test_the_same_morning_hour_is_another_instant_after_the_change() -> None:
    before = after_working_minutes(berlin(2026, 10, 22, 20), 0, OFFICE, BERLIN)
    after = after_working_minutes(berlin(2026, 10, 25, 20), 0, OFFICE, BERLIN)
    assert before == dt.datetime(2026, 10, 23, 6, 0, tzinfo=dt.UTC)
    assert after == dt.datetime(2026, 10, 26, 7, 0, tzinfo=dt.UTC)


def test_a_clinic_that_never_closes_counts_every_minute() -> None:
    always = WorkingHours(days=WEEK, start="00:00", end="24:00")
    since = berlin(2026, 3, 28, 23, 30)
    assert after_working_minutes(since, 180, always, BERLIN) - since.astimezone(
        dt.UTC
    ) == dt.timedelta(hours=3)
