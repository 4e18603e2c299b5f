"""A device's own clock: local digits with no zone, right or wrong."""

import datetime as dt
from collections.abc import Callable

from simulator.faults import ClockFaults

Now = Callable[[], dt.datetime]


def system_now() -> dt.datetime:
    """The true instant, aware."""
    return dt.datetime.now(dt.UTC)


class DeviceClock:
    """Shows the home's local time plus a shift; setting the clock changes the shift."""

    def __init__(self, *, zone: dt.tzinfo, faults: ClockFaults, now: Now = system_now) -> None:
        self._zone = zone
        self._now = now
        self._ignores_writes = faults.ignores_writes
        self.is_absent = faults.absent
        self.keeps_silent = faults.never_tells
        self.times_set = 0
        self._first_shift = _first_shift(faults, self._local(now()), now())
        self._shift = self._first_shift

    def shown(self, at: dt.datetime | None = None) -> dt.datetime:
        """The naive digits that it shows at a true instant, now if not given."""
        return self._local(self._now() if at is None else at) + self._shift

    def set(self, digits: dt.datetime) -> None:
        """Take over what a gateway wrote. Records already stored keep their digits."""
        self.times_set += 1
        if not self._ignores_writes:
            self._shift = digits - self._local(self._now())

    @property
    def moved(self) -> dt.timedelta:
        """How far it has been set away from how it started."""
        return self._shift - self._first_shift

    @property
    def drift_s(self) -> float:
        """How far ahead of the right local time it is."""
        return self._shift.total_seconds()

    def _local(self, instant: dt.datetime) -> dt.datetime:
        return instant.astimezone(self._zone).replace(tzinfo=None)


def _first_shift(faults: ClockFaults, local: dt.datetime, instant: dt.datetime) -> dt.timedelta:
    shift = dt.timedelta(seconds=faults.offset_s)
    if faults.unset_year is not None:
        return dt.datetime(faults.unset_year, 1, 1) - local + shift  # noqa: DTZ001 - has no zone
    if faults.shows_utc:
        return instant.astimezone(dt.UTC).replace(tzinfo=None) - local + shift
    return shift
