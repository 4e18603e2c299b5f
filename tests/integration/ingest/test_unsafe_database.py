"""A database that could forget what it committed gets no readings, and gateways no receipts."""

import asyncio

from benchmarks.rig.ports import free_port
from store.pool import Pool
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import Home, reading
from tests.integration.ingest.readiness import troubles


async def test_nothing_is_receipted_and_readiness_says_in_words_why(
    ingest: Ingest, clinic: Pool, home: Home
) -> None:
    health = free_port()
    async with ingest(ready=False, allow_unsafe_database=False, health_port=health):
        async with asyncio.timeout(60):
            while "database" not in (said := await troubles(health) or {}):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert "fsync is off" in said["database"]
        await home.send(reading())
        await asyncio.sleep(0.5)
    assert home.answers == set()
    assert await clinic.fetchval("SELECT count(*) FROM readings") == 0
