"""Entries of the time log that share time: found and named, never hidden. Pure.

What a bill makes of it is the evaluator's business. What counts here follows the rules: two people
on one patient at once count once (T-10); one person on two patients at once, and minutes of two
services, whosever they are, count for neither until somebody has looked (T-11, T-12).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.entries import Entry
from billing.spans import Span, shared, union, whole_seconds
from billing.words import Service


class Clash(StrEnum):
    TWO_PATIENTS = "two_patients"
    TWO_SERVICES = "two_services"
    SAME_WORK = "same_work"
    TWO_PEOPLE = "two_people"


CLASH_WORDS: Final[dict[str, str]] = {
    Clash.TWO_PATIENTS: "same person, two patients at once",
    Clash.TWO_SERVICES: "same minutes, two services",
    Clash.SAME_WORK: "same person and patient, written twice",
    Clash.TWO_PEOPLE: "two people on one patient at once: counted once",
}


class Overlap(Struct, frozen=True, kw_only=True):
    """As seen from one of the two."""

    other: UUID
    clash: Clash
    seconds: int


def overlaps(entries: Iterable[Entry]) -> dict[UUID, tuple[Overlap, ...]]:
    """By entry; those that share nothing are not in it. Only entries that count clash."""
    found: dict[UUID, list[Overlap]] = {}
    for one, two in _meeting(each for each in entries if each.counts):
        clash = clash_of(one, two)
        if clash is None:
            continue
        seconds = whole_seconds(shared(one.spans, two.spans))
        if not seconds:
            continue
        for mine, other in ((one, two), (two, one)):
            said = Overlap(other=other.id, clash=clash, seconds=seconds)
            found.setdefault(mine.id, []).append(said)
    return {
        key: tuple(sorted(each, key=lambda one: (-one.seconds, one.other.int)))
        for key, each in found.items()
    }


def clash_of(one: Entry, two: Entry) -> Clash | None:
    """What kind it would be; None: they have nothing to do with each other."""
    alone = one.user_id == two.user_id
    if one.patient_id != two.patient_id:
        return Clash.TWO_PATIENTS if alone else None
    billed = Service.NONE not in {one.service, two.service}
    if one.service != two.service and (alone or billed):
        return Clash.TWO_SERVICES
    return Clash.SAME_WORK if alone else Clash.TWO_PEOPLE


def counted_once(entries: Iterable[Entry]) -> int:
    """Seconds of the union: what two people did at once counts once."""
    spans: list[Span] = [span for each in entries if each.counts for span in each.spans]
    return whole_seconds(union(spans))


def _meeting(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pairs whose outer edges meet, each once; a sweep by their starts."""
    begun: list[Entry] = []
    for each in sorted(entries, key=lambda one: (one.started_at, one.id.int)):
        begun = [one for one in begun if one.ended_at > each.started_at]
        for one in begun:
            yield one, each
        begun.append(each)


def day_of(entry: Entry, zone: dt.tzinfo) -> dt.date:
    """The local day on which it began."""
    return entry.started_at.astimezone(zone).date()
