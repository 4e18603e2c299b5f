"""What became of lines that have left the house: exported, and what the payer answered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from asyncpg import Record

from billing.claim_letters import CLAIM_NUMBER
from billing.months.acting import Doing, Moved, locked_lines, move_rows
from billing.months.holding import hold_beside
from billing.months.records import Status
from billing.months.seal import canonical
from billing.months.standing import QUERIES as LINES
from billing.months.standing import note_row
from billing.months.states import BY_PAYER, UNDECIDED
from billing.texts import prose
from care import fields
from care.errors import InvalidError, TakenError
from store.pool import Connection

OF_SENT: Final = BY_PAYER | {Status.CORRECTED}
"""What may be said of an approved line only where it has gone out: it was corrected since, and the
payer has reopened its claim.
"""
NOT_OUT: Final = frozenset({Status.DRAFT, Status.READY, Status.HELD, Status.APPROVED})
STAYS: Final = "what was {} is what was sent: as corrected since, it {}"
GOES_ON: Final = {
    Status.APPROVED: "waits to be sent",
    Status.HELD: "is held",
    Status.READY: "waits to be approved",
    Status.DRAFT: "waits to be complete",
}
"""Of what was corrected since it was sent, and has not gone out again."""
NEEDS_REASON: Final = frozenset({Status.DENIED, Status.VOID, Status.CORRECTED})


async def move(  # noqa: PLR0913 - what is said of a line, by keyword
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None] | Sequence[UUID],
    to: Status,
    *,
    actor: UUID | None,
    reason: str = "",
    now: dt.datetime,
    export_id: UUID | None = None,
    claim_number: str | None = None,
) -> list[Moved]:
    """All of them or none, with their versions where somebody has looked at them.

    Raises InvalidError, NotFoundError, StaleError, TakenError.
    """
    why = prose("reason", reason, needed=to in NEEDS_REASON)
    number = None if claim_number is None else _checked(claim_number)
    if to not in Status.__members__.values() or to in {Status.DRAFT, Status.READY, Status.APPROVED}:
        raise InvalidError("status", "is not one that a line is moved to by itself")
    doing = Doing(conn=conn, organisation_id=organisation_id, actor=actor, now=now)
    async with conn.transaction():
        wanted = lines if isinstance(lines, Mapping) else dict.fromkeys(lines)
        rows = await locked_lines(conn, organisation_id, wanted)
        for row in rows:
            if to is Status.EXPORTED and row["month_version"] == 0:
                raise TakenError("lines", f"{row['month']} is not locked: nothing of it is sent")
            if row["status"] in NOT_OUT and to in OF_SENT and not row["exported"]:
                raise TakenError("status", f"a line that is {row['status']} does not become {to}")
        facts = {} if export_id is None else {"export": export_id}
        staying = await _staying(conn, organisation_id, rows, to, number)
        rest = [row for row in rows if row not in staying]
        done = await move_rows(
            conn, rest, to, reason=why, actor=actor, now=now, claim_number=number, **facts
        )
        done += [await _stay(doing, row, to, why, number) for row in staying]
        if to is Status.VOID and export_id is None:
            done += await hold_beside(doing, rows, why)
        return done


def _checked(typed: str) -> str:
    """As claims carry it (REF02)."""
    said = fields.text("claim_number", typed)
    if CLAIM_NUMBER.fullmatch(said) is None:
        raise InvalidError(
            "claim_number",
            "must be at most 50 letters, digits and signs as - / . with no * ~ : or ^",
        )
    return said


async def _staying(
    conn: Connection,
    organisation_id: UUID,
    rows: Sequence[Record],
    to: Status,
    number: str | None,
) -> list[Record]:
    """Those that were corrected since they were sent, and stand where they stand whatever becomes
    of what was sent: what is held, or not approved yet. And of what is approved and denied, what
    can be sent again: as new ones where the payer has given no number, else as replacements where
    the payer takes them.
    """
    if to not in BY_PAYER:
        return []
    kept = [row for row in rows if row["status"] in UNDECIDED | {Status.HELD}]
    if to is not Status.DENIED:
        return kept
    ids = [row["id"] for row in rows]
    those = await conn.fetch(LINES["replaceable"], organisation_id, ids)
    replaceable = {row["id"] for row in those}
    return kept + [
        row
        for row in rows
        if row["status"] == Status.APPROVED
        and (row["id"] in replaceable or _number(row, number) is None)
    ]


def _number(row: Record, number: str | None) -> str | None:
    found: str | None = number or row["claim_number"] or row["original_claim"]
    return found


async def _stay(doing: Doing, row: Record, said: Status, why: str, number: str | None) -> Moved:
    """What the payer has answered to is what was sent: that is on record, and what was corrected
    since stands where it stood. Denied without a number, the payer has no claim of it.
    """
    claim, stands = _number(row, number), Status(row["status"])
    sent = said is not Status.DENIED or claim is not None
    conn, whose, now = doing.conn, doing.organisation_id, doing.now
    await conn.execute(LINES["stays"], whose, row["id"], sent, claim, now)
    for was, status, reason in (
        (stands, said, why),
        (said, stands, STAYS.format(said, GOES_ON[stands])),
    ):
        note = note_row(
            whose, row["id"], was, status, reason, row["content"], now=now, actor=doing.actor
        )
        await conn.execute(LINES["note"], *note)
    return Moved(
        line_id=row["id"],
        patient_id=row["patient_id"],
        status=stands,
        version=row["version"] + 1,
    )


async def number(
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None],
    claim_number: str,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> list[Moved]:
    """The payer's number of the claim that they are on, wherever they stand: corrections name it.

    Raises InvalidError, NotFoundError, StaleError, TakenError.
    """
    said = _checked(claim_number)
    async with conn.transaction():
        rows = await locked_lines(conn, organisation_id, lines)
        sent = await conn.fetch(LINES["answers"], organisation_id, [row["id"] for row in rows])
        if len(sent) < len(rows):
            raise TakenError("lines", "of a claim that has never gone out the payer has no number")
        await conn.execute(LINES["number"], organisation_id, [row["id"] for row in rows], said, now)
        told = canonical({"claim_number": said}).decode()
        await conn.executemany(
            LINES["note"],
            [
                note_row(
                    organisation_id, row["id"], row["status"], row["status"], "", row["content"],
                    now=now, actor=actor, facts=told,
                )
                for row in rows
            ],
        )  # fmt: skip
    return [
        Moved(
            line_id=row["id"],
            patient_id=row["patient_id"],
            status=Status(row["status"]),
            version=row["version"] + 1,
        )
        for row in rows
    ]
