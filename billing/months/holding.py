"""Lines are held with a reason, and released with one. A held line is in no claim."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from billing.months.acting import Moved, locked_lines, move_rows
from billing.months.records import Status
from billing.months.standing import QUERIES
from billing.months.states import first_status
from billing.texts import prose
from store.pool import Connection


async def hold(
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None],
    *,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
) -> list[Moved]:
    """All of them or none."""
    why = prose("reason", reason, needed=True)
    async with conn.transaction():
        rows = await locked_lines(conn, organisation_id, lines)
        done = await move_rows(conn, rows, Status.HELD, reason=why, actor=actor, now=now)
        await conn.executemany(
            QUERIES["hold"], [(organisation_id, row["id"], why, actor, now) for row in rows]
        )
        return done


async def release(
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None],
    *,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> list[Moved]:
    """To where they were before: they wait for an approval."""
    why = prose("reason", reason)
    async with conn.transaction():
        rows = await locked_lines(conn, organisation_id, lines)
        done: list[Moved] = []
        for to in (Status.DRAFT, Status.READY):
            those = [row for row in rows if first_status(tuple(row["lacks"])) is to]
            done += await move_rows(conn, those, to, reason=why, actor=actor, now=now)
        await conn.executemany(
            QUERIES["release"], [(organisation_id, row["id"], actor, now, why) for row in rows]
        )
        return done
