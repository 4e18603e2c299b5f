"""Failed attempts are counted once for all console processes, and places are remembered."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from console import failures
from console.settings import ConsoleSettings
from console.throttle import FORGOTTEN_AFTER, FREE_TRIES
from store.pool import Connection, Pool
from tests.integration.console.conftest import Api, Clock, Practice, served

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HOME, AWAY = "192.0.2.1", "198.51.100.9"


@pytest.fixture
async def conn(pool: Pool) -> AsyncIterator[Connection]:
    async with pool.acquire() as acquired:
        yield acquired


async def fail(conn: Connection, times: int, *keys: str, now: dt.datetime = NOW) -> None:
    for _ in range(times):
        await failures.count(conn, *keys, now=now)


async def test_the_longest_wait_of_all_keys_counts(conn: Connection) -> None:
    await fail(conn, 5, "ada", HOME)
    await fail(conn, 1, "ada")
    assert await failures.waiting_s(conn, {HOME: 50}, now=NOW) == 0
    assert await failures.waiting_s(conn, {HOME: 5}, now=NOW) == 10
    assert await failures.waiting_s(conn, {HOME: 50, "ada": 5}, now=NOW) == 20
    assert await failures.waiting_s(conn, {"ben": 5}, now=NOW) == 0


async def test_success_clears_the_slate(conn: Connection) -> None:
    await fail(conn, 5, "ada")
    await failures.clear(conn, "ada")
    assert await failures.waiting_s(conn, {"ada": 5}, now=NOW) == 0


@pytest.mark.parametrize(("off", "wait"), [(-SECOND, 20), (0 * SECOND, 20), (SECOND, 0)])
async def test_the_count_begins_anew_after_an_hour(
    conn: Connection, off: dt.timedelta, wait: int
) -> None:
    await fail(conn, 5, "ada")
    later = NOW + FORGOTTEN_AFTER + off
    await fail(conn, 1, "ada", now=later)
    assert await failures.waiting_s(conn, {"ada": 5}, now=later) == wait


async def test_what_is_of_no_use_is_deleted(conn: Connection) -> None:
    await fail(conn, 1, "ada")
    await failures.remember(conn, "ada", HOME, now=NOW)
    await failures.forget(conn, now=NOW + FORGOTTEN_AFTER + SECOND)
    assert await conn.fetchval("SELECT count(*) FROM sign_in_failures") == 0
    assert await failures.is_known(conn, "ada", HOME)
    await failures.forget(conn, now=NOW + failures.PLACES_KEPT + SECOND)
    assert not await failures.is_known(conn, "ada", HOME)


async def test_neither_names_nor_addresses_are_kept(conn: Connection) -> None:
    await fail(conn, 1, "typed into the wrong field")
    await failures.remember(conn, "ada", HOME, now=NOW)
    kept = str(await conn.fetch("SELECT * FROM sign_in_failures"))
    kept += str(await conn.fetch("SELECT * FROM sign_in_places"))
    assert "typed" not in kept
    assert HOME not in kept


async def test_an_account_is_known_where_it_has_signed_in_and_nowhere_else(
    conn: Connection,
) -> None:
    await failures.remember(conn, "ada", HOME, now=NOW)
    assert await failures.is_known(conn, "ada", HOME)
    assert not await failures.is_known(conn, "ada", AWAY)
    assert not await failures.is_known(conn, "ben", HOME)


async def test_two_processes_count_together(
    api: Api, pool: Pool, database: str, north: Practice, clock: Clock
) -> None:
    wrong = {"username": north.username("nurse"), "password": "guess"}
    settings = ConsoleSettings(allow_unsafe_database=True)
    async with served(settings, pool, database, clock) as second:
        for turn in range(FREE_TRIES):
            assert (await (api, second)[turn % 2].post("/login", wrong))[0] == 401
        assert (await api.post("/login", wrong))[0] == 429
        assert (await second.post("/login", wrong))[0] == 429
