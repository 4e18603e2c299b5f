"""A console, a clinic and a browser for each test; skipped where no Chromium is installed.

The browser and its driver are started once for a worker's tests, which is why all of them run in
one event loop. One page by hand, at every width in every look, by its address or its route:

    make test ARGS="-n 0 tests/browser/test_every_page.py -k nobody --page /patients/{id}"
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from store.pool import Pool, open_pool
from tests.browser import chromium as browsers
from tests.browser.lively import prepared
from tests.browser.site import PATIENCE_MS, Site, standing
from tests.integration.console.conftest import Practice, furnish, password_hash
from tests.postgres import PostgresServer, copy_of, template_with

__all__ = ["password_hash"]

HERE = Path(__file__).parent
LIVELY = "lively_template"
HANGS_AFTER_S = 400
"""No test takes a minute where nothing else runs; here much else may."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--page", help="the only page that the test of every page looks at")


def pytest_configure() -> None:
    expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for each in items:
        if not each.path.is_relative_to(HERE):
            continue
        if not each.get_closest_marker("timeout"):
            each.add_marker(pytest.mark.timeout(HANGS_AFTER_S))
        if each.get_closest_marker("asyncio"):
            each.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    program = browsers.found()
    if program is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run these")
    with browsers.running(program) as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        yield await driver.chromium.connect_over_cdp(chromium)


@pytest_asyncio.fixture(loop_scope="session")
async def pool(database: str) -> AsyncIterator[Pool]:
    opened = await open_pool(database, application_name="tests", min_size=1, max_size=4)
    try:
        yield opened
    finally:
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def north(pool: Pool, password_hash: str) -> Practice:
    async with pool.acquire() as conn:
        return await furnish(conn, "north", password_hash)


@pytest_asyncio.fixture(loop_scope="session")
async def site(pool: Pool, database: str, north: Practice, browser: Browser) -> AsyncIterator[Site]:
    async with standing(pool, database, north, browser) as found:
        yield found


@pytest.fixture(scope="session")
def demonstration(
    postgres: PostgresServer,
    template: str,
    password_hash: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Practice]:
    """The demonstration clinic, made once for a worker: its template, and a practice beside it."""
    directory = tmp_path_factory.mktemp("demonstration")
    practice = template_with(
        postgres, LIVELY, lambda dsn: prepared(dsn, directory, password_hash), template=template
    )
    return LIVELY, practice


@pytest_asyncio.fixture(loop_scope="session")
async def lively(
    postgres: PostgresServer, demonstration: tuple[str, Practice], browser: Browser
) -> AsyncIterator[Site]:
    """The demonstration clinic: patients with months of past, a few in trouble; its people sign in
    as `admin`, `nurse`, `biller`, `patient` and so on.
    """
    template, practice = demonstration
    with copy_of(postgres, template) as dsn:
        opened = await open_pool(dsn, application_name="tests", min_size=1, max_size=4)
        try:
            async with standing(opened, dsn, practice, browser) as found:
                yield found
        finally:
            await opened.close()
