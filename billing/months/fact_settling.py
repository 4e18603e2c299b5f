"""Days, time and lines that changed after the lock, approved: what went out is corrected, what is
new goes with it; under a new version of the month, beside what was locked before.
"""

from uuid import UUID

import msgspec
from asyncpg import ExclusionViolationError, Record
from msgspec.structs import replace

from billing.months.acting import Settling, move_rows
from billing.months.add_ons import bases_of
from billing.months.adding import Adding, place_of
from billing.months.adjusting import QUERIES
from billing.months.adjustment_list import adjustment_of
from billing.months.closing import seal
from billing.months.facts_digest import facts_digest
from billing.months.keeping import QUERIES as MONTHS
from billing.months.merging import with_facts
from billing.months.reading import open_head
from billing.months.records import LineOf, PatientMonth, Practice, Status
from billing.months.seal import canonical, digest_of
from billing.months.standing import QUERIES as LINES
from billing.months.standing import content_of, new_row, note_row
from billing.months.views import Adjustment
from care.errors import TakenError


async def settle_facts(settling: Settling, row: Record) -> int:
    """Days, time and lines as they are now; what claims say besides stays as it was locked, until
    somebody decides about that too. The version of the month that came of it.
    """
    conn, organisation_id, kept = settling.conn, settling.organisation_id, settling.kept
    wanted = (organisation_id, kept.id, [row["patient_id"]])
    frozen = next(iter(await conn.fetch(QUERIES["frozen"], *wanted)), None)
    today = await conn.fetchrow(QUERIES["now"], organisation_id, kept.id, row["patient_id"])
    body = None if today is None else msgspec.json.decode(today["body"], type=PatientMonth)
    practice = kept.sources.practice
    if frozen is not None:
        practice = msgspec.json.decode(frozen["practice"], type=Practice)
        if body is not None:
            body = with_facts(msgspec.json.decode(frozen["body"], type=PatientMonth), body)
    await _apply(settling, row, body)
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
    await seal(conn, organisation_id, kept, head, why=why, actor=settling.actor, now=settling.now)
    return version


async def _apply(settling: Settling, row: Record, body: PatientMonth | None) -> None:
    """What went out is corrected, what did not is void; what is new is approved with it, and what
    stands in the place of a held line is held.
    """
    conn, whose = settling.conn, settling.organisation_id
    found = adjustment_of(row)
    lines = {} if body is None else {each.line_id: each for each in body.lines}
    ids = [each.line_id for each in (*found.removed, *found.added)]
    there = {each["id"]: each for each in await conn.fetch(LINES["lock"], whose, ids)}
    wanted = (whose, row["month_id"], [row["patient_id"]])
    held_before = {
        each["id"]: each["held_because"]
        for each in await conn.fetch(LINES["of_patients"], *wanted)
        if each["held_because"]
    }
    added = {each.line_id for each in found.added}
    for each in found.removed:
        if each.line_id not in added:
            await _take_away(settling, there[each.line_id], found)
    bases = bases_of(settling.kept.sources.book)
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
        await _add(settling, row["month_id"], adding, _why(found))


def _why(found: Adjustment) -> str:
    return f"adjustment {found.id}"


async def _take_away(settling: Settling, was: Record, found: Adjustment) -> None:
    to, who, now = Status.CORRECTED, settling.actor, settling.now
    if not was["exported"]:
        to = Status.VOID
    if was["status"] != Status.CORRECTED:
        await move_rows(
            settling.conn, [was], to, reason=_why(found), actor=who, now=now,
            adjustment=str(found.id),
        )  # fmt: skip
        return
    # Corrected by hand before: now the payer is to be told.
    note = note_row(
        settling.organisation_id, was["id"], to, to, _why(found), was["content"], now=now,
        actor=who, facts=canonical({"adjustment": found.id}).decode(),
    )  # fmt: skip
    await settling.conn.execute(LINES["note"], *note)


async def _add(settling: Settling, month_id: UUID, adding: Adding, why: str) -> None:
    conn, organisation_id = settling.conn, settling.organisation_id
    actor, now = settling.actor, settling.now
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
