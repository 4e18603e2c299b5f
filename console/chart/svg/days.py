"""Where the time axis is named: midnights of the patient's days, weeks, months or years."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

SECOND_US: Final = 1_000_000
DAYS_EACH: Final = 16
DAYS_WEEKLY: Final = 45
DAYS_FORTNIGHTLY: Final = 130
DAYS_MONTHLY: Final = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTick:
    at: int
    """Microseconds since 1970."""
    words: str
    """Empty for a line without a name."""
    minor: bool
    """Left out where the plot is narrow."""


def microseconds(at: dt.datetime) -> int:
    return round(at.timestamp() * SECOND_US)


def midnight(day: dt.date, zone: ZoneInfo) -> int:
    return microseconds(dt.datetime.combine(day, dt.time(), zone))


def day_ticks(since: int, until: int, zone: ZoneInfo) -> tuple[DayTick, ...]:
    """Those within the span, in order."""
    first, last = (_day(at, zone) for at in (since, until))
    days = (last - first).days
    if days <= DAYS_EACH:
        found = _daily(first, last, zone)
    elif days <= DAYS_FORTNIGHTLY:
        found = _weekly(first, last, zone, every=1 if days <= DAYS_WEEKLY else 2)
    elif days <= DAYS_MONTHLY:
        found = _monthly(first, last, zone)
    else:
        found = _yearly(first, last, zone)
    return tuple(tick for tick in found if since <= tick.at <= until)


def _day(at: int, zone: ZoneInfo) -> dt.date:
    return dt.datetime.fromtimestamp(at // SECOND_US, zone).date()


def _daily(first: dt.date, last: dt.date, zone: ZoneInfo) -> Iterator[DayTick]:
    """A line for each day, a name for every second, every fourth where it is narrow."""
    for number in range((last - first).days, -1, -1):
        day = last - dt.timedelta(days=number)
        words = f"{day.day} {day:%b}" if number % 2 == 0 else ""
        yield DayTick(at=midnight(day, zone), words=words, minor=number % 4 != 0)


def _weekly(first: dt.date, last: dt.date, zone: ZoneInfo, *, every: int) -> Iterator[DayTick]:
    """Mondays."""
    monday = first + dt.timedelta(days=-first.weekday() % 7)
    count = 0
    while monday <= last:
        minor = count % 2 == 1
        yield DayTick(at=midnight(monday, zone), words=f"{monday.day} {monday:%b}", minor=minor)
        monday += dt.timedelta(weeks=every)
        count += 1


def _monthly(first: dt.date, last: dt.date, zone: ZoneInfo) -> Iterator[DayTick]:
    day = first.replace(day=1)
    while day <= last:
        words = f"{day:%b %Y}" if day.month == 1 else f"{day:%b}"
        yield DayTick(at=midnight(day, zone), words=words, minor=day.month % 3 != 1)
        day = (day + dt.timedelta(days=32)).replace(day=1)


def _yearly(first: dt.date, last: dt.date, zone: ZoneInfo) -> Iterator[DayTick]:
    for year in range(first.year, last.year + 1):
        yield DayTick(at=midnight(dt.date(year, 1, 1), zone), words=str(year), minor=False)
