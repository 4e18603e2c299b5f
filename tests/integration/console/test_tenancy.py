"""Connections of requests: each stands for one organisation, and forgets it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from console.tenancy import ROLE, Whole, open_requests, scope, set_to, within
from store.pool import Pool
from tests.integration.console.conftest import Practice

WHO = "SELECT current_user || ' ' || count(*) FROM patients"


@pytest.fixture
async def requests(database: str) -> AsyncIterator[Pool]:
    """One connection, which everybody gets in turn."""
    pool = await open_requests(database, max_size=1)
    try:
        yield pool
    finally:
        await pool.close()


async def names(pool: Pool, whose: UUID) -> set[UUID]:
    async with set_to(pool, whose, timeout_s=5) as conn:
        assert await conn.fetchval("SELECT current_user") == ROLE
        return {row["id"] for row in await conn.fetch("SELECT id FROM patients")}


async def test_two_organisations_in_turn_on_one_connection_see_their_own(
    requests: Pool, north: Practice, south: Practice
) -> None:
    for _ in range(5):
        for each in (north, south):
            assert await names(requests, each.organisation) == {each.patient, each.other_patient}


async def test_between_two_uses_a_connection_stands_for_nobody(
    requests: Pool, north: Practice
) -> None:
    await names(requests, north.organisation)
    async with requests.acquire() as conn:
        assert await conn.fetchval("SELECT current_setting('app.organisation', true)") == ""
        assert await conn.fetchval(WHO) == f"{ROLE} 0"


@pytest.mark.parametrize("way", ["error", "in a transaction", "cancelled", "killed"])
async def test_whatever_ends_a_use_the_next_one_is_its_own(
    requests: Pool, pool: Pool, north: Practice, south: Practice, way: str
) -> None:
    async def use() -> None:
        async with set_to(requests, north.organisation, timeout_s=5) as conn:
            if way == "error":
                await conn.execute("SELECT 1 / 0")
            if way == "in a transaction":
                await conn.transaction().start()
                await conn.execute("SELECT 1 / 0")
            if way == "killed":
                number = await conn.fetchval("SELECT pg_backend_pid()")
                await pool.execute("SELECT pg_terminate_backend($1)", number)
            await conn.execute("SELECT pg_sleep(30)")

    running = asyncio.create_task(use())
    if way == "cancelled":
        await asyncio.sleep(0.2)
        running.cancel()
    (ended,) = await asyncio.gather(running, return_exceptions=True)
    assert isinstance(ended, BaseException)
    async with requests.acquire() as conn:
        assert await conn.fetchval(WHO) == f"{ROLE} 0"
    assert await names(requests, south.organisation) == {south.patient, south.other_patient}


async def test_many_requests_of_two_organisations_at_once_never_mix(
    database: str, north: Practice, south: Practice
) -> None:
    pool = await open_requests(database, max_size=3)

    async def ask(each: Practice, turn: int) -> None:
        async with set_to(pool, each.organisation, timeout_s=30) as conn:
            if turn % 5 == 0:
                with pytest.raises(asyncpg.DivisionByZeroError):
                    await conn.execute("SELECT 1 / 0")
            rows = await conn.fetch("SELECT organisation_id FROM users")
        assert {row["organisation_id"] for row in rows} == {each.organisation}

    await asyncio.gather(*(ask((north, south)[n % 2], n) for n in range(200)))
    await pool.close()


async def test_a_prepared_statement_is_judged_anew_for_each(
    requests: Pool, north: Practice, south: Practice
) -> None:
    for each in (north, south, north):
        async with set_to(requests, each.organisation, timeout_s=5) as conn:
            found = await conn.fetchval("SELECT array_agg(DISTINCT organisation_id) FROM users")
        assert found == [each.organisation]


async def test_outside_of_any_door_there_are_no_rows_to_be_had() -> None:
    with pytest.raises(RuntimeError, match="outside of any door"):
        scope()
    with within(Whole.HOUSE):
        assert scope() is Whole.HOUSE
        with within(UUID(int=1)):
            assert scope() == UUID(int=1)
        assert scope() is Whole.HOUSE
