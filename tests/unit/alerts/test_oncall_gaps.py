"""When nobody is on call, also where the clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.telling.oncall_gaps import gaps, instant_typed
from care.errors import InvalidError

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
START = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)

Spans = list[tuple[dt.datetime, dt.datetime]]


def hours(*spans: tuple[float, float]) -> Spans:
    return [(START + a * HOUR, START + b * HOUR) for a, b in spans]


def found(shifts: Spans, until: float = 24) -> list[tuple[float, float]]:
    return [
        ((gap.starts_at - START) / HOUR, (gap.ends_at - START) / HOUR)
        for gap in gaps(shifts, since=START, until=START + until * HOUR)
    ]


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([], [(0, 24)]),
        ([(0, 24)], []),
        ([(-5, 30)], []),
        ([(0, 12), (12, 24)], []),
        ([(12, 24), (0, 12)], []),
        ([(0, 12), (13, 24)], [(12, 13)]),
        ([(0, 20), (2, 3), (20, 24)], []),
        ([(2, 22)], [(0, 2), (22, 24)]),
        ([(-9, -1)], [(0, 24)]),
        ([(-9, 0)], [(0, 24)]),
        ([(0, 23), (30, 40)], [(23, 24)]),
        ([(24, 40)], [(0, 24)]),
    ],
)
def test_what_no_shift_covers_is_a_gap(
    shifts: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    assert found(hours(*shifts)) == expected


@pytest.mark.parametrize(("second", "gap"), [(-1, False), (0, False), (1, True)])
def test_a_hand_over_that_is_a_second_late_is_a_gap(second: int, *, gap: bool) -> None:
    shifts = [(START, START + HOUR), (START + HOUR + second * SECOND, START + 24 * HOUR)]
    assert bool(found(shifts)) is gap


@pytest.mark.parametrize("night", [dt.date(2026, 3, 28), dt.date(2026, 10, 24)])
def test_shifts_that_meet_on_the_wall_meet_over_a_change_of_the_clocks(night: dt.date) -> None:
    """From 18:00 to 02:30, and from there to 08:00: in one night 02:30 does not exist."""
    at = {
        clock: dt.datetime.combine(day, dt.time.fromisoformat(clock), tzinfo=BERLIN)
        for day, clock in ((night, "18:00"), (night + dt.timedelta(days=1), "08:00"))
    }
    change = at["18:00"].astimezone(dt.UTC) + 8.5 * HOUR
    since, until = (at[clock].astimezone(dt.UTC) for clock in ("18:00", "08:00"))
    assert until - since in {13 * HOUR, 15 * HOUR}
    assert gaps([(since, change), (change, until)], since=since, until=until) == ()
    (gap,) = gaps([(since, since + 13.5 * HOUR)], since=since, until=since + 14 * HOUR)
    assert gap.ends_at - gap.starts_at == 0.5 * HOUR


def test_fourteen_days_over_a_change_are_fourteen_days_of_instants() -> None:
    since = dt.datetime(2026, 10, 20, 8, 0, tzinfo=NEW_YORK).astimezone(dt.UTC)
    wall_end = dt.datetime(2026, 11, 3, 8, 0, tzinfo=NEW_YORK).astimezone(dt.UTC)
    until = since + dt.timedelta(days=14)
    assert wall_end - until == HOUR
    assert gaps([(since, wall_end)], since=since, until=until) == ()


@given(
    st.lists(
        st.tuples(st.integers(-30, 60), st.integers(1, 40)).map(lambda ab: (ab[0], sum(ab))),
        max_size=12,
    )
)
def test_every_hour_is_either_covered_or_in_a_gap(shifts: list[tuple[int, int]]) -> None:
    holes = found(hours(*shifts))
    for hour in range(24):
        covered = any(a <= hour < b for a, b in shifts)
        in_gap = any(a <= hour < b for a, b in holes)
        assert covered is not in_gap


def test_a_wall_time_is_the_clinics() -> None:
    assert instant_typed("from", "2026-11-27T18:00", NEW_YORK) == dt.datetime(
        2026, 11, 27, 23, 0, tzinfo=dt.UTC
    )
    assert instant_typed("from", "2026-11-27T18:00+01:00", NEW_YORK) == dt.datetime(
        2026, 11, 27, 17, 0, tzinfo=dt.UTC
    )


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026-03-08T02:30", "does not exist in America/New_York"),
        ("2026-11-01T01:30", "comes twice in America/New_York"),
        ("tomorrow", "is no date and time"),
        ("9999-12-31T23:00", "is no date and time"),
    ],
)
def test_a_wall_time_that_could_be_none_or_two_is_refused(typed: str, why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        instant_typed("from", typed, NEW_YORK)


@pytest.mark.parametrize(
    ("typed", "hour"), [("2026-11-01T01:30-04:00", 5), ("2026-11-01T01:30-05:00", 6)]
)
def test_with_its_offset_each_of_the_two_can_be_meant(typed: str, hour: int) -> None:
    assert instant_typed("from", typed, NEW_YORK).hour == hour
