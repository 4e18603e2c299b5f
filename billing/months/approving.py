"""Somebody answers for lines, exactly as they are: never for time of their own (L-5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from asyncpg import Record

from billing.months.acting import Moved, locked_lines, move_rows
from billing.months.add_ons import check_bases
from billing.months.records import Status
from billing.months.settled import check_settled
from billing.months.standing import QUERIES
from billing.months.states import LACKS_WORDS
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
        await check_settled(conn, organisation_id, lines, now=now)
        rows = await locked_lines(conn, organisation_id, lines)
        _check_whole(rows)
        await check_bases(conn, organisation_id, rows)
        own = await conn.fetch(QUERIES["own time"], organisation_id, list(lines), actor)
        if own:
            codes = ", ".join(dict.fromkeys(row["code"] for row in own))
            raise RefusedError(
                "lines",
                f"{codes} rests on time of your own, or that you have corrected: somebody else has"
                " to approve it",
            )
        done = await move_rows(conn, rows, Status.APPROVED, reason="", actor=actor, now=now)
        await conn.executemany(
            QUERIES["approve"],
            [(organisation_id, row["id"], row["content"], actor, now) for row in rows],
        )
        return done


def _check_whole(rows: Sequence[Record]) -> None:
    for row in rows:
        if row["lacks"]:
            said = "; ".join(LACKS_WORDS.get(each, each) for each in row["lacks"])
            raise InvalidError("lines", f"{row['code']} cannot be approved yet: {said}")
