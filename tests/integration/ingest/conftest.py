"""A clinic in a real database, a real broker, and ingest between them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.rig.ports import free_port
from ingest import process
from ingest.settings import IngestSettings
from store.pool import Pool
from tests.integration.ingest.home import Home, furnish
from tests.integration.ingest.readiness import until_ready
from tests.integration.wire.mosquitto import BINARY, Mosquitto
from wire.address import BrokerAddress

Ingest = Callable[..., AbstractAsyncContextManager[asyncio.Event]]

CARELESS = IngestSettings(allow_unsafe_database=True, retry_first_s=0.02, retry_most_s=0.2)
"""The suite's PostgreSQL runs without fsync: receipts would be refused."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    if BINARY is None:
        pytest.skip("mosquitto is not installed")
    started = Mosquitto(tmp_path, "max_packet_size 270000")
    started.start()
    yield started
    started.kill()


@pytest.fixture
def address(broker: Mosquitto) -> BrokerAddress:
    return BrokerAddress(host="127.0.0.1", port=broker.port)


@pytest.fixture
async def clinic(pool: Pool) -> Pool:
    """One organisation: gateway gw-1, cuff A0:B1:C2:D3:E4:F5, one patient who has it."""
    async with pool.acquire() as conn:
        await furnish(conn)
    return pool


@pytest.fixture
def ingest(database: str, address: BrokerAddress, clinic: Pool) -> Ingest:
    """`async with ingest():` a worker runs and is ready; at the end it is drained."""
    del clinic

    @asynccontextmanager
    async def running(*, ready: bool = True, **settings: Any) -> AsyncIterator[asyncio.Event]:
        stop = asyncio.Event()
        settings.setdefault("health_port", free_port())
        task = asyncio.create_task(
            process.run(
                msgspec.structs.replace(CARELESS, **settings),
                dsn=database,
                broker=address,
                stop=stop,
            )
        )
        try:
            if ready:
                await until_ready(settings["health_port"])
            yield stop
        finally:
            stop.set()
            async with asyncio.timeout(60):
                await task

    return running


@pytest.fixture
async def home(address: BrokerAddress) -> AsyncIterator[Home]:
    """Gateway gw-1, as the broker sees it."""
    async with Home.at(address, "gw-1") as connected:
        yield connected
