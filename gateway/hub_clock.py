"""The hub's clock as its parts see it: what it says, and whether to believe it."""

import datetime as dt
from collections.abc import Callable

import structlog

from gateway.own_clock import Moment, Trust, boot_id, kernel_synchronised, seconds_since_boot, trust

log = structlog.get_logger()


class HubClock:
    """Remembers the latest time it ever believed, to notice when the clock has forgotten."""

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        *,
        earliest: dt.datetime,
        grace_s: float,
        newest_known: dt.datetime | None,
    ) -> None:
        self._now = now
        self._earliest = earliest
        self._grace_s = grace_s
        self._newest = newest_known
        self._boot = boot_id()
        self._said = Trust.TRUSTED

    def now(self) -> dt.datetime:
        return self._now()

    def moment(self) -> Moment:
        return Moment(now=self._now(), up_s=seconds_since_boot(), boot=self._boot)

    @property
    def trusted(self) -> bool:
        """Says so in the log when it changes."""
        moment = self.moment()
        found = trust(
            moment,
            earliest=self._earliest,
            newest_known=self._newest,
            synchronised=kernel_synchronised() if moment.up_s < self._grace_s else None,
            grace_s=self._grace_s,
        )
        if found.ok:
            self._newest = moment.now if self._newest is None else max(self._newest, moment.now)
        if found is not self._said:
            self._said = found
            log.warning("the hub's own clock", verdict=str(found), readings_held=not found.ok)
        return found.ok
