"""A console that has no connection left says so, and does not call the database away."""

import aiohttp
import pytest

from care.directory import Directory
from console import parts as parts_module
from console.app import make_app
from console.errors import Unavailable
from console.parts import PARTS, Parts
from console.settings import ConsoleSettings
from console.tenancy import open_requests, within
from observe.health import serving
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice


async def made(pool: Pool, database: str, clock: Clock) -> Parts:
    requests = await open_requests(database, max_size=1)
    settings = ConsoleSettings(allow_unsafe_database=True)
    app = make_app(settings, pool, Directory(pool, dsn=database), requests=requests, clock=clock)
    return app[PARTS]


async def test_whoever_waits_too_long_for_others_is_told_that_it_is_busy(
    pool: Pool, database: str, north: Practice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "ACQUIRE_TIMEOUT_S", 0.1)
    parts = await made(pool, database, clock)
    with within(north.organisation):
        async with parts.connection():
            with pytest.raises(Unavailable, match="too many ask at once") as refusal:
                async with parts.connection():
                    raise AssertionError("there was none")
        async with parts.connection() as conn:  # It was given back.
            assert await conn.fetchval("SELECT 1") == 1
    assert refusal.value.retry_after_s == parts_module.RETRY_AFTER_S
    await parts.requests.close()


async def test_a_pool_that_is_gone_is_a_database_that_is_away(
    pool: Pool, database: str, north: Practice, clock: Clock
) -> None:
    parts = await made(pool, database, clock)
    await parts.requests.close()
    with within(north.organisation), pytest.raises(Unavailable, match="the database is away"):
        async with parts.connection():
            raise AssertionError("there was none")


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("nurse", "/queue", "/queue/hand-over"), ("patient", "/my", "/my/people")],
)
async def test_only_a_form_is_told_that_nothing_was_saved(
    pool: Pool, database: str, north: Practice, clock: Clock, role: str, reads: str, writes: str
) -> None:
    """Who has saved, and whose next page fails, would do it twice."""
    requests, directory = await open_requests(database, max_size=1), Directory(pool, dsn=database)
    app = make_app(
        ConsoleSettings(allow_unsafe_database=True), pool, directory, requests=requests, clock=clock
    )
    async with (
        serving(app, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        browser = await Api(client, directory, pool).browser(north, role)
        await requests.close()
        status, page = await browser.get(reads)
        assert (status, "Try again in a minute." in page) == (503, True)
        assert "Nothing was saved" not in page
        status, page = await browser.send(writes, {"text": "x"})
        assert (status, "Nothing was saved" in page) == (503, True)
