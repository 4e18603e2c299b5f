"""Two workers with the same readings: once each, and no deadlock."""

import asyncio
import random
from uuid import UUID

import pytest
from msgspec.structs import replace

from store.batch import Outcome, Row
from store.commit_batch import COPY_FROM_ROWS, commit
from store.pool import Pool
from tests.rows import RECEIVED, reading, row

ROUNDS = 12


async def put(pool: Pool, rows: list[Row]) -> Outcome:
    async with pool.acquire() as conn:
        return await commit(conn, rows, received_at=RECEIVED)


@pytest.mark.parametrize("size", [300, COPY_FROM_ROWS + 200])
async def test_the_same_readings_in_opposite_order_are_stored_once(pool: Pool, size: int) -> None:
    for number in range(ROUNDS):
        rows = [
            row(reading(seq=number * size + place), gateway_id=f"gw-{place % 7}")
            for place in range(size)
        ]
        one, other = await asyncio.gather(put(pool, rows), put(pool, rows[::-1]))
        assert len(one.stored) + len(other.stored) == size
        assert len(one.duplicates) + len(other.duplicates) == size
    assert await pool.fetchval("SELECT count(*) FROM readings") == ROUNDS * size


async def test_claims_on_the_same_instants_are_all_kept(pool: Pool) -> None:
    """Other ids and values for the same instants, from both sides, shuffled."""
    chance = random.Random(22)
    for number in range(ROUNDS):
        ours = [row() for _ in range(20)]
        theirs = [
            row(
                replace(
                    each.reading,
                    id=UUID(int=1 + number * 100 + place),
                    values={"systolic": 90.0, "diastolic": 50.0},
                )
            )
            for place, each in enumerate(ours)
        ]
        chance.shuffle(theirs)
        one, other = await asyncio.gather(put(pool, ours), put(pool, theirs))
        assert len(one.conflicts) + len(other.conflicts) == 20
    assert await pool.fetchval("SELECT count(*) FROM readings") == ROUNDS * 40
    assert await pool.fetchval("SELECT count(*) FROM evaluation_queue") == ROUNDS * 40
