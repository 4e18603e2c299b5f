"""Which months of the demonstration are locked, which one waits to be, and when that was. Pure."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.months.calendar import DAY, Month, month_of_day

LOCKED: Final = 2
"""Months, before the one that is just over: that one waits for whoever tries the product."""
HOURS_AFTER: Final = 39
"""After the end of the month: a Tuesday's afternoon, if it ended on a Sunday."""
HEARD_LATE: Final = dt.timedelta(hours=26)
"""After the lock a reading comes in; it still counts in its period."""
LOOKED_THROUGH: Final = dt.timedelta(hours=40)
"""After the end of the month that is just over; sooner where that is not long ago."""
PERIOD: Final = 30


class Locking(Struct, frozen=True, kw_only=True):
    month: Month
    at: dt.datetime


def just_over(anchor: dt.datetime, zone: ZoneInfo) -> Month:
    """The last full month, be it over for a minute."""
    return before(month_of_day(anchor.astimezone(zone).date(), zone))


def before(month: Month) -> Month:
    return month_of_day(month.first - DAY, month.zone)


def lockings(anchor: dt.datetime, zone: ZoneInfo) -> tuple[Locking, ...]:
    """In order of time. Each was locked before the month after it was over."""
    month = just_over(anchor, zone)
    found: list[Locking] = []
    for _ in range(LOCKED):
        month = before(month)
        at = month.ends_at + dt.timedelta(hours=HOURS_AFTER)
        found.insert(0, Locking(month=month, at=at))
    return tuple(found)


def first_day(over: Month) -> dt.date:
    """Of device periods of thirty days of which one ends in each of the three months up to this."""
    last = before(over)
    second = min(last.last, last.first + (PERIOD - 1) * DAY, over.last - PERIOD * DAY)
    return second - (2 * PERIOD - 1) * DAY


def workday(month: Month, number: int) -> dt.date:
    """The first is 1; after the last of the month they begin again."""
    days = [
        day
        for place in range((month.last - month.first).days + 1)
        if (day := month.first + place * DAY).weekday() < 5  # noqa: PLR2004 - Saturday
    ]
    return days[(number - 1) % len(days)]
