"""What is remembered of owners says the same as asking anew."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.snapshot import snapshot
from ingest.owners import LocalDays, Owner, told_in
from tests.unit.ingest.clinic import assignment, device, gateway

ZONES = (
    "America/New_York",
    "America/St_Johns",  # Until 2011 its clocks changed a minute after midnight.
    "America/Sao_Paulo",  # A day without a midnight in spring, with 25 hours in autumn.
    "America/Havana",
    "Australia/Lord_Howe",  # Half an hour.
    "Pacific/Apia",  # Left out 30 December 2011.
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "UTC",
)
# Where several of these zones have changed their clocks, and the day line.
EVENTFUL = [
    dt.datetime(2006, 10, 29, 2, 31, tzinfo=dt.UTC),
    dt.datetime(2011, 12, 30, 10, tzinfo=dt.UTC),
    dt.datetime(2018, 2, 18, 2, tzinfo=dt.UTC),
    dt.datetime(2018, 11, 4, 3, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 8, 7, tzinfo=dt.UTC),
    dt.datetime(2026, 4, 4, 15, tzinfo=dt.UTC),
    dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC),
]
moments = st.builds(
    lambda near, minutes, offset: (near + dt.timedelta(minutes=minutes)).astimezone(offset),
    st.sampled_from(EVENTFUL),
    st.integers(min_value=-3000, max_value=3000),
    st.sampled_from([dt.timezone(dt.timedelta(hours=hours)) for hours in (-5, 0, 10)] + [dt.UTC]),
)


@given(st.sampled_from(ZONES), st.lists(moments, min_size=1, max_size=30))
def test_a_remembered_day_is_the_calendars_day(name: str, heard: list[dt.datetime]) -> None:
    zone = ZoneInfo(name)
    days = LocalDays(zone)
    for moment in sorted(heard) + heard:
        assert days.of(moment) == moment.astimezone(zone).date()


@pytest.mark.parametrize("name", ZONES)
def test_every_quarter_of_an_hour_around_a_change_of_clocks(name: str) -> None:
    zone = ZoneInfo(name)
    days = LocalDays(zone)
    for event in EVENTFUL:
        for quarters in range(-250, 250):
            moment = event + dt.timedelta(minutes=15 * quarters)
            assert days.of(moment) == moment.astimezone(zone).date()


def test_a_moment_whose_own_offset_moves_is_worked_out() -> None:
    zone = ZoneInfo("America/New_York")
    days = LocalDays(zone)
    for hour in range(24):
        moment = dt.datetime(2026, 11, 1, hour, 30, tzinfo=zone)
        assert days.of(moment) == dt.date(2026, 11, 1)


@pytest.mark.parametrize(("seconds", "had"), [(-1, False), (0, True), (1, True)])
def test_an_owner_has_the_device_from_the_beginning_on(seconds: int, *, had: bool) -> None:
    begins = dt.datetime(2026, 11, 1, 5, tzinfo=dt.UTC)
    theirs = assignment(starts_at=begins)
    owner = Owner(device(theirs), snapshot([gateway()], [device(theirs)], {}), gateway())
    for offset in (dt.UTC, dt.timezone(dt.timedelta(hours=-5)), ZoneInfo("America/New_York")):
        moment = (begins + dt.timedelta(seconds=seconds)).astimezone(offset)
        assert owner.had_it(moment) is (theirs if had else None)


def test_the_ends_of_the_calendar_are_compared_as_they_are() -> None:
    first = dt.datetime.min.replace(tzinfo=dt.UTC)
    assert told_in(first, dt.timezone(dt.timedelta(hours=-5))) is first


def test_another_offset_tells_the_same_moment() -> None:
    offset = dt.timezone(dt.timedelta(hours=-5))
    moment = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
    assert told_in(moment, offset) == moment
    assert told_in(moment, offset).tzinfo is offset
