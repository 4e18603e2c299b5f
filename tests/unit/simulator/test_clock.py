"""What a device's clock shows: right, wrong in each way, and after it was set."""

import datetime as dt
from zoneinfo import ZoneInfo

from simulator.clock import DeviceClock
from simulator.faults import ClockFaults

BERLIN = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
LOCAL = dt.datetime.fromisoformat("2026-07-01T14:00:00")


class Watch:
    """A true clock that a test can put forward."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> dt.datetime:
        return self.time


def clock(watch: Watch | None = None, **faults: object) -> DeviceClock:
    wrong = ClockFaults(**faults)  # type: ignore[arg-type]
    return DeviceClock(zone=BERLIN, faults=wrong, now=watch or Watch())


def test_a_right_clock_shows_local_digits() -> None:
    assert clock().shown() == LOCAL
    assert clock().drift_s == 0


def test_the_digits_of_another_instant() -> None:
    winter = dt.datetime(2026, 1, 1, 12, 0, tzinfo=dt.UTC)
    assert clock().shown(winter) == dt.datetime.fromisoformat("2026-01-01T13:00:00")


def test_a_clock_that_is_slow() -> None:
    assert clock(offset_s=-90).shown() == LOCAL - dt.timedelta(seconds=90)


def test_a_clock_in_utc_is_behind_by_the_offset_of_the_zone() -> None:
    assert clock(shows_utc=True).drift_s == -7200


def test_an_unset_clock_counts_from_new_years_day() -> None:
    watch = Watch()
    unset = clock(watch, unset_year=1970)
    watch.time += dt.timedelta(hours=3)
    assert unset.shown() == dt.datetime.fromisoformat("1970-01-01T03:00:00")


def test_setting_it_corrects_it_from_then_on() -> None:
    watch = Watch()
    slow = clock(watch, offset_s=-3600)
    slow.set(LOCAL)
    watch.time += dt.timedelta(minutes=5)
    assert slow.shown() == LOCAL + dt.timedelta(minutes=5)
    assert (slow.moved, slow.times_set) == (dt.timedelta(hours=1), 1)


def test_a_clock_that_ignores_being_set() -> None:
    stubborn = clock(offset_s=-3600, ignores_writes=True)
    stubborn.set(LOCAL)
    assert stubborn.drift_s == -3600
