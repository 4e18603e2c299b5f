"""Which months the demonstration has locked, and which one waits: on any day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.eligibility.policy import Policy
from billing.months.calendar import DAY, month_of_day
from hearthbeat.demo.billing_calendar import HEARD_LATE, before, first_day, just_over, lockings
from hearthbeat.demo.billing_entered import SIGNED_BEFORE, course_until
from hearthbeat.demo.billing_people import PEOPLE

ZONE = ZoneInfo("America/New_York")
moments = st.integers(0, 5 * 366 * 24 * 60).map(
    lambda minutes: dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("today", "locked", "waits"),
    [
        ("2026-11-22T14:00", ["2026-08", "2026-09"], "2026-10"),
        ("2026-11-01T00:00", ["2026-08", "2026-09"], "2026-10"),
        ("2026-10-31T23:59", ["2026-07", "2026-08"], "2026-09"),
        ("2026-03-01T00:01", ["2025-12", "2026-01"], "2026-02"),
        ("2028-02-29T12:00", ["2027-11", "2027-12"], "2028-01"),
        ("2027-01-02T09:00", ["2026-10", "2026-11"], "2026-12"),
    ],
)
def test_the_month_just_over_waits_and_the_two_before_it_are_locked(
    today: str, locked: list[str], waits: str
) -> None:
    at = dt.datetime.fromisoformat(today).replace(tzinfo=ZONE).astimezone(dt.UTC)
    assert [each.month.name for each in lockings(at, ZONE)] == locked
    assert just_over(at, ZONE).name == waits


@given(moments)
def test_on_any_day_one_month_waits_and_two_were_locked_before_it_was_over(
    now: dt.datetime,
) -> None:
    over, done = just_over(now, ZONE), lockings(now, ZONE)
    assert over.ends_at <= now < month_of_day(over.last + DAY, ZONE).ends_at
    assert [each.month for each in done] == [before(before(over)), before(over)]
    for each in done:
        assert each.month.ends_at < each.at < each.month.ends_at + 4 * DAY
        assert each.at < over.ends_at <= now


@given(moments)
def test_one_device_period_ends_in_each_of_the_three_months(now: dt.datetime) -> None:
    over, course = just_over(now, ZONE), course_until(now, ZONE)
    first = first_day(over)
    ends = [first + (30 * number - 1) * DAY for number in (1, 2, 3)]
    months = [*(each.month for each in lockings(now, ZONE)), over]
    for end, month in zip(ends, months, strict=True):
        assert month.first <= end <= month.last
        assert course.ends_in(month) == end


@given(moments)
def test_the_late_reading_comes_after_the_lock_and_while_it_still_counts(now: dt.datetime) -> None:
    course, last = course_until(now, ZONE), lockings(now, ZONE)[-1]
    came = (last.at + HEARD_LATE).astimezone(ZONE).date()
    assert came <= course.ends_in(last.month) + Policy().late_arrival_grace_days * DAY


@given(moments)
def test_everybody_has_signed_before_they_measure_and_a_newcomer_in_time_for_the_open_month(
    now: dt.datetime,
) -> None:
    over, course = just_over(now, ZONE), course_until(now, ZONE)
    new = [each for each in PEOPLE if each.new]
    assert len(new) == 1
    assert course.begins(new[0]) + 29 * DAY == course.ends_in(over)
    for each in PEOPLE:
        assert course.midnight(course.begins(each)) - SIGNED_BEFORE < now
