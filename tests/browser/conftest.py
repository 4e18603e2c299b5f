"""A console, a clinic and a browser for each test; skipped where no Chromium is installed."""

from collections.abc import AsyncIterator, Iterator

import pytest

from store.pool import Pool
from tests.browser import chromium as browsers
from tests.browser.site import Site, standing
from tests.integration.console.conftest import Practice, furnish, password_hash

__all__ = ["password_hash"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    program = browsers.found()
    if program is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run these")
    with browsers.running(program) as address:
        yield address


@pytest.fixture
async def north(pool: Pool, password_hash: str) -> Practice:
    async with pool.acquire() as conn:
        return await furnish(conn, "north", password_hash)


@pytest.fixture
async def south(pool: Pool, password_hash: str) -> Practice:
    async with pool.acquire() as conn:
        return await furnish(conn, "south", password_hash)


@pytest.fixture
async def site(pool: Pool, database: str, north: Practice, chromium: str) -> AsyncIterator[Site]:
    async with standing(pool, database, north, chromium) as found:
        yield found
