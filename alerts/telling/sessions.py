"""Readings taken together, as a patient sees it: one sitting is one receipt. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

APART: Final = dt.timedelta(minutes=10)
"""Longer between two readings, and they are two sittings."""
SETTLED: Final = dt.timedelta(minutes=3)
"""So long after the last arrival nothing more is waited for."""
LATE: Final = dt.timedelta(minutes=30)
"""What took longer to arrive is a backlog: nobody waits for a word about it."""


class Arrival(Struct, frozen=True, order=True):
    measured_at: dt.datetime
    received_at: dt.datetime


class Sitting(Struct, frozen=True, kw_only=True):
    begins: dt.datetime
    ends: dt.datetime
    """The first and the last measurement."""
    arrived: dt.datetime
    """When the last of them did."""
    count: int


def to_receipt(
    arrivals: Iterable[Arrival], *, told_until: dt.datetime | None, now: dt.datetime
) -> Sitting | None:
    """The latest sitting that is complete and not receipted; `told_until` is the end of the one
    that was receipted last.
    """
    fresh = sorted(each for each in arrivals if each.received_at - each.measured_at <= LATE)
    if not fresh:
        return None
    sitting = fresh[-1:]
    for each in reversed(fresh[:-1]):
        if sitting[0].measured_at - each.measured_at > APART:
            break
        sitting.insert(0, each)
    begins, arrived = sitting[0].measured_at, max(each.received_at for each in sitting)
    if told_until is not None and begins <= told_until + APART:
        return None
    if now - arrived < SETTLED or now - arrived > LATE:
        return None
    return Sitting(begins=begins, ends=sitting[-1].measured_at, arrived=arrived, count=len(sitting))
