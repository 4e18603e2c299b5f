"""The time log as days of rows, with what is to be pointed out. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.entries import Entry
from billing.overlaps import Overlap, day_of
from billing.rule_numbers import DAY_LONG
from billing.words import ACTIVITY_WORDS, MODE_WORDS, SERVICE_WORDS, SOURCE_WORDS, WITH_WORDS, Mode
from console.timelog.words import clashes, exact, from_to

PER_PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry in words."""

    entry: Entry
    patient: str
    when: str
    amount: str
    activity: str
    contact: str
    service: str
    source: str
    overlap: str
    """Empty: it shares time with nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    day: dt.date
    seconds: int
    amount: str
    long: tuple[str, ...]
    """Who wrote more than twelve hours for that day."""
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    entries: int
    seconds: int
    amount: str
    minutes: int
    overlapping: int
    late: int
    corrected: int
    live: int


def days_of(
    entries: Iterable[Entry], overlaps: Mapping[UUID, tuple[Overlap, ...]], zone: ZoneInfo
) -> list[Day]:
    """In the order given, which is the latest first."""
    return [
        _day(day, list(rows), overlaps, zone)
        for day, rows in groupby(entries, key=lambda each: day_of(each, zone))
    ]


def totals_of(entries: Sequence[Entry], overlaps: Mapping[UUID, tuple[Overlap, ...]]) -> Totals:
    counting = [each for each in entries if each.counts]
    seconds = sum(each.seconds for each in counting)
    return Totals(
        entries=len(counting),
        seconds=seconds,
        amount=exact(seconds),
        minutes=seconds // 60,
        overlapping=sum(each.id in overlaps for each in counting),
        late=sum(each.late for each in counting),
        corrected=sum(each.corrects is not None for each in counting),
        live=sum(each.interactive for each in counting),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSum:
    id: UUID
    name: str
    entries: int
    seconds: int
    amount: str
    live: int


def by_patient(entries: Iterable[Entry]) -> list[PatientSum]:
    """What counts, patient by patient; by name."""
    rows: dict[UUID, list[Entry]] = {}
    for each in entries:
        if each.counts:
            rows.setdefault(each.patient_id, []).append(each)
    made = [_sum(key, found) for key, found in rows.items()]
    return sorted(made, key=lambda each: (each.name, each.id.int))


def _sum(patient: UUID, entries: Sequence[Entry]) -> PatientSum:
    seconds = sum(each.seconds for each in entries)
    first = entries[0]
    return PatientSum(
        id=patient,
        name=f"{first.family_name}, {first.given_name}",
        entries=len(entries),
        seconds=seconds,
        amount=exact(seconds),
        live=sum(each.interactive for each in entries),
    )


def chosen(
    entries: Iterable[Entry], show: str, overlaps: Mapping[UUID, tuple[Overlap, ...]]
) -> list[Entry]:
    """Those that `show` asks for."""
    rows = list(entries)
    match show:
        case "overlaps":
            return [each for each in rows if each.id in overlaps]
        case "late":
            return [each for each in rows if each.late]
        case "corrected":
            return [each for each in rows if each.corrects or each.corrected_by]
        case "live":
            return [each for each in rows if each.interactive]
        case _:
            return rows


def line_of(entry: Entry, overlaps: tuple[Overlap, ...], zone: ZoneInfo) -> Line:
    return Line(
        entry=entry,
        patient=f"{entry.family_name}, {entry.given_name}",
        when=from_to(entry, zone),
        amount="withdrawn" if entry.withdrawn else exact(entry.seconds),
        activity=ACTIVITY_WORDS[entry.activity],
        contact=contact_of(entry),
        service=SERVICE_WORDS[entry.service],
        source=SOURCE_WORDS[entry.source],
        overlap=clashes(overlaps),
    )


def contact_of(entry: Entry) -> str:
    """Live, by phone: patient."""
    who = WITH_WORDS[entry.with_whom].lower() if entry.with_whom else ""
    if entry.mode == Mode.NONE:
        return f"Not live, with {who}" if who else "Not live"
    return f"{MODE_WORDS[entry.mode]}, with {who}"


def _day(
    day: dt.date,
    rows: list[Entry],
    overlaps: Mapping[UUID, tuple[Overlap, ...]],
    zone: ZoneInfo,
) -> Day:
    counting = [each for each in rows if each.counts]
    by_person: dict[str, int] = {}
    for each in counting:
        by_person[each.staff_name] = by_person.get(each.staff_name, 0) + each.seconds
    seconds = sum(by_person.values())
    long = [name for name, spent in by_person.items() if spent > DAY_LONG.total_seconds()]
    return Day(
        day=day,
        seconds=seconds,
        amount=exact(seconds),
        long=tuple(sorted(long)),
        lines=tuple(line_of(each, overlaps.get(each.id, ()), zone) for each in rows),
    )
