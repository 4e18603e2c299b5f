"""A calendar month of the practice: its name, its dates, its instants. Pure."""

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from care.errors import NotFoundError
from care.wall_clock import beginning

DAY: Final = dt.timedelta(days=1)
NAME: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Month(Struct, frozen=True, kw_only=True):
    name: str
    """YYYY-MM."""
    first: dt.date
    last: dt.date
    zone: ZoneInfo

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def begins_at(self) -> dt.datetime:
        return beginning(self.first, self.zone)

    @property
    def ends_at(self) -> dt.datetime:
        """The local midnight after its last day: half-open."""
        return beginning(self.last + DAY, self.zone)

    @property
    def said(self) -> str:
        return f"{self.first:%B %Y}"


def month_named(name: str, zone: ZoneInfo) -> Month:
    """Raises NotFoundError for what is no month."""
    if NAME.fullmatch(name) is None:
        raise NotFoundError("month", "there is no such month: months are named as 2026-10")
    first = dt.date.fromisoformat(f"{name}-01")
    return Month(name=name, first=first, last=_last_of(first), zone=zone)


def month_of_day(day: dt.date, zone: ZoneInfo) -> Month:
    first = day.replace(day=1)
    return Month(name=f"{day:%Y-%m}", first=first, last=_last_of(first), zone=zone)


def months_between(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> tuple[Month, ...]:
    """Those that [start, end) touches."""
    day = start.astimezone(zone).date()
    last = (end - dt.timedelta(microseconds=1)).astimezone(zone).date()
    found = [month_of_day(day, zone)]
    while found[-1].last < last:
        found.append(month_of_day(found[-1].last + DAY, zone))
    return tuple(found)


def _last_of(first: dt.date) -> dt.date:
    return (first + 31 * DAY).replace(day=1) - DAY
