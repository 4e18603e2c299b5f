"""Waiting until nothing is under way any more: empty outboxes, and every number arrived."""

import asyncio
import sqlite3
import time
from collections.abc import Iterable

import asyncpg

from store.pool import UNREACHABLE
from tests.chaos import ledger
from tests.chaos.workplace import Place, holdings
from tests.chaos.world import World

LOOK_EVERY_S = 0.5
ARRIVED = """
SELECT gateway_id, upper(received) - 1 AS last,
    received = int8multirange(int8range(1, upper(received))) AS whole
FROM gateway_progress
"""


async def until_quiet(world: World, *, within_s: float) -> float | None:
    """Seconds that it took; None where it did not become quiet in time."""
    start = time.monotonic()
    while time.monotonic() - start < within_s:
        if await is_quiet(world):
            return time.monotonic() - start
        await asyncio.sleep(LOOK_EVERY_S)
    return None


def all_silent(places: Iterable[Place]) -> bool:
    """Whether every device has said its last word: noted by it, not supposed of it."""
    return all(ledger.read(place.ledger).hushed for place in places)


async def is_quiet(world: World) -> bool:
    """Whether the database has whatever was made, and the gateways know it.

    The devices first: while one may still say something, empty outboxes are a pause between two
    visits. Once all have fallen silent, what is found here cannot change any more.
    """
    if not all_silent(world.places):
        return False
    try:
        last_seqs = {place.gateway: holdings(place) for place in world.places}
        connection = await asyncpg.connect(world.database.dsn, timeout=5)
    except (sqlite3.Error, *UNREACHABLE):
        return False
    try:
        arrived = {row["gateway_id"]: row for row in await connection.fetch(ARRIVED)}
    finally:
        await connection.close()
    return all(
        held.pending == 0
        and held.frames == 0
        and gateway in arrived
        and arrived[gateway]["whole"]
        and arrived[gateway]["last"] == held.last_seq
        for gateway, held in last_seqs.items()
    )
