"""Which of each gateway's outbox numbers never came: read, and marked when asked for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from ingest.gaps import FIRST_SEQ, RANGES_KEPT, RANGES_MAX, Gap, Known
from store.pool import Connection
from store.queries import load
from wire.messages import MeasureAgain

QUERIES: Final = load("ingest", "progress.sql")
STATUS_BELIEVED_FOR: Final = dt.timedelta(hours=1)
"""An older status says nothing about what a gateway holds now."""

Mark: TypeAlias = tuple[Known, Gap | None, int | None]
"""What was known, what is missing of it, and from where on it is asked for now."""


async def holes(
    conn: Connection, *, now: dt.datetime, organisation: Any = None
) -> list[tuple[Known, str | None]]:
    """Gateways of which something is or was missing, each with its last state."""
    rows = await conn.fetch(QUERIES["holes"], now - STATUS_BELIEVED_FOR, organisation)
    return [
        (
            Known(
                gateway=row["gateway_id"],
                received=tuple((start, end) for start, end in row["received"]),
                last_seq=row["last_seq"],
                queue_depth=row["queue_depth"] or 0,
                gap_since=row["gap_since"],
                resend_from=row["resend_from"],
                asked_at=row["resend_asked_at"],
            ),
            row["state"],
        )
        for row in rows
    ]


async def mark(conn: Connection, found: Iterable[Mark], *, now: dt.datetime) -> None:
    """Write down since when something is missing and what was asked: (known, gap, asked from)."""
    rows = [
        (
            known.gateway,
            gap and gap.since,
            (known.resend_from if asked is None else asked) if gap else None,
            (known.asked_at if asked is None else now) if gap else None,
        )
        for known, gap, asked in found
    ]
    if rows:
        await conn.execute(QUERIES["mark"], *map(list, zip(*rows, strict=True)), now)


async def open_questions(conn: Connection) -> dict[str, tuple[int, dt.datetime]]:
    """What gateways were asked to send again and have not yet: gateway -> (from, asked at)."""
    return {
        row["gateway_id"]: (row["resend_from"], row["resend_asked_at"])
        for row in await conn.fetch(QUERIES["asked"])
    }


async def open_requests(conn: Connection, *, now: dt.datetime) -> dict[str, list[MeasureAgain]]:
    """What homes are asked to measure again, by gateway."""
    found: dict[str, list[MeasureAgain]] = defaultdict(list)
    for row in await conn.fetch(QUERIES["measure_again"], now):
        found[row["gateway_id"]].append(
            MeasureAgain(device=row["device"], kind=row["kind"], until=row["until"])
        )
    return found


async def thin_out(
    conn: Connection, *, most: int = RANGES_MAX, kept: int = RANGES_KEPT
) -> dict[str, int]:
    """Stop following the lowest holes of gateways that leave too many: gateway -> holes given up.

    Outside any transaction: one that held several gateways could meet a batch that has them in
    another order.
    """
    given_up: dict[str, int] = {}
    for row in await conn.fetch(QUERIES["crowded"], most, kept):
        await conn.execute(QUERIES["fill_below"], row["gateway_id"], row["kept_from"], FIRST_SEQ)
        given_up[row["gateway_id"]] = row["ranges"] - kept
    return given_up
