"""What people type as a day and a time of day, in a zone, as the instant that they mean. Pure."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from care.errors import InvalidError

YEARS: Final = range(1900, 9000)
"""At the ends of the calendar an hour of one zone is none in another."""


def instant_of(field: str, day: str, clock: str, zone: ZoneInfo) -> dt.datetime:
    """Of an hour that comes twice, the first. Raises InvalidError, also for one that is skipped."""
    wall = dt.datetime.combine(day_of(field, day), clock_of(field, clock), tzinfo=zone)
    found = wall.astimezone(dt.UTC)
    if found.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise InvalidError(
            field, f"there was no {clock} on that day: the clocks of {zone.key} were put forward"
        )
    return found


def day_of(field: str, typed: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(typed)
    except ValueError as error:
        raise InvalidError(field, "is no day: write it as 2026-11-22") from error
    if found.year not in YEARS:
        raise InvalidError(field, "is no day that can be meant: is the year right?")
    return found


def clock_of(field: str, typed: str) -> dt.time:
    try:
        found = dt.time.fromisoformat(typed)
    except ValueError as error:
        raise InvalidError(field, "is no time of day: write it as 14:05") from error
    if found.tzinfo is not None:
        raise InvalidError(field, "is no time of day: write it as 14:05")
    return found


def beginning(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The first instant of a day. Where clocks skip midnight, the day begins after the gap."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone).astimezone(dt.UTC)
