"""Dead letters by the clock and by hand: dismissed, forgotten when handled, counted anew."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from ingest.dead_letters import QUERIES
from store.pool import Connection
from store.schema import UNCLAIMED


class Totals(NamedTuple):
    """Of all senders together."""

    letters: int
    """Waiting for somebody."""
    bytes: int
    """Kept of them."""
    truncated: int
    """Of which only the beginning is kept."""
    only_counted: int
    """Messages over the quota, of which nothing is kept."""


async def totals(conn: Connection) -> Totals:
    row = await conn.fetchrow(QUERIES["totals"])
    assert row is not None  # noqa: S101 - an aggregate without GROUP BY has one row
    return Totals(**dict(row))


async def over_quota(conn: Connection, *, organisations: Sequence[UUID]) -> list[dict[str, Any]]:
    """Senders of whom more came than is kept whole; `gateway` None: all that nobody enrolled."""
    rows = await conn.fetch(QUERIES["senders"], organisations, UNCLAIMED)
    return [dict(row) for row in rows]


async def dismiss(
    conn: Connection,
    *,
    organisations: Sequence[UUID],
    now: dt.datetime,
    letters: Sequence[int] = (),
    gateway: str | None = None,
) -> int:
    """Nobody needs to look at these, or at any of this gateway's.

    `gateway` may be dead_letters.STRANGERS: what came from nobody enrolled. They
    leave the list and the quota now, and the table when handled ones are forgotten.
    """
    async with conn.transaction():
        await conn.execute(QUERIES["hold_senders"])
        done = await conn.fetch(
            QUERIES["dismiss"], list(letters), organisations, UNCLAIMED, now, gateway
        )
        if gateway is not None:
            await conn.execute(QUERIES["forget_counted"], gateway, organisations, UNCLAIMED)
        await conn.execute(QUERIES["recount"])
    return len(done)


async def forget_handled(conn: Connection, *, before: dt.datetime) -> int:
    """Delete what was handled before then, and count anew what waits; how many went.

    What nobody has handled stays for ever.
    """
    async with conn.transaction():
        await conn.execute(QUERIES["hold_senders"])
        told = await conn.execute(QUERIES["forget_handled"], before)
        await conn.execute(QUERIES["recount"])
    return int(told.rpartition(" ")[2])
