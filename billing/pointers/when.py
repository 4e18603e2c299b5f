"""Times that cannot all be right: days without end, minutes shared, entries typed long after.
Pure.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.entries import Entry
from billing.overlaps import CLASH_WORDS, Overlap
from billing.pointers.pointer import Kind, Pointer
from billing.rule_numbers import DAY_LONG
from billing.spans import length, within
from care.wall_clock import beginning

LATE: Final = dt.timedelta(days=7)
ONE_DAY: Final = dt.timedelta(days=1)


def long_days(entries: Iterable[Entry], zone: ZoneInfo) -> list[Pointer]:
    """Whose day on the clinic's calendar has more than twelve hours; midnight splits an entry."""
    days: dict[tuple[UUID, dt.date], list[tuple[Entry, dt.timedelta]]] = {}
    for each in entries:
        if each.counts:
            for day, spent in _by_day(each, zone):
                days.setdefault((each.user_id, day), []).append((each, spent))
    found = []
    for (staff, day), rows in days.items():
        total = sum((spent for _, spent in rows), dt.timedelta(0))
        if total > DAY_LONG:
            found.append(
                Pointer(
                    kind=Kind.LONG_DAY,
                    what=f"{_hours(total)} are written for this day, in {len(rows)} "
                    f"{'entry' if len(rows) == 1 else 'entries'}.",
                    who=rows[0][0].staff_name, staff=staff, since=day, until=day,
                    entries=tuple(each.id for each, _ in rows),
                )
            )  # fmt: skip
    return found


def _by_day(entry: Entry, zone: ZoneInfo) -> Iterable[tuple[dt.date, dt.timedelta]]:
    day, last = (at.astimezone(zone).date() for at in (entry.started_at, entry.ended_at))
    while day <= last:
        begins, ends = (beginning(each, zone) for each in (day, day + ONE_DAY))
        spent = length(within(entry.spans, begins, ends))
        if spent:
            yield day, spent
        day += ONE_DAY


def shared_time(
    entries: Iterable[Entry], overlaps: Mapping[UUID, tuple[Overlap, ...]], zone: ZoneInfo
) -> list[Pointer]:
    """Each pair once."""
    known = {each.id: each for each in entries if each.counts}
    found = []
    for one, those in overlaps.items():
        for each in those:
            if one not in known or (each.other in known and each.other.int < one.int):
                continue
            entry = known[one]
            day = entry.started_at.astimezone(zone).date()
            found.append(
                Pointer(
                    kind=Kind.OVERLAP,
                    what=f"{_minutes(each.seconds)}: {CLASH_WORDS[each.clash]}.",
                    who=_names(entry, known.get(each.other)), since=day, until=day,
                    entries=(one, each.other),
                )
            )  # fmt: skip
    return found


def written_late(entries: Iterable[Entry], zone: ZoneInfo) -> list[Pointer]:
    """By person and week or so of writing: what was typed in one go is one thing to look at."""
    groups: dict[tuple[UUID, dt.date], list[Entry]] = {}
    for each in entries:
        if each.counts and each.recorded_at - each.ended_at > LATE:
            written = each.recorded_at.astimezone(zone).date()
            groups.setdefault((each.recorded_by, written), []).append(each)
    found = []
    for (staff, written), rows in groups.items():
        longest = max((each.recorded_at - each.ended_at).days for each in rows)
        days = sorted(each.started_at.astimezone(zone).date() for each in rows)
        many = "1 entry was" if len(rows) == 1 else f"{len(rows)} entries were"
        found.append(
            Pointer(
                kind=Kind.WRITTEN_LATE,
                what=f"{many} written on {written:%d} {written:%b} {written.year}, up to {longest} "
                "days after the work.",
                who=rows[0].recorder_name or rows[0].staff_name, staff=staff, since=days[0],
                until=days[-1], entries=tuple(each.id for each in rows),
            )
        )  # fmt: skip
    return found


def _names(one: Entry, other: Entry | None) -> str:
    names = {one.staff_name} | ({other.staff_name} if other else set())
    return ", ".join(sorted(names))


def _hours(length_: dt.timedelta) -> str:
    minutes = int(length_.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60:02} min"


def _minutes(seconds: int) -> str:
    return f"{seconds // 60} min {seconds % 60:02} s" if seconds >= 60 else f"{seconds} s"  # noqa: PLR2004 - of a minute
