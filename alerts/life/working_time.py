"""Minutes that count only while the clinic is staffed, on the clinic's wall clock.

A day's hours are turned into instants for that very day: a span over the change to or from
daylight-saving time is an hour shorter or longer, as the shift of the people in it is.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from care.programme import WEEK, WorkingHours

LONGEST_CLOSURE: Final = dt.timedelta(days=400)
"""No week is without a working day: a search that runs longer is a mistake of the program."""


def working_spans(
    since: dt.datetime, hours: WorkingHours, zone: ZoneInfo
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Staffed spans that end after `since`, the first one cut off there; half-open, in UTC."""
    day = since.astimezone(zone).date() - dt.timedelta(days=1)
    last = day + LONGEST_CLOSURE
    while day <= last:
        if WEEK[day.weekday()] in hours.days:
            opens, closes = instant_of(day, hours.start, zone), instant_of(day, hours.end, zone)
            if closes > since:
                yield max(opens, since.astimezone(dt.UTC)), closes
        day += dt.timedelta(days=1)


def is_working(at: dt.datetime, hours: WorkingHours, zone: ZoneInfo) -> bool:
    opens, _ = next(working_spans(at, hours, zone))
    return opens == at


def after_working_minutes(
    since: dt.datetime, minutes: float, hours: WorkingHours, zone: ZoneInfo
) -> dt.datetime:
    """When so many staffed minutes have passed; with none to pass, the first staffed instant."""
    left = dt.timedelta(minutes=minutes)
    for opens, closes in working_spans(since, hours, zone):
        if closes <= opens:
            continue
        if left < closes - opens:
            return opens + left
        left -= closes - opens
    raise ValueError(f"{minutes} working minutes do not fit into {LONGEST_CLOSURE.days} days")


def instant_of(day: dt.date, clock: str, zone: ZoneInfo) -> dt.datetime:
    """A time of day as an instant. One that the clocks skip is the instant they skip to; one that
    comes twice is the first.
    """
    hour, minute = map(int, clock.split(":"))
    if hour == 24:  # noqa: PLR2004 - the end of the day
        day, hour = day + dt.timedelta(days=1), 0
    wall = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=zone)
    instant = wall.astimezone(dt.UTC)
    skipped = instant.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)
    return _end_of_gap(wall, zone) if skipped else instant


def _end_of_gap(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first instant after a gap: reading the skipped time with the offset of before it lands
    as far behind the gap's end as the wall time lies behind the gap's beginning.
    """
    before = wall.replace(fold=0).astimezone(dt.UTC)
    after = wall.replace(fold=1).astimezone(dt.UTC)
    low, high = after, before
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
