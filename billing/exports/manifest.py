"""What an export says about itself: files with their hashes, totals, what was left out and why."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from billing.exports.claims import Which
from billing.months.records import LineOf, MonthHead, PatientMonth, Standing

FORMAT: Final = "hearthbeat-billing-export/1"
NAME: Final = "manifest.json"
NOTHING: Final = Decimal("0.00")


class FileKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    X12 = "837p"


class Asked(Struct, frozen=True, kw_only=True):
    """Who wants it, what for, and how. `now` is when: nothing here reads a clock."""

    who: str
    purpose: str
    now: dt.datetime
    draft: bool = False
    """The month is open: every name and the manifest say so."""
    which: Which = Which.ALL
    """Of claims only: the tables have every line."""
    control_number: int | None = None
    """Of the interchange, 1 to 999,999,999, never the same twice; None: made from `now`."""
    byte_order_mark: bool = False
    """For spreadsheets that take UTF-8 without one for something else."""
    filters: dict[str, str] = {}
    own: frozenset[UUID] = frozenset()
    """Lines that they have approved themselves: no claim that they send has one."""


class Totals(Struct, frozen=True, kw_only=True):
    """Of lines. The same month has the same ones in every kind of file."""

    lines: int = 0
    units: int = 0
    charge: Decimal = NOTHING
    without_charge: int = 0
    """Lines for which no fee is known: they are in no sum."""

    def with_lines(self, lines: Iterable[LineOf]) -> "Totals":
        those = tuple(lines)
        charges = [line.charge for line in those if line.charge is not None]
        return Totals(
            lines=self.lines + len(those),
            units=self.units + sum(line.units for line in those),
            charge=self.charge + sum(charges, NOTHING),
            without_charge=self.without_charge + len(those) - len(charges),
        )


class FileOf(Struct, frozen=True, kw_only=True):
    name: str
    rows: int
    """Without the header; of an 837P its claims."""
    bytes: int
    sha256: str


class LeftOut(Struct, frozen=True, kw_only=True):
    """A line that is in no claim."""

    line_id: UUID
    mrn: str
    reason: str


class Claims(Struct, frozen=True, kw_only=True):
    """What an 837P holds. With `left_out`, these lines are all of the month's."""

    control_number: int | None
    """None: there is no interchange, for there is no claim."""
    which: Which
    test: bool
    """ISA15 is T, and nobody pays on it: a draft, or a copy of what was sent before."""
    claims: int
    totals: Totals
    left_out_totals: Totals
    left_out: tuple[LeftOut, ...]
    exported_before: int
    """Lines that were in an export already: sent again, they are billed again."""
    taken_back: Totals = Totals()
    """Lines that were sent once and that this file takes back: by a void claim, or by a replacement
    without them. They are in no other total."""
    to_take_back: tuple[LeftOut, ...] = ()
    """Lines that were sent once, are billed no more, and that this file does not take back."""


class Manifest(Struct, frozen=True, kw_only=True):
    format: str = FORMAT
    kind: FileKind
    state: str
    """`locked`, or `DRAFT`."""
    month: str
    organisation_id: UUID
    organisation: str
    zone: str
    month_version: int
    month_sha256: str | None
    """Of the snapshot that was locked."""
    locked_at: dt.datetime | None
    locked_by: str | None
    evaluated_at: dt.datetime
    rule_sets: tuple[str, ...]
    rules_digest: str
    made_at: dt.datetime
    made_by: str
    purpose: str
    filters: dict[str, str]
    patients: int
    totals: Totals
    rows: dict[str, int]
    """Of each table, by its name."""
    files: tuple[FileOf, ...]
    claims: Claims | None = None


class Tally:
    """Counts what passes, and keeps none of it."""

    def __init__(self) -> None:
        self.patients = 0
        self.totals = Totals()
        self.rows = dict.fromkeys(
            ("claim_lines", "time_log", "reading_days", "not_eligible", "taken_back"), 0
        )

    def add(self, patient: PatientMonth) -> None:
        self.patients += 1
        self.totals = self.totals.with_lines(patient.lines)
        self.rows["claim_lines"] += len(patient.lines)
        self.rows["time_log"] += len(patient.time)
        self.rows["reading_days"] += len(patient.days)
        self.rows["not_eligible"] += len(patient.not_eligible)
        if isinstance(patient, Standing):
            self.rows["taken_back"] += len(patient.taken_back)


def manifest_of(
    head: MonthHead,
    kind: FileKind,
    tally: Tally,
    *,
    asked: Asked,
    files: Iterable[FileOf],
    claims: Claims | None,
) -> Manifest:
    return Manifest(
        kind=kind,
        state="DRAFT" if asked.draft else "locked",
        month=head.month,
        organisation_id=head.practice.organisation_id,
        organisation=head.practice.name,
        zone=head.practice.zone,
        month_version=head.version,
        month_sha256=head.sha256,
        locked_at=head.locked_at,
        locked_by=head.locked_by,
        evaluated_at=head.evaluated_at,
        rule_sets=head.rule_sets,
        rules_digest=head.rules_digest,
        made_at=asked.now,
        made_by=asked.who,
        purpose=asked.purpose,
        filters=asked.filters,
        patients=tally.patients,
        totals=tally.totals,
        rows=tally.rows,
        files=tuple(files),
        claims=claims,
    )


def encoded(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def read(file: Path) -> Manifest:
    """Raises msgspec.DecodeError, ValidationError for what is none of ours."""
    return msgspec.json.decode(file.read_bytes(), type=Manifest)


def named(stem: str, ending: str, *, draft: bool) -> str:
    return f"{stem}{'.DRAFT' if draft else ''}.{ending}"


def facts(manifest: Manifest) -> Iterator[tuple[str, str | int | Decimal]]:
    """What a person reads first, for the workbook's sheet."""
    yield "State", manifest.state
    yield "Month", manifest.month
    yield "Practice", manifest.organisation
    yield "Time zone", manifest.zone
    yield "Patients", manifest.patients
    yield "Lines", manifest.totals.lines
    yield "Units", manifest.totals.units
    yield "Charge", manifest.totals.charge
    yield "Lines without a charge", manifest.totals.without_charge
    yield "Version of the month", manifest.month_version
    yield "Locked at", "" if manifest.locked_at is None else manifest.locked_at.isoformat()
    yield "Locked by", manifest.locked_by or ""
    yield "SHA-256 of the month", manifest.month_sha256 or ""
    yield "Rule sets", ", ".join(manifest.rule_sets)
    yield "SHA-256 of the rules", manifest.rules_digest
    yield "Filters", ", ".join(f"{name}: {value}" for name, value in manifest.filters.items())
    yield "Made at", manifest.made_at.isoformat()
    yield "Made by", manifest.made_by
    yield "Purpose", manifest.purpose
    yield (
        "What this is",
        (
            "Eligible by the configured rules. It does not say that a payer will pay; a person"
            " answers for each line."
        ),
    )
