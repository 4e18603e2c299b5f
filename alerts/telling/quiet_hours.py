"""When somebody is not to be disturbed, on a wall clock. Pure."""

import datetime as dt
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.life.working_time import instant_of

DAY: Final = dt.timedelta(days=1)


class QuietHours(Struct, frozen=True, kw_only=True):
    """From one time of day until before another, over midnight where `end` is the earlier."""

    start: str
    end: str


OF_PATIENTS: Final = QuietHours(start="21:00", end="08:00")
"""Where a patient's contact says nothing else."""


def awake_at(at: dt.datetime, quiet: QuietHours | None, zone: ZoneInfo) -> dt.datetime:
    """`at`, or the end of the quiet hours that it falls into.

    Each night's ends are turned into instants for that very night: one over a change of the
    clocks is an hour shorter or longer.
    """
    if quiet is None:
        return at
    today = at.astimezone(zone).date()
    for day in (today - DAY, today):
        until = day + DAY if quiet.end <= quiet.start else day
        begins, ends = instant(day, quiet.start, zone), instant(until, quiet.end, zone)
        if begins <= at < ends:
            return ends
    return at


@lru_cache(maxsize=10_000)
def instant(day: dt.date, clock: str, zone: ZoneInfo) -> dt.datetime:
    """As `instant_of`, known: thousands of patients have the same hours on the same days."""
    return instant_of(day, clock, zone)


def own_or(quiet_from: str | None, quiet_to: str | None, usual: QuietHours | None) -> (
    QuietHours | None
):  # fmt: skip
    """A contact's own hours go before the usual ones."""
    if quiet_from is None or quiet_to is None:
        return usual
    return QuietHours(start=quiet_from, end=quiet_to)
