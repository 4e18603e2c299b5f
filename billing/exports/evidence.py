"""Why one line stands: everything that an auditor asks for, from the month's records. Pure.

As JSON it is stable: the same line of the same locked month, of which the same has become, gives
the same bytes and hash, whoever prints it and whenever.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from billing.code_labels import label_of
from billing.eligibility.words import FLAG_WORDS
from billing.exports.errors import NoSuchLineError
from billing.exports.rule_words import in_words
from billing.months.records import (
    Cover,
    DayRow,
    DeviceRow,
    EpisodeOf,
    LineOf,
    MonthHead,
    PatientMonth,
    Practice,
    TimeRow,
    Who,
)

FORMAT: Final = "hearthbeat-evidence/1"


class Stamp(Struct, frozen=True, kw_only=True):
    """Something that was decided about the line, and by whom."""

    at: dt.datetime
    who: str
    what: str
    reason: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """A rule or a flag, with its words."""

    id: str
    words: str


class Exclusion(Struct, frozen=True, kw_only=True):
    """What is there and does not count."""

    of: str
    """days or seconds."""
    reason: str
    count: int


class MonthOf(Struct, frozen=True, kw_only=True):
    month: str
    version: int
    evaluated_at: dt.datetime
    locked_at: dt.datetime | None
    locked_by: str | None
    sha256: str | None
    rule_set: str
    rules_digest: str


class Evidence(Struct, frozen=True, kw_only=True):
    format: str = FORMAT
    line: LineOf
    label: str
    who: Who
    cover: Cover | None
    practice: Practice
    episode: EpisodeOf | None
    devices: tuple[DeviceRow, ...]
    days: tuple[DayRow, ...]
    """Of the line's window."""
    dates_counted: int
    time: tuple[TimeRow, ...]
    """Of the line's service, in the month."""
    seconds_counted: int
    live_contacts: tuple[UUID, ...]
    """Entries among `time`."""
    exclusions: tuple[Exclusion, ...]
    rules: tuple[Said, ...]
    flags: tuple[Said, ...]
    month: MonthOf
    stamps: tuple[Stamp, ...] = ()
    sha256: str = ""
    """Of everything else here, as JSON with sorted keys."""


def evidence_of(
    head: MonthHead, patient: PatientMonth, line_id: UUID, *, stamps: Sequence[Stamp] = ()
) -> Evidence:
    """Raises NoSuchLineError. `stamps` is the line's history, the oldest first."""
    line = next((each for each in patient.lines if each.line_id == line_id), None)
    if line is None:
        raise NoSuchLineError("the month has no such line")
    days = tuple(
        each for each in patient.days if line.window_from <= each.local_date <= line.window_to
    )
    time = tuple(each for each in patient.time if each.service == line.service)
    made = Evidence(
        line=line,
        label=label_of(line.code),
        who=patient.who,
        cover=patient.cover,
        practice=head.practice,
        episode=_episode(patient, line),
        devices=_devices(patient, line),
        days=days,
        dates_counted=len({each.local_date for each in days if each.counted}),
        time=time,
        seconds_counted=sum(each.seconds_counted for each in time),
        live_contacts=tuple(each.entry_id for each in time if each.live_contact),
        exclusions=(*_days_out(days), *_seconds_out(time)),
        rules=tuple(Said(id=each, words=in_words(each)) for each in line.rules),
        flags=_flags(patient, line),
        month=_month(head, line),
        stamps=tuple(stamps),
    )
    return structs.replace(made, sha256=hash_of(made))


def hash_of(evidence: Evidence) -> str:
    """Of all but the hash itself."""
    return hashlib.sha256(as_json(structs.replace(evidence, sha256=""))).hexdigest()


def as_json(evidence: Evidence) -> bytes:
    return msgspec.json.encode(evidence, order="sorted")


def _episode(patient: PatientMonth, line: LineOf) -> EpisodeOf | None:
    """The latest of this service that had begun by the date of service."""
    begun = [
        each
        for each in patient.episodes
        if each.service == line.service and each.started_on <= line.dos_to
    ]
    return max(begun, key=lambda each: each.started_on, default=None)


def _devices(patient: PatientMonth, line: LineOf) -> tuple[DeviceRow, ...]:
    """Whom the patient had within the window, by a day to either side: days are local."""
    day = dt.timedelta(days=1)
    return tuple(
        each
        for each in patient.devices
        if each.assigned_from.date() <= line.window_to + day
        and (each.assigned_to is None or each.assigned_to.date() >= line.window_from - day)
    )


def _days_out(days: Sequence[DayRow]) -> list[Exclusion]:
    counts: dict[str, int] = {}
    for each in days:
        if not each.counted:
            counts[each.reason] = counts.get(each.reason, 0) + 1
    return [Exclusion(of="days", reason=reason, count=n) for reason, n in sorted(counts.items())]


def _seconds_out(time: Sequence[TimeRow]) -> list[Exclusion]:
    counts: dict[str, int] = {}
    for each in time:
        if each.reason_not_counted:
            lost = each.seconds_logged - each.seconds_counted
            counts[each.reason_not_counted] = counts.get(each.reason_not_counted, 0) + lost
    return [Exclusion(of="seconds", reason=reason, count=n) for reason, n in sorted(counts.items())]


def _flags(patient: PatientMonth, line: LineOf) -> tuple[Said, ...]:
    words = {str(flag): said for flag, said in FLAG_WORDS.items()}
    named = dict.fromkeys((*line.flags, *patient.flags))
    return tuple(Said(id=each, words=words.get(each, "")) for each in named)


def _month(head: MonthHead, line: LineOf) -> MonthOf:
    return MonthOf(
        month=head.month,
        version=head.version,
        evaluated_at=head.evaluated_at,
        locked_at=head.locked_at,
        locked_by=head.locked_by,
        sha256=head.sha256,
        rule_set=line.rule_set,
        rules_digest=head.rules_digest,
    )
