"""Lines are held with a reason, and released with one. A held line is in no claim."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from asyncpg import Record

from billing.months.acting import Doing, Moved, locked_lines, move_rows
from billing.months.add_ons import held_with, with_base
from billing.months.records import Status
from billing.months.settled import check_settled
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
    """All of them or none; with each what is billed only beside it."""
    why = prose("reason", reason, needed=True)
    doing = Doing(conn=conn, organisation_id=organisation_id, actor=actor, now=now)
    async with conn.transaction():
        rows = await locked_lines(conn, organisation_id, lines)
        return await _held(doing, rows, why) + await hold_beside(doing, rows, why)


async def hold_beside(doing: Doing, rows: Sequence[Record], why: str) -> list[Moved]:
    """What is billed only beside these, and has not gone out."""
    conn, whose = doing.conn, doing.organisation_id
    done: list[Moved] = []
    for code, those in (await held_with(conn, whose, rows, held=False)).items():
        beside = await locked_lines(conn, whose, dict.fromkeys(those))
        done += await _held(doing, beside, with_base(code, why))
    return done


async def _held(doing: Doing, rows: Sequence[Record], why: str) -> list[Moved]:
    done = await move_rows(
        doing.conn, rows, Status.HELD, reason=why, actor=doing.actor, now=doing.now
    )
    await doing.conn.executemany(
        QUERIES["hold"],
        [(doing.organisation_id, row["id"], why, doing.actor, doing.now) for row in rows],
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
    """To where they were before: they wait for an approval. What was held with one goes with it."""
    why = prose("reason", reason)
    async with conn.transaction():
        await check_settled(conn, organisation_id, lines, now=now)
        rows = await locked_lines(conn, organisation_id, lines)
        with_them = (await held_with(conn, organisation_id, rows, held=True)).values()
        if beside := [each for those in with_them for each in those]:
            rows += await locked_lines(conn, organisation_id, dict.fromkeys(beside))
        done: list[Moved] = []
        for to in (Status.DRAFT, Status.READY):
            those = [row for row in rows if first_status(tuple(row["lacks"])) is to]
            done += await move_rows(conn, those, to, reason=why, actor=actor, now=now)
        await conn.executemany(
            QUERIES["release"], [(organisation_id, row["id"], actor, now, why) for row in rows]
        )
        return done
