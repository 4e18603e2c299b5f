"""Somebody answers for lines, exactly as they are: never for time of their own (L-5)."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from asyncpg import Record

from billing.months.acting import Moved, body_of, locked_lines, move_row
from billing.months.records import PatientMonth, Status
from billing.months.standing import QUERIES
from billing.months.states import LACKS_WORDS
from billing.months.time_rows import staff_behind
from care.errors import InvalidError, RefusedError
from store.pool import Connection


async def approve(
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None],
    *,
    actor: UUID,
    now: dt.datetime,
) -> list[Moved]:
    """All of them or none. Raises InvalidError, RefusedError, StaleError, TakenError."""
    async with conn.transaction():
        rows = await locked_lines(conn, organisation_id, lines)
        for row in rows:
            _check(row, body_of(row), actor)
        done = []
        for row in rows:
            done.append(await move_row(conn, row, Status.APPROVED, reason="", actor=actor, now=now))
            await conn.execute(
                QUERIES["approve"], organisation_id, row["id"], row["content"], actor, now
            )
        return done


def _check(row: Record, month: PatientMonth, actor: UUID) -> None:
    if row["lacks"]:
        said = "; ".join(LACKS_WORDS.get(each, each) for each in row["lacks"])
        raise InvalidError("lines", f"{row['code']} cannot be approved yet: {said}")
    line = next((each for each in month.lines if each.line_id == row["id"]), None)
    if line is not None and actor in staff_behind(line, month.time):
        raise RefusedError(
            "lines", f"{row['code']} rests on time of your own: somebody else has to approve it"
        )
