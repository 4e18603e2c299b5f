"""What is common to everything that people do to lines: locked, looked at, moved, written down."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asyncpg import ExclusionViolationError, Record
from msgspec import Struct

from billing.errors import StaleError
from billing.months.keeping import Kept
from billing.months.records import Status
from billing.months.seal import canonical
from billing.months.standing import QUERIES, note_row
from billing.months.states import NOT_BILLED, check_move
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection

LINES_MOST = 20_000


class Doing(Struct, frozen=True, kw_only=True):
    """Who does it, when, in which organisation: of all that belongs to one request."""

    conn: Connection
    organisation_id: UUID
    actor: UUID | None
    """None: a command, which is nobody of the practice's accounts."""
    now: dt.datetime


class Settling(Doing, frozen=True, kw_only=True):
    """About an adjustment: in a month that is up to date, by somebody who has an account."""

    actor: UUID
    kept: Kept


class Moved(Struct, frozen=True, kw_only=True):
    """A line after it was moved."""

    line_id: UUID
    patient_id: UUID
    status: Status
    version: int


async def locked_lines(
    conn: Connection, organisation_id: UUID, wanted: Mapping[UUID, int | None]
) -> list[Record]:
    """With their versions as somebody looked at them; None: whichever it is.

    Raises NotFoundError, StaleError.
    """
    if not wanted:
        raise InvalidError("lines", "say which lines")
    if len(wanted) > LINES_MOST:
        raise InvalidError("lines", f"at most {LINES_MOST} at once")
    rows = await conn.fetch(QUERIES["lock"], organisation_id, list(wanted))
    if len(rows) < len(wanted):
        raise NotFoundError("lines", "there is no such line")
    stale = [row for row in rows if wanted[row["id"]] not in {None, row["version"]}]
    if stale:
        raise StaleError(
            f"{len(stale)} of {len(rows)} lines have changed since you looked: look again"
        )
    return rows


async def move_rows(
    conn: Connection,
    rows: Sequence[Record],
    to: Status,
    *,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
    claim_number: str | None = None,
    **facts: Any,
) -> list[Moved]:
    """All of them in one statement, each with its event.

    Raises TakenError where one does not go there, or something is billed already.
    """
    for row in rows:
        check_move(Status(row["status"]), to)
    if not rows:
        return []
    whose, told = rows[0]["organisation_id"], canonical(facts).decode()
    try:
        # In a savepoint: what the caller does next must still be possible.
        async with conn.transaction():
            ids = [row["id"] for row in rows]
            await conn.execute(QUERIES["move"], whose, ids, to, now, claim_number)
    except ExclusionViolationError as error:
        raise TakenError("lines", str(error.args[0])) from error
    notes = [
        note_row(
            whose, row["id"], row["status"], to, reason, row["content"], now=now, actor=actor,
            facts=told,
        )
        for row in rows
    ]  # fmt: skip
    await conn.executemany(QUERIES["note"], notes)
    if to in NOT_BILLED:
        # What is billed no more is not kept back any more.
        held = [row["id"] for row in rows if row["status"] == Status.HELD]
        await conn.executemany(
            QUERIES["release"], [(whose, each, actor, now, reason) for each in held]
        )
    return [
        Moved(
            line_id=row["id"], patient_id=row["patient_id"], status=to, version=row["version"] + 1
        )
        for row in rows
    ]
