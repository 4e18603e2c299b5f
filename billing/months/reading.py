"""A month as its documents are written from it: frozen where it is locked, up to date where not.

Where a line stands by now is laid over what was worked out; it is no part of what was frozen.
"""

import datetime as dt
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec.structs import replace

from billing.eligibility.rule_set import RuleBook
from billing.months.keeping import QUERIES, Kept, up_to_date
from billing.months.records import (
    Cover,
    LineOf,
    MonthHead,
    PatientMonth,
    Practice,
    Standing,
    Status,
    TakenBack,
    Who,
)
from billing.months.standing import QUERIES as LINES
from billing.rule_books import in_words
from care.errors import NotFoundError
from store.pool import Connection

BATCH = 200
REPLACEMENT, ORIGINAL = "7", "1"


async def head_of(
    conn: Connection, organisation_id: UUID, month: str, *, now: dt.datetime | None = None
) -> MonthHead:
    """Raises NotFoundError for what is no month."""
    return await head_of_kept(
        conn, organisation_id, await up_to_date(conn, organisation_id, month, now=_now(now))
    )


async def patients_of(
    conn: Connection,
    organisation_id: UUID,
    month: str,
    *,
    batch: int = BATCH,
    now: dt.datetime | None = None,
) -> AsyncIterator[Standing]:
    """By family name, given name, id; a batch at a time is in memory."""
    kept = await up_to_date(conn, organisation_id, month, now=_now(now))
    async for each in stream(conn, organisation_id, kept, batch=batch):
        yield each


async def patient_of(
    conn: Connection,
    organisation_id: UUID,
    month: str,
    patient_id: UUID,
    *,
    now: dt.datetime | None = None,
) -> Standing:
    """Raises NotFoundError where the month has nothing to say of this patient."""
    kept = await up_to_date(conn, organisation_id, month, now=_now(now))
    async for each in stream(conn, organisation_id, kept, patient_id=patient_id):
        return each
    raise NotFoundError("patient", f"there is nothing of this patient in {month}")


async def stream(
    conn: Connection,
    organisation_id: UUID,
    kept: Kept,
    *,
    batch: int = BATCH,
    patient_id: UUID | None = None,
    after: str | None = None,
    whole: bool = True,
) -> AsyncIterator[Standing]:
    """`after`: by what a patient is listed (`sorts_by`) who was seen last. Not `whole`: without
    days, time and devices.
    """
    asked = QUERIES["bodies" if whole else "shown"]
    while True:
        rows = await conn.fetch(
            asked, organisation_id, kept.id, kept.version, after, batch, patient_id
        )
        for each in await _laid_over(conn, organisation_id, kept, rows):
            yield each
        if len(rows) < batch:
            return
        after = rows[-1]["sorts_by"]


async def head_of_kept(conn: Connection, organisation_id: UUID, kept: Kept) -> MonthHead:
    if not kept.locked:
        return await open_head(conn, organisation_id, kept)
    return (await _heads(conn, organisation_id, kept, {kept.version}))[kept.version]


async def _heads(
    conn: Connection, organisation_id: UUID, kept: Kept, versions: Collection[int]
) -> dict[int, MonthHead]:
    """By version, as they were sealed. Who locked the month first stands in each, though it was
    not part of the oldest seals.
    """
    rows = await conn.fetch(
        QUERIES["seals of versions"], organisation_id, kept.id, sorted(versions)
    )
    return {
        row["version"]: replace(
            msgspec.json.decode(row["head"], type=MonthHead),
            sha256=row["sha256"],
            first_locked_at=kept.locked_at,
            first_locked_by=kept.locked_by_name or "",
        )
        for row in rows
    }


async def open_head(conn: Connection, organisation_id: UUID, kept: Kept) -> MonthHead:
    rows = await conn.fetch(QUERIES["rule_sets"], organisation_id, kept.id)
    return MonthHead(
        month=kept.month.name,
        practice=kept.sources.practice,
        rule_sets=_in_words(kept.sources.book, [row["name"] for row in rows]),
        rules_digest=kept.sources.rules_digest,
        evaluated_at=kept.evaluated_at,
    )


def _in_words(book: RuleBook, names: Sequence[str]) -> tuple[str, ...]:
    known = {each.name: each for each in book.sets()}
    return tuple(in_words(known[name]) if name in known else name for name in names)


async def _laid_over(
    conn: Connection, organisation_id: UUID, kept: Kept, rows: Sequence[Record]
) -> list[Standing]:
    wanted = (organisation_id, kept.id, [row["patient_id"] for row in rows])
    known = {row["id"]: row for row in await conn.fetch(LINES["of_patients"], *wanted)}
    taken: dict[UUID, list[TakenBack]] = {}
    heads: Mapping[int, MonthHead] = {}
    undecided: dict[UUID, set[UUID]] = {}
    if kept.locked:
        for row in await conn.fetch(LINES["undecided since"], *wanted):
            undecided.setdefault(row["patient_id"], set()).add(row["line_id"])
        heads = await _heads(conn, organisation_id, kept, {row["version"] for row in rows})
        for row in await conn.fetch(LINES["taken back"], *wanted):
            taken.setdefault(row["patient_id"], []).append(_taken_back(row))
    return [
        standing(
            msgspec.json.decode(row["body"], type=PatientMonth),
            known,
            taken.get(row["patient_id"], ()),
            heads.get(row["version"]),
            {each.key: each.corrects_by for each in kept.sources.payers.values()},
            undecided.get(row["patient_id"], ()),
        )
        for row in rows
    ]


def sorts_by(month: PatientMonth) -> str:
    """As the statements make it: by family name, given name, id."""
    who = month.who
    return f"{who.family_name}\x01{who.given_name}\x01{who.patient_id}"


def standing(
    month: PatientMonth,
    known: Mapping[UUID, Any],
    taken_back: Sequence[TakenBack] = (),
    sealed: MonthHead | None = None,
    corrects_by: Mapping[str, str] | None = None,
    undecided: Collection[UUID] = (),
) -> Standing:
    """With the status of each line by now. `corrects_by`: of each payer; None: as they were."""
    known_by = corrects_by or {}
    replaces = month.cover is not None and (
        known_by.get(month.cover.payer, month.cover.corrects_by) == "replacement"
    )
    lines = tuple(_line(each, known, replaces=replaces) for each in month.lines)
    said = {name: getattr(month, name) for name in PatientMonth.__struct_fields__}
    return Standing(
        **{**said, "lines": lines},
        claim_numbers={
            each.line_id: known[each.line_id]["claim_number"]
            for each in lines
            if each.line_id in known and known[each.line_id]["claim_number"]
        },
        taken_back=tuple(taken_back),
        undecided=frozenset(undecided),
        sealed=sealed,
        corrects_by={
            each.payer: known_by[each.payer]
            for each in (month.cover, *(one.cover for one in taken_back))
            if each is not None and each.payer in known_by
        },
    )


def _line(line: LineOf, known: Mapping[UUID, Any], *, replaces: bool) -> LineOf:
    row = known.get(line.line_id)
    if row is None:
        return line
    status = Status(row["status"])
    before, original = _earlier(row, known)
    corrects = original is not None or (before and status is Status.APPROVED)
    return replace(
        line,
        status=status,
        exported_before=before,
        original_claim=original,
        frequency=REPLACEMENT if replaces and corrects else ORIGINAL,
    )


def _earlier(row: Any, known: Mapping[UUID, Any]) -> tuple[bool, str | None]:
    """Whether it, or what it stands in the place of, has gone out; and on which claim of the
    payer's. A number that is entered late counts too.
    """
    if row["exported"]:
        own = row["claim_number"] if row["status"] == Status.APPROVED else None
        return True, row["original_claim"] or own
    replaced = None if row["replaces"] is None else known.get(row["replaces"])
    if replaced is None:
        return False, row["original_claim"]
    if replaced["status"] == Status.VOID:
        return False, None
    number = replaced["claim_number"] or replaced["original_claim"]
    return replaced["exported"], number or row["original_claim"]


def _taken_back(row: Record) -> TakenBack:
    line = msgspec.json.decode(row["line"], type=LineOf)
    status = Status(row["status"])
    return TakenBack(
        line=replace(line, status=status, exported_before=True, original_claim=row["number"]),
        cover=None
        if row["cover"] is None
        else msgspec.json.decode(row["cover"], type=Cover | None),
        who=msgspec.json.decode(row["who"], type=Who),
        practice=msgspec.json.decode(row["practice"], type=Practice),
        told=status is Status.VOID,
    )


def _now(given: dt.datetime | None) -> dt.datetime:
    return given or dt.datetime.now(dt.UTC)
