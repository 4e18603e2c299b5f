"""A month as its documents are written from it: frozen where it is locked, up to date where not.

Where a line stands by now is laid over what was worked out; it is no part of what was frozen.
"""

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec.structs import replace

from billing.eligibility.rule_set import RuleBook
from billing.months.keeping import QUERIES, Kept, up_to_date
from billing.months.records import LineOf, MonthHead, PatientMonth, Status
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
) -> AsyncIterator[PatientMonth]:
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
) -> PatientMonth:
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
) -> AsyncIterator[PatientMonth]:
    """`after`: by what a patient is listed (`sorts_by`) who was seen last. Not `whole`: without
    days, time and devices.
    """
    asked = QUERIES["bodies" if whole else "shown"]
    while True:
        rows = await conn.fetch(
            asked, organisation_id, kept.id, kept.version, after, batch, patient_id
        )
        for each in await _laid_over(conn, organisation_id, kept.id, rows):
            yield each
        if len(rows) < batch:
            return
        after = rows[-1]["sorts_by"]


async def head_of_kept(conn: Connection, organisation_id: UUID, kept: Kept) -> MonthHead:
    if not kept.locked:
        return await open_head(conn, organisation_id, kept)
    seals = await conn.fetch(QUERIES["seals"], organisation_id, kept.month.name)
    last = seals[-1]
    head = msgspec.json.decode(last["head"], type=MonthHead)
    return replace(head, sha256=last["sha256"])


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
    conn: Connection, organisation_id: UUID, month_id: UUID, rows: Sequence[Record]
) -> list[PatientMonth]:
    whose = [row["patient_id"] for row in rows]
    lines = await conn.fetch(LINES["of_patients"], organisation_id, month_id, whose)
    known = {row["id"]: row for row in lines}
    return [standing(msgspec.json.decode(row["body"], type=PatientMonth), known) for row in rows]


def sorts_by(month: PatientMonth) -> str:
    """As the statements make it: by family name, given name, id."""
    who = month.who
    return f"{who.family_name}\x01{who.given_name}\x01{who.patient_id}"


def standing(month: PatientMonth, known: Mapping[UUID, Any]) -> PatientMonth:
    """With the status of each line by now."""
    corrects_by = "" if month.cover is None else month.cover.corrects_by
    lines = tuple(_line(each, known.get(each.line_id), corrects_by) for each in month.lines)
    return replace(month, lines=lines)


def _line(line: LineOf, row: Any, corrects_by: str) -> LineOf:
    if row is None:
        return line
    replaces = row["original_claim"] is not None and corrects_by == "replacement"
    return replace(
        line,
        status=Status(row["status"]),
        exported_before=row["exported"],
        original_claim=row["original_claim"],
        frequency=REPLACEMENT if replaces else ORIGINAL,
    )


def _now(given: dt.datetime | None) -> dt.datetime:
    return given or dt.datetime.now(dt.UTC)
