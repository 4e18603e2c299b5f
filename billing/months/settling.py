"""What people decide about adjustments. Another person than who made the change approves it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import ExclusionViolationError, Record
from msgspec.structs import replace

from billing.months.acting import move_rows
from billing.months.add_ons import bases_of
from billing.months.adding import Adding, place_of
from billing.months.adjusting import QUERIES
from billing.months.adjustment_list import adjustment_of, find_adjustment, row_of
from billing.months.closing import seal
from billing.months.detail_finding import DETAILS
from billing.months.detail_settling import settle_details
from billing.months.facts_digest import facts_digest
from billing.months.keeping import QUERIES as MONTHS
from billing.months.keeping import Kept, up_to_date
from billing.months.merging import with_facts
from billing.months.reading import open_head
from billing.months.records import LineOf, PatientMonth, Practice, Status
from billing.months.seal import canonical, digest_of
from billing.months.standing import QUERIES as LINES
from billing.months.standing import content_of, new_row, note_row
from billing.months.time_rows import staff_behind
from billing.months.views import Adjustment
from billing.texts import prose
from care.errors import InvalidError, RefusedError, TakenError
from store.pool import Connection


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
        row = await row_of(conn, organisation_id, adjustment_id)
        kept = await up_to_date(conn, organisation_id, row["month"], now=now)
        row = await row_of(conn, organisation_id, adjustment_id)
        _check_waits(row)
        version = None
        if approve:
            _check_person(row, actor)
            settle = settle_details if row["direction"] == DETAILS else _settle_facts
            versions = await settle(conn, organisation_id, kept, [row], actor=actor, now=now)
            version = versions[row["id"]]
        await _decided(
            conn, organisation_id, row, approve=approve, why=why, actor=actor, now=now,
            version=version,
        )  # fmt: skip
    return await find_adjustment(conn, organisation_id, adjustment_id)


async def decide_alike(
    conn: Connection,
    organisation_id: UUID,
    adjustment_ids: Sequence[UUID],
    *,
    approve: bool,
    reason: str = "",
    actor: UUID,
    now: dt.datetime,
) -> list[Adjustment]:
    """Several of one month that say the same of a claim: all of them or none.

    Raises InvalidError, NotFoundError, RefusedError, TakenError.
    """
    why = prose("reason", reason, needed=not approve)
    async with conn.transaction():
        rows = [await row_of(conn, organisation_id, each) for each in dict.fromkeys(adjustment_ids)]
        if len({(row["month"], row["after_sha256"]) for row in rows}) != 1 or any(
            row["direction"] != DETAILS for row in rows
        ):
            raise InvalidError("adjustment", "are not all of one month with the same details")
        kept = await up_to_date(conn, organisation_id, rows[0]["month"], now=now)
        rows = [await row_of(conn, organisation_id, row["id"]) for row in rows]
        for row in rows:
            _check_waits(row)
            if approve:
                _check_person(row, actor)
        versions: dict[UUID, int] = {}
        if approve:
            versions = await settle_details(conn, organisation_id, kept, rows, actor=actor, now=now)
        for row in rows:
            await _decided(
                conn, organisation_id, row, approve=approve, why=why, actor=actor, now=now,
                version=versions.get(row["id"]),
            )  # fmt: skip
    return [await find_adjustment(conn, organisation_id, row["id"]) for row in rows]


def _check_waits(row: Record) -> None:
    if row["decision"] is not None:
        raise TakenError("adjustment", f"is {row['decision']} already")


async def _decided(
    conn: Connection,
    organisation_id: UUID,
    row: Record,
    *,
    approve: bool,
    why: str,
    actor: UUID,
    now: dt.datetime,
    version: int | None,
) -> None:
    done = await conn.fetchval(
        QUERIES["decide"], row["id"], organisation_id, "approved" if approve else "dismissed", why,
        actor, now, version,
    )  # fmt: skip
    if done is None:
        raise TakenError("adjustment", "has just been decided by somebody else")


async def _settle_facts(
    conn: Connection,
    organisation_id: UUID,
    kept: Kept,
    rows: Sequence[Record],
    *,
    actor: UUID,
    now: dt.datetime,
) -> dict[UUID, int]:
    """Days, time and lines as they are now; what claims say besides stays as it was locked, until
    somebody decides about that too.
    """
    (row,) = rows
    wanted = (organisation_id, kept.id, [row["patient_id"]])
    frozen = next(iter(await conn.fetch(QUERIES["frozen"], *wanted)), None)
    today = await conn.fetchrow(QUERIES["now"], organisation_id, kept.id, row["patient_id"])
    body = None if today is None else msgspec.json.decode(today["body"], type=PatientMonth)
    practice = kept.sources.practice
    if frozen is not None:
        practice = msgspec.json.decode(frozen["practice"], type=Practice)
        if body is not None:
            body = with_facts(msgspec.json.decode(frozen["body"], type=PatientMonth), body)
    await _apply(conn, organisation_id, kept, row, body, actor=actor, now=now)
    version = kept.version + 1
    if body is not None and today is not None:
        said = canonical(body)
        await conn.execute(
            MONTHS["freeze one"], organisation_id, kept.id, row["patient_id"], version,
            (today if frozen is None else frozen)["sorts_by"], said.decode(), digest_of(said),
            today["fingerprint"], facts_digest(body), today["evaluated_at"],
        )  # fmt: skip
    head = replace(
        await open_head(conn, organisation_id, kept),
        version=version,
        practice=practice,
        first_locked_at=kept.locked_at,
        first_locked_by=kept.locked_by_name or "",
    )
    why = f"adjustment {row['id']}"
    await seal(conn, organisation_id, kept, head, why=why, actor=actor, now=now)
    return {row["id"]: version}


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
    conn: Connection,
    organisation_id: UUID,
    kept: Kept,
    row: Record,
    body: PatientMonth | None,
    *,
    actor: UUID,
    now: dt.datetime,
) -> None:
    """What went out is corrected, what did not is void; what is new is approved with it, and what
    stands in the place of a held line is held.
    """
    found = adjustment_of(row)
    lines = {} if body is None else {each.line_id: each for each in body.lines}
    ids = [each.line_id for each in (*found.removed, *found.added)]
    there = {each["id"]: each for each in await conn.fetch(LINES["lock"], organisation_id, ids)}
    why = f"adjustment {found.id}"
    wanted = (organisation_id, row["month_id"], [row["patient_id"]])
    held_before = {
        each["id"]: each["held_because"]
        for each in await conn.fetch(LINES["of_patients"], *wanted)
        if each["held_because"]
    }
    added = {each.line_id for each in found.added}
    gone = [there[each.line_id] for each in found.removed if each.line_id not in added]
    for was in gone:
        to = Status.CORRECTED if was["exported"] else Status.VOID
        if was["status"] != Status.CORRECTED:
            await move_rows(
                conn, [was], to, reason=why, actor=actor, now=now, adjustment=str(found.id)
            )
            continue
        # Corrected by hand before: now the payer is to be told.
        note = note_row(
            organisation_id, was["id"], to, to, why, was["content"], now=now, actor=actor,
            facts=canonical({"adjustment": found.id}).decode(),
        )  # fmt: skip
        await conn.execute(LINES["note"], *note)
    bases = bases_of(kept.sources.book)
    for each in sorted(found.added, key=lambda one: one.code in bases):
        assert body is not None  # noqa: S101 - a line of it was added
        line = lines[each.line_id]
        kinds = [there[one.line_id] for one in found.removed]
        adding = Adding(
            line=line,
            body=body,
            was=there.get(line.line_id),
            replaced=next((one for one in kinds if _same_kind(one, line)), None),
            rows=await conn.fetch(LINES["of_patients"], *wanted),
            held_before=held_before,
            bases=bases,
        )
        await _add(conn, organisation_id, row["month_id"], adding, why=why, actor=actor, now=now)


async def _add(
    conn: Connection,
    organisation_id: UUID,
    month_id: UUID,
    adding: Adding,
    *,
    why: str,
    actor: UUID,
    now: dt.datetime,
) -> None:
    line, was, replaced = adding.line, adding.was, adding.replaced
    place, content = place_of(adding), content_of(line, adding.body)
    claim = None if replaced is None else replaced["claim_number"] or replaced["original_claim"]
    try:
        async with conn.transaction():
            if was is None:
                row = new_row(
                    organisation_id, month_id, line, adding.body, place.status, now=now,
                    replaces=None if replaced is None else replaced["id"], original_claim=claim,
                )  # fmt: skip
                await conn.execute(LINES["add"], *row)
            else:
                await conn.execute(
                    LINES["adjust"], organisation_id, line.line_id, line.units, line.dos_from,
                    line.window_to, content, now, place.status, list(place.lacks),
                )  # fmt: skip
    except ExclusionViolationError as error:
        raise TakenError("adjustment", str(error.args[0])) from error
    await conn.execute(
        LINES["note"],
        *note_row(
            organisation_id, line.line_id, None if was is None else was["status"], place.status,
            why, content, now=now, actor=actor,
        ),
    )  # fmt: skip
    if place.status is Status.APPROVED:
        await conn.execute(LINES["approve"], organisation_id, line.line_id, content, actor, now)
    if place.status is not Status.HELD:
        # Of a line that was void: why it was held once keeps back nothing that was approved since.
        await conn.execute(LINES["release"], organisation_id, line.line_id, actor, now, why)
    if place.hold_because:
        await conn.execute(
            LINES["hold"], organisation_id, line.line_id, place.hold_because, actor, now
        )


def _same_kind(row: Record, line: LineOf) -> bool:
    return (row["service"], row["scope"]) == (line.service, line.scope)
