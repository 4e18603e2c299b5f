import asyncio
import datetime as dt

from benchmarks.rig.ports import free_port
from console import process
from console.settings import ConsoleSettings
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
    async with asyncio.timeout(10):
        await running
