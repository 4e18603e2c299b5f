"""What became of lines that have left the house: exported, and what the payer answered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from billing.months.acting import Moved, locked_lines, move_rows
from billing.months.records import Status
from billing.texts import prose
from care import fields
from care.errors import InvalidError, TakenError
from store.pool import Connection

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
    number = None if claim_number is None else fields.text("claim_number", claim_number)
    if to not in Status.__members__.values() or to in {Status.DRAFT, Status.READY, Status.APPROVED}:
        raise InvalidError("status", "is not one that a line is moved to by itself")
    async with conn.transaction():
        wanted = lines if isinstance(lines, Mapping) else dict.fromkeys(lines)
        rows = await locked_lines(conn, organisation_id, wanted)
        for row in rows:
            if to is Status.EXPORTED and row["month_version"] == 0:
                raise TakenError("lines", f"{row['month']} is not locked: nothing of it is sent")
        facts = {} if export_id is None else {"export": export_id}
        return await move_rows(
            conn, rows, to, reason=why, actor=actor, now=now, claim_number=number, **facts
        )
