"""Kills, outages and restarts: made = stored, once each, and every answer is true."""

import asyncio
import os
import random
import time
from urllib.parse import urlsplit

import asyncpg
import pytest

from benchmarks.rig.ports import free_port
from store.pool import Pool
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import Home, eventually, reading, until
from tests.integration.ingest.readiness import troubles
from tests.integration.ingest.workers import WorkerProcess
from tests.integration.wire.mosquitto import Mosquitto
from wire.address import BrokerAddress

pytestmark = pytest.mark.timeout(600)


async def stored(pool: Pool) -> int:
    count: int = await pool.fetchval("SELECT count(*) FROM readings")
    return count


async def test_a_worker_killed_at_random_points_loses_nothing_and_doubles_nothing(
    database: str, broker: Mosquitto, clinic: Pool, home: Home
) -> None:
    seed = int(os.environ.get("HB_TEST_SEED") or time.time())  # noqa: TID251 (a test's own)
    print(f"seed {seed}")  # noqa: T201 (to be repeated)
    dice = random.Random(seed)
    made = [reading(seq=n) for n in range(1, 5001)]
    worker = WorkerProcess(database, broker.port)
    async with worker:
        sending = asyncio.create_task(home.insist(*made, timeout_s=120))
        for _ in range(5):
            await asyncio.sleep(dice.uniform(0.4, 1.4))
            worker.kill()
            await worker.start(ready=False)
        await sending
    assert set(home.committed) == {each.id for each in made}
    assert await stored(clinic) == len(made)
    for what in ("*", "DISTINCT reading_id"):
        asked = await clinic.fetchval(f"SELECT count({what}) FROM evaluation_queue")  # noqa: S608
        assert asked == len(made)
    received = await clinic.fetchval("SELECT received::text FROM gateway_progress")
    assert received == "{[1,5001)}"


async def test_a_broker_restarted_without_its_memory_loses_nothing(
    ingest: Ingest, broker: Mosquitto, clinic: Pool, home: Home
) -> None:
    made = [reading(seq=n) for n in range(1, 1001)]
    async with ingest():
        sending = asyncio.create_task(home.insist(*made, timeout_s=120))
        for _ in range(2):
            await asyncio.sleep(0.3)
            broker.kill()
            broker.start()
        await sending
    assert await stored(clinic) == len(made)


async def test_while_the_database_takes_no_connections_batches_wait_and_readiness_is_red(
    ingest: Ingest, clinic: Pool, home: Home, database: str
) -> None:
    name = urlsplit(database).path.strip("/")
    made = [reading(seq=n) for n in range(1, 201)]
    health = free_port()
    async with ingest(health_port=health):
        await _shut(database, name, shut=True)
        for each in made:
            await home.send(each)
        await asyncio.sleep(1)
        assert home.answers == set()
        told = await troubles(health)
        assert told is not None
        assert told["database"].startswith("the database cannot take readings")
        await _shut(database, name, shut=False)
        await home.answered(made)
        await eventually_ready(health)
    assert await stored(clinic) == len(made)


async def eventually_ready(health: int) -> None:
    async with asyncio.timeout(60):
        while await troubles(health) != {}:  # noqa: ASYNC110 (another process could be meant)
            await asyncio.sleep(0.05)


async def _shut(dsn: str, name: str, *, shut: bool) -> None:
    """The database is away for everybody: its connections are cut and new ones refused."""
    conn = await asyncpg.connect(dsn.replace(f"/{name}?", "/postgres?"))
    try:
        allow = "false" if shut else "true"
        await conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allow}")
        if shut:
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )
    finally:
        await conn.close()


async def test_every_backend_killed_again_and_again_only_delays(
    ingest: Ingest, clinic: Pool, home: Home
) -> None:
    made = [reading(seq=n) for n in range(1, 1001)]
    async with ingest():
        sending = asyncio.create_task(home.insist(*made, timeout_s=120))
        pause_s = 0.03
        while not sending.done():
            await clinic.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'hearthbeat ingest' AND datname = current_database()
                """
            )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.05, 1)  # A busy machine would never commit otherwise.
        await sending
    assert await stored(clinic) == len(made)
    assert await clinic.fetchval("SELECT count(*) FROM evaluation_queue") == len(made)


async def test_two_workers_share_the_work_and_store_each_reading_once(
    database: str, broker: Mosquitto, clinic: Pool, home: Home
) -> None:
    made = [reading(seq=n) for n in range(1, 1001)]
    async with (
        WorkerProcess(database, broker.port, number=0) as first,
        WorkerProcess(database, broker.port, number=1) as second,
    ):
        for _ in range(2):  # Each reading twice: the two copies go to different workers.
            for start in range(0, len(made), 20):
                await home.send(*made[start : start + 20])
        await eventually(lambda: len(home.committed) >= 2 * len(made))
        shares = [await messages_taken(each.health) for each in (first, second)]
    assert await stored(clinic) == len(made)
    assert min(shares) >= 25


async def messages_taken(health: int) -> float:
    import aiohttp  # noqa: PLC0415 (only here)

    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{health}/metrics") as answer,
    ):
        page = await answer.text()
    line = next(
        line for line in page.splitlines() if line.startswith("hearthbeat_ingest_messages_total")
    )
    return float(line.split()[1])


async def test_told_to_stop_in_full_work_it_ends_in_good_order(
    database: str, broker: Mosquitto, clinic: Pool, home: Home
) -> None:
    made = [reading(seq=n) for n in range(1, 2001)]
    worker = WorkerProcess(database, broker.port)
    async with worker:
        sending = asyncio.create_task(home.insist(*made, every_s=3))
        await until(clinic, "SELECT count(*) > 0 FROM readings")
        assert await worker.terminate() == 0
        # What it stored it has receipted: nothing was cut off between.
        await asyncio.sleep(0.2)
        assert await stored(clinic) == len(home.answers)
        await worker.start()
        await sending
    assert await stored(clinic) == len(made)


async def test_a_broker_that_speaks_only_3_1_1_has_one_plain_subscriber(
    ingest: Ingest, clinic: Pool, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def spoken(_: BrokerAddress, __: str) -> str:
        return "3.1.1"

    monkeypatch.setattr("ingest.consumers._protocol", spoken)
    made = [reading(seq=n) for n in range(1, 101)]
    async with ingest():
        await home.insist(*made)
    assert await stored(clinic) == len(made)
