"""The month strip at its edges: 16 days, 20 minutes, the end of a month and of a period."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from billing.month_so_far import MonthSoFar, Reach, Spent, month_of, month_so_far, period_of
from billing.spans import Span, length
from tests.unit.billing.making import HOUR, MINUTE, SECOND

NEW_YORK = ZoneInfo("America/New_York")
FIRST = dt.date(2026, 11, 1)
DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


def spent(*spans: Span, **changes: str) -> Spent:
    fields = {"role": "nurse", "service": "rpm", "activity": "review", "mode": "none"} | changes
    return Spent(spans=spans, with_whom="patient", **fields)


def first_days(count: int, start: dt.date = FIRST) -> set[dt.date]:
    return {start + number * DAY for number in range(count)}


def month(
    days: set[dt.date] = frozenset(),  # type: ignore[assignment]
    *entries: Spent,
    today: dt.date = dt.date(2026, 11, 20),
    now: dt.datetime = NOON,
    asked: dt.date = FIRST,
) -> MonthSoFar:
    return month_so_far(days, entries, today=today, month=asked, now=now, zone=NEW_YORK)


def minutes(count: float) -> Span:
    return NOON - count * MINUTE, NOON


@pytest.mark.parametrize(
    ("seconds", "have", "reach"),
    [(1199, 19, Reach.NOT_YET), (1200, 20, Reach.REACHED), (1201, 20, Reach.REACHED)],
)
def test_twenty_minutes_are_twenty_full_minutes(seconds: int, have: int, reach: Reach) -> None:
    found = month(set(), spent((NOON - seconds * SECOND, NOON))).minutes
    assert (found.have, found.need, found.reach) == (have, 20, reach)


def test_seconds_of_many_entries_add_up_before_they_are_rounded() -> None:
    pieces = [
        spent((NOON - number * HOUR, NOON - number * HOUR + 90 * SECOND)) for number in range(1, 15)
    ]
    assert month(set(), *pieces).minutes.have == 21


def test_two_people_at_once_count_once() -> None:
    assert month(set(), spent(minutes(12)), spent(minutes(12), role="clinician")).seconds == 720


@pytest.mark.parametrize(
    "changes", [{"role": "admin"}, {"service": "ccm"}, {"activity": "setup"}, {"role": "biller"}]
)
def test_what_is_no_remote_monitoring_by_clinical_staff_does_not_count(
    changes: dict[str, str],
) -> None:
    found = month(set(), spent(minutes(20), mode="live_phone", **changes))
    assert (found.seconds, found.live.reach) == (0, Reach.NOT_YET)


def test_an_entry_over_the_end_of_the_month_is_split_on_the_practices_clock() -> None:
    midnight = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)
    call = spent((midnight - 10 * MINUTE, midnight + 15 * MINUTE), mode="live_phone")
    now = midnight + HOUR
    november, december = (
        month(set(), call, now=now, asked=day) for day in (FIRST, dt.date(2026, 12, 1))
    )
    assert (november.seconds, december.seconds) == (600, 900)
    assert november.live.reach is december.live.reach is Reach.REACHED


@pytest.mark.parametrize(
    ("left", "reach"),
    [(1199, Reach.IMPOSSIBLE), (1200, Reach.NOT_YET), (1201, Reach.NOT_YET)],
)
def test_minutes_are_impossible_when_less_is_left_of_the_month(left: int, reach: Reach) -> None:
    end = month_of(FIRST, NEW_YORK)[1]
    assert month(set(), now=end - left * SECOND).minutes.reach is reach


def test_months_with_a_change_of_clocks_are_as_long_as_they_are() -> None:
    assert length([month_of(dt.date(2026, 11, 9), NEW_YORK)]) == 30 * DAY + HOUR
    assert length([month_of(dt.date(2026, 3, 9), NEW_YORK)]) == 31 * DAY - HOUR


@pytest.mark.parametrize(
    ("count", "reach"),
    [(15, Reach.NOT_YET), (16, Reach.REACHED), (17, Reach.REACHED)],
)
def test_sixteen_days_are_sixteen_days(count: int, reach: Reach) -> None:
    found = month(first_days(count)).days
    assert (found.have, found.need, found.reach) == (count, 16, reach)


@pytest.mark.parametrize(
    ("today", "reach"),
    # Of the period 1 to 30 November ten days are there; six more need 25 to 30.
    [(24, Reach.NOT_YET), (25, Reach.NOT_YET), (26, Reach.IMPOSSIBLE)],
)
def test_days_are_impossible_when_too_few_are_left_today_included(today: int, reach: Reach) -> None:
    found = month(first_days(10), today=dt.date(2026, 11, today))
    assert (found.days.have, found.days.reach) == (10, reach)


def test_today_is_no_day_that_is_left_once_it_counts() -> None:
    days = {*first_days(9), dt.date(2026, 11, 25)}
    assert month(days, today=dt.date(2026, 11, 25)).days.reach is Reach.IMPOSSIBLE
    assert month(days, today=dt.date(2026, 11, 24)).days.reach is Reach.NOT_YET


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (dt.date(2026, 11, 30), (FIRST, dt.date(2026, 11, 30))),
        (dt.date(2026, 12, 1), (dt.date(2026, 12, 1), dt.date(2026, 12, 30))),
        (dt.date(2026, 10, 31), None),
    ],
)
def test_periods_of_thirty_days_follow_each_other(
    today: dt.date, period: tuple[dt.date, dt.date] | None
) -> None:
    assert period_of([FIRST], today=today) == period


def test_without_readings_and_entries_nothing_is_reached_and_nothing_impossible() -> None:
    found = month()
    assert [each.reach for each in found.figures] == [Reach.NOT_YET] * 3
    assert found.period_from is None


def test_when_the_month_is_over_nobody_can_be_spoken_to_in_it_any_more() -> None:
    found = month(asked=dt.date(2026, 10, 1))
    assert [found.minutes.reach, found.live.reach] == [Reach.IMPOSSIBLE] * 2
