"""A forecast that was kept is what it would be now, to the second; and it is kept for a while."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from billing.eligibility.facts import Facts
from billing.eligibility.policy import Policy
from billing.forecast.forecasting import forecast
from billing.forecast.outlook import Outlook
from billing.forecast.steady import midnight_after, steady_until
from billing.rule_files import shipped
from tests.unit.billing.facts_making import NEW_YORK, days, entry, facts

SECOND = dt.timedelta(seconds=1)
ZONES = [ZoneInfo(name) for name in ("America/New_York", "Pacific/Auckland", "America/Havana")]
FIRST = dt.datetime(2026, 10, 30, tzinfo=dt.UTC)
NOWS = st.integers(0, 35 * 86_400).map(lambda seconds: FIRST + seconds * SECOND)
NEAR_THE_END = st.integers(-90 * 60, 60).map(
    lambda seconds: dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC) + seconds * SECOND
)
POLICIES = st.builds(
    Policy,
    day_zone=st.sampled_from(["patient", "practice"]),
    time_entry_zone=st.sampled_from(["practice", "patient"]),
)


def outlooks(known: Facts, now: dt.datetime, policy: Policy) -> tuple[Outlook, ...]:
    return forecast(known, now, shipped(), policy).outlooks


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    known = facts(
        days("2026-10-20", draw(st.integers(0, 20))),
        entries=[entry("2026-11-05T09:00", draw(st.integers(1, 45)))],
    )
    return replace(known, patient_zone=draw(st.sampled_from(ZONES)))


@given(cases(), NOWS | NEAR_THE_END, POLICIES, st.floats(0, 1))
def test_until_then_the_same_is_said(
    known: Facts, now: dt.datetime, policy: Policy, part: float
) -> None:
    zones = {known.patient_zone, known.practice_zone}
    found = outlooks(known, now, policy)
    until = steady_until(found, now, zones)
    assert now <= until <= min(midnight_after(now, zone) for zone in zones)
    if until > now:
        later = now + (until - now) * part
        assert outlooks(known, min(later, until - dt.timedelta(microseconds=1)), policy) == found


def test_minutes_that_are_missing_end_it_when_too_little_is_left_and_when_the_day_changes() -> None:
    known = facts(days("2026-11-01", 3), entries=[entry("2026-11-05T09:00", 15)])
    end = dt.datetime(2026, 12, 1, tzinfo=NEW_YORK)
    five, zones = dt.timedelta(minutes=5), {NEW_YORK}

    def steady(at: dt.datetime) -> dt.datetime:
        return steady_until(outlooks(known, at.astimezone(dt.UTC), Policy()), at, zones)

    noon = end - dt.timedelta(hours=12)
    # 25 minutes more would be the next unit: that is told until there are no 25 minutes left.
    assert steady(noon) == end - dt.timedelta(minutes=25)
    midnight = dt.datetime(2026, 11, 20, tzinfo=NEW_YORK)
    assert steady(midnight - dt.timedelta(hours=1)) == midnight - dt.timedelta(minutes=25)
    assert steady(midnight - five) == midnight
    last = end - dt.timedelta(minutes=1)
    assert steady(last) == last, "what is left of the month is told to the second"


@pytest.mark.parametrize("hours", [0, 12, 23])
def test_what_is_reached_holds_until_midnight(hours: int) -> None:
    known = facts(days("2026-11-01", 3), entries=[entry("2026-11-05T09:00", 100)])
    now = dt.datetime(2026, 11, 12, hours, tzinfo=NEW_YORK)
    assert steady_until((), now, {NEW_YORK}) == dt.datetime(2026, 11, 13, tzinfo=NEW_YORK)
    assert outlooks(known, now, Policy())
