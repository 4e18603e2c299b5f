"""Times and amounts as the time log says them. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

from billing.entries import Entry
from billing.overlaps import CLASH_WORDS, Overlap

HOUR_S = 3600


def exact(seconds: int) -> str:
    """12 min 07 s; 1 h 02 min 30 s: what is written, to the second."""
    hours, rest = divmod(max(seconds, 0), HOUR_S)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes:02} min {left:02} s"
    return f"{minutes} min {left:02} s" if minutes else f"{left} s"


def from_to(entry: Entry, zone: ZoneInfo) -> str:
    """14:05 to 14:17, with the other day where it ends on one, and the offset where clocks change
    in between.
    """
    start, end = entry.started_at.astimezone(zone), entry.ended_at.astimezone(zone)
    if start.utcoffset() != end.utcoffset():
        return f"{start:%H:%M %Z} to {end:%H:%M %Z}"
    if start.date() != end.date():
        return f"{start:%H:%M} to {end.day} {end:%b}, {end:%H:%M}"
    return f"{start:%H:%M} to {end:%H:%M}"


def clashes(found: tuple[Overlap, ...]) -> str:
    """What shares time with it, the longest first."""
    return "; ".join(f"{exact(one.seconds)}: {CLASH_WORDS[one.clash]}" for one in found)


def local_instant(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    """The instant that a clinic's clock showed so; None in the hour that the clocks left out. Of
    an hour that came twice the first.
    """
    local = dt.datetime.combine(day, time, zone)
    found = local.astimezone(dt.UTC)
    return (
        found if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None
    )
