"""Which months of the demonstration are locked, and when that was done. Pure."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.months.calendar import DAY, Month, month_of_day

LOCKED: Final = 2
"""Months."""
HOURS_AFTER: Final = 63
"""After the end of the month: a Wednesday's afternoon, if it ended on a Sunday."""
SETTLES: Final = dt.timedelta(hours=30)
"""So long after the lock the late reading has come, and been found."""


class Locking(Struct, frozen=True, kw_only=True):
    month: Month
    at: dt.datetime


def lockings(anchor: dt.datetime, zone: ZoneInfo) -> tuple[Locking, ...]:
    """The last full months that could be locked, and looked at after it, by the anchor; in order
    of time.
    """
    month = month_of_day(anchor.astimezone(zone).date(), zone)
    found: list[Locking] = []
    while len(found) < LOCKED:
        month = month_of_day(month.first - DAY, zone)
        at = month.ends_at + dt.timedelta(hours=HOURS_AFTER)
        if at + SETTLES <= anchor:
            found.insert(0, Locking(month=month, at=at))
    return tuple(found)


def workday(month: Month, number: int) -> dt.date:
    """The first is 1; after the last of the month they begin again."""
    days = [
        day
        for place in range((month.last - month.first).days + 1)
        if (day := month.first + place * DAY).weekday() < 5  # noqa: PLR2004 - Saturday
    ]
    return days[(number - 1) % len(days)]
