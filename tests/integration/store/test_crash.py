"""kill -9 of a server that flushes: what was committed is there, and the pool comes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.commit_batch import commit
from store.durability import check
from store.errors import AccessRefusedError, UnavailableError
from store.migrate import upgrade
from store.pool import UNREACHABLE, Pool, open_pool
from tests.postgres import NOW, PostgresServer
from tests.rows import RECEIVED, reading, row


@pytest.fixture
def durable(postgres_binaries: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(binaries=postgres_binaries, durable=True)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()


async def test_what_was_committed_survives_kill_9(durable: PostgresServer) -> None:
    await upgrade(durable.dsn(), now=NOW)
    pool = await open_pool(durable.dsn(), application_name="tests", min_size=2, max_size=2)
    try:
        async with pool.acquire() as conn:
            assert await check(conn) == []
        promised = 0
        for kills in range(3):
            begun = asyncio.Event()
            writing = asyncio.create_task(_write(pool, begun))
            await begun.wait()
            await asyncio.sleep(0.05 + 0.05 * kills)
            durable.kill()
            promised += await writing
            durable.start()
            # More may be there than was promised: a commit whose answer never came.
            assert await _count(pool) >= promised > 0
    finally:
        pool.terminate()


async def _write(pool: Pool, begun: asyncio.Event) -> int:
    """Commit until the server is gone; how many rows were promised."""
    promised = 0
    while True:
        try:
            async with pool.acquire(timeout=5) as conn:
                await commit(conn, [row(reading()) for _ in range(5)], received_at=RECEIVED)
        except UNREACHABLE:
            return promised
        promised += 5
        begun.set()


async def _count(pool: Pool) -> int:
    for _ in range(600):
        try:
            async with pool.acquire(timeout=5) as conn:
                found: int = await conn.fetchval(
                    "SELECT count(*) FROM readings JOIN reading_keys USING (id)"
                    " JOIN evaluation_queue ON reading_id = id"
                )
        except UNREACHABLE:
            await asyncio.sleep(0.05)
        else:
            return found
    pytest.fail("the pool did not find its way back")


async def test_a_careless_server_is_found_out(pool: Pool) -> None:
    """The suite's own: it does not flush."""
    async with pool.acquire() as conn:
        await conn.execute("ALTER TABLE dead_letters SET UNLOGGED")
        await conn.execute("SET synchronous_commit = off")
        found = await check(conn)
    assert [problem.split()[0] for problem in found] == [
        "fsync",
        "full_page_writes",
        "synchronous_commit",
        "table",
    ]


async def test_nobody_answering_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot reach the database"):
        await open_pool(f"postgresql://nobody@/none?host={tmp_path}", application_name="tests")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://u:s3cret@127.0.0.1:1/x", "nothing answers there: is it running"),
        ("postgresql://u:s3cret@nowhere.invalid/x", "no host of that name is known"),
        ("postgresql:///x?host=/none", "there is no such socket"),
        ("postgresql://u:s3cret@h:port/x", r"database.url \(HB_DATABASE_URL\), cannot be read"),
        ("s3cret", "cannot be read"),
    ],
)
async def test_why_nobody_answers_is_said_in_words(address: str, words: str) -> None:
    with pytest.raises(UnavailableError, match=words) as refusal:
        await open_pool(address, application_name="tests")
    assert "s3cret" not in str(refusal.value)
    assert "Errno" not in str(refusal.value)


async def test_a_wrong_name_is_not_taken_for_an_outage(postgres: PostgresServer) -> None:
    with pytest.raises(AccessRefusedError, match='database "none" does not exist'):
        await open_pool(postgres.dsn("none"), application_name="tests")
