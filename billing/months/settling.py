"""What people decide about adjustments. Another person than who made the change approves it."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import ExclusionViolationError, Record

from billing.months.acting import move_rows
from billing.months.adjusting import QUERIES
from billing.months.closing import seal
from billing.months.keeping import up_to_date
from billing.months.records import LineOf, PatientMonth, Status
from billing.months.standing import QUERIES as LINES
from billing.months.standing import content_of, new_row, note_row
from billing.months.time_rows import staff_behind
from billing.months.views import Adjustment, SentLine
from billing.texts import prose
from care.errors import NotFoundError, RefusedError, TakenError
from store.pool import Connection


async def adjustments_of(
    conn: Connection, organisation_id: UUID, month: str | None = None
) -> list[Adjustment]:
    """Those that wait first, the latest first."""
    rows = await conn.fetch(QUERIES["list"], organisation_id, month, None)
    return [adjustment_of(row) for row in rows]


async def find_adjustment(
    conn: Connection, organisation_id: UUID, adjustment_id: UUID
) -> Adjustment:
    return adjustment_of(await _row(conn, organisation_id, adjustment_id))


async def decide(
    conn: Connection,
    organisation_id: UUID,
    adjustment_id: UUID,
    *,
    approve: bool,
    reason: str = "",
    actor: UUID,
    now: dt.datetime,
) -> Adjustment:
    """Approved: lines become what is worked out now, and the month is frozen anew beside what was.

    Raises NotFoundError, RefusedError, TakenError.
    """
    why = prose("reason", reason, needed=not approve)
    async with conn.transaction():
        row = await _row(conn, organisation_id, adjustment_id)
        kept = await up_to_date(conn, organisation_id, row["month"], now=now)
        row = await _row(conn, organisation_id, adjustment_id)
        if row["decision"] is not None:
            raise TakenError("adjustment", f"is {row['decision']} already")
        version = None
        if approve:
            _check_person(row, actor)
            await _apply(conn, organisation_id, row, actor=actor, now=now)
            version = kept.version + 1
            await seal(
                conn, organisation_id, kept, version=version, why=f"adjustment {adjustment_id}",
                actor=actor, now=now, patient_id=row["patient_id"],
            )  # fmt: skip
        done = await conn.fetchval(
            QUERIES["decide"], adjustment_id, organisation_id,
            "approved" if approve else "dismissed", why, actor, now, version,
        )  # fmt: skip
        if done is None:
            raise TakenError("adjustment", "has just been decided by somebody else")
    return await find_adjustment(conn, organisation_id, adjustment_id)


def adjustment_of(row: Record) -> Adjustment:
    return Adjustment(
        id=row["id"],
        month=row["month"],
        patient_id=row["patient_id"],
        mrn=row["mrn"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        direction=row["direction"],
        removed=msgspec.json.decode(row["removed"], type=tuple[SentLine, ...]),
        added=msgspec.json.decode(row["added"], type=tuple[SentLine, ...]),
        causes=tuple(msgspec.json.decode(row["causes"])),
        found_at=row["found_at"],
        overpayment_identified_on=row["overpayment_identified_on"],
        report_and_return_by=row["report_and_return_by"],
        decision=row["decision"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"] or "",
        version=row["version"],
    )


def _check_person(row: Record, actor: UUID) -> None:
    """L-5, and a second person: neither who wrote the change down nor whose time it is."""
    causes: list[dict[str, Any]] = msgspec.json.decode(row["causes"])
    if str(actor) in {each.get(name) for each in causes for name in ("by", "staff")}:
        raise RefusedError(
            "adjustment", "rests on a change of your own: somebody else has to approve it"
        )
    body = msgspec.json.decode(row["after_body"], type=PatientMonth | None)
    if body is None:
        return
    added = {each["line_id"] for each in msgspec.json.decode(row["added"])}
    for line in body.lines:
        if str(line.line_id) in added and actor in staff_behind(line, body.time):
            raise RefusedError(
                "adjustment", f"{line.code} rests on time of your own: somebody else approves it"
            )


async def _apply(
    conn: Connection, organisation_id: UUID, row: Record, *, actor: UUID, now: dt.datetime
) -> None:
    """What went out is corrected, what did not is void; what is new is approved with it."""
    found = adjustment_of(row)
    body = msgspec.json.decode(row["after_body"], type=PatientMonth | None)
    lines = {} if body is None else {each.line_id: each for each in body.lines}
    ids = [each.line_id for each in (*found.removed, *found.added)]
    there = {each["id"]: each for each in await conn.fetch(LINES["lock"], organisation_id, ids)}
    why = f"adjustment {found.id}"
    added = {each.line_id for each in found.added}
    for each in found.removed:
        was = there[each.line_id]
        if each.line_id not in added:
            to = Status.CORRECTED if was["exported"] else Status.VOID
            await move_rows(
                conn, [was], to, reason=why, actor=actor, now=now, adjustment=str(found.id)
            )
    for each in found.added:
        assert body is not None  # noqa: S101 - a line of it was added
        line = lines[each.line_id]
        kinds = [there[one.line_id] for one in found.removed]
        await _add(
            conn, organisation_id, row["month_id"], line, body, there,
            replaced=next((one for one in kinds if _same_kind(one, line)), None), why=why,
            actor=actor, now=now,
        )  # fmt: skip


async def _add(  # noqa: PLR0913 - what is added, to what, instead of what
    conn: Connection,
    organisation_id: UUID,
    month_id: UUID,
    line: LineOf,
    body: PatientMonth,
    there: dict[UUID, Record],
    *,
    replaced: Record | None,
    why: str,
    actor: UUID,
    now: dt.datetime,
) -> None:
    was, content = there.get(line.line_id), content_of(line)
    claim = None if replaced is None else replaced["claim_number"] or replaced["original_claim"]
    try:
        async with conn.transaction():
            if was is None:
                row = new_row(
                    organisation_id, month_id, line, body, Status.APPROVED, now=now,
                    replaces=None if replaced is None else replaced["id"], original_claim=claim,
                )  # fmt: skip
                await conn.execute(LINES["add"], *row)
            else:
                await conn.execute(
                    LINES["adjust"], organisation_id, line.line_id, line.units, line.dos_from,
                    line.window_to, content, now,
                )  # fmt: skip
    except ExclusionViolationError as error:
        raise TakenError("adjustment", str(error.args[0])) from error
    await conn.execute(
        LINES["note"],
        *note_row(
            organisation_id, line.line_id, None if was is None else was["status"], Status.APPROVED,
            why, content, now=now, actor=actor,
        ),
    )  # fmt: skip
    await conn.execute(LINES["approve"], organisation_id, line.line_id, content, actor, now)


def _same_kind(row: Record, line: LineOf) -> bool:
    return (row["service"], row["scope"]) == (line.service, line.scope)


async def _row(conn: Connection, organisation_id: UUID, adjustment_id: UUID) -> Record:
    rows = await conn.fetch(QUERIES["list"], organisation_id, None, adjustment_id)
    if not rows:
        raise NotFoundError("adjustment", "there is no such adjustment")
    return rows[0]
