"""Fixtures of the alert tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from alerts.telling.notify.over_http import HttpClient
from store.pool import Pool
from tests.integration.alerts.clinic import Clinic, make
from tests.integration.alerts.sending import Server


@pytest.fixture
async def clinic(pool: Pool) -> Clinic:
    return await make(pool)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    found = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with aiohttp.ClientSession() as session:
        yield HttpClient(session)
