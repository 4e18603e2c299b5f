"""The alert process sweeps by itself."""

import asyncio
import datetime as dt

from alerts.process import run
from alerts.settings import AlertSettings
from store.pool import Pool


async def test_a_hub_that_is_silent_is_in_the_queue_without_anybody_asking(
    pool: Pool, database: str
) -> None:
    now = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    async with pool.acquire() as conn:
        clinic = await conn.fetchval("INSERT INTO organisations (name) VALUES ('C') RETURNING id")
        await conn.execute(
            "INSERT INTO gateways (id, organisation_id, enrolled_at) VALUES ('home-1', $1, $2)",
            clinic,
            now - dt.timedelta(days=9),
        )
        await conn.execute(
            "INSERT INTO gateway_health (gateway_id, organisation_id, at, received_at, state)"
            " VALUES ('home-1', $1, $2, $2, 'online')",
            clinic,
            now - dt.timedelta(hours=1),
        )
    stop = asyncio.Event()
    running = asyncio.create_task(
        run(AlertSettings(sweep_s=0.1), dsn=database, stop=stop, clock=lambda: now)
    )
    async with asyncio.timeout(60), pool.acquire() as conn:
        while True:
            found = await conn.fetch("SELECT rule, state FROM alerts")
            if found:
                break
            await asyncio.sleep(0.05)
    stop.set()
    await running
    assert [tuple(row) for row in found] == [("gateway-offline", "open")]
