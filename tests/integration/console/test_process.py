import asyncio
import datetime as dt

import aiohttp
import pytest

from benchmarks.rig.ports import free_port
from console import process
from console.settings import ConsoleSettings
from observe import health
from tests.integration.console.conftest import PASSWORD, Practice
from tests.integration.ingest.readiness import until_ready


async def test_a_console_starts_serves_and_stops(database: str) -> None:
    stop, port = asyncio.Event(), free_port()
    running = asyncio.create_task(
        process.run(
            ConsoleSettings(),
            dsn=database,
            host="127.0.0.1",
            port=port,
            stop=stop,
            clock=lambda: dt.datetime.now(dt.UTC),
        )
    )
    await until_ready(port)
    stop.set()
    async with asyncio.timeout(60):
        await running


async def test_an_open_page_does_not_keep_a_console_from_stopping(
    database: str, north: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SHUTDOWN_S", 600)  # Nobody is to be waited for.
    stop, port = asyncio.Event(), free_port()
    running = asyncio.create_task(
        process.run(
            ConsoleSettings(allow_unsafe_database=True),
            dsn=database,
            host="127.0.0.1",
            port=port,
            stop=stop,
            clock=lambda: dt.datetime.now(dt.UTC),
        )
    )
    await until_ready(port)
    base = f"http://127.0.0.1:{port}/api/v1"
    login = {"username": north.username("nurse"), "password": PASSWORD}
    async with aiohttp.ClientSession() as client:
        async with client.post(f"{base}/login", json=login) as answer:
            token = (await answer.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with client.get(f"{base}/alerts/stream", headers=headers) as answer:
            assert b"beat" in await answer.content.readline()
            stop.set()
            async with asyncio.timeout(60):
                await answer.content.read()
                await running
