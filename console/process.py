"""A console process, put together: database, directory, application, server."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Final

from structlog import get_logger

from care.directory import Directory
from console import upkeep
from console.app import make_app
from console.parts import PARTS
from console.settings import ConsoleSettings
from console.tenancy import open_requests
from ingest.committer import Committer
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.letter_quota import QUOTA
from ingest.trouble import RAISED_BY_DATABASE
from observe.doorway import LOOPBACK, Limits
from observe.health import Readiness, serving
from observe.metrics import Metrics
from observe.redaction import described
from store.pool import Pool, open_pool

log = get_logger()

WAIT_FOR_DATABASE_S: Final = 1.0
PROVE_EVERY_S: Final = 60.0
HOUSE_MOST: Final = 4
"""One listens for changes; the others look for sessions and take readings in."""


async def run(
    settings: ConsoleSettings,
    *,
    dsn: str,
    host: str,
    port: int,
    stop: asyncio.Event,
    clock: Callable[[], dt.datetime],
    pool_max: int = 8,
    requests_dsn: str | None = None,
) -> None:
    """Serve until `stop` is set. Waits for the database where it is away at the start.

    `requests_dsn` is the address for requests, with a sign-in of lesser rights; without one they
    sign in as `dsn` does, and step down from it.
    """
    QUOTA.set(settings.letter_quota)
    pools = await _pools(dsn, requests_dsn or dsn, pool_max, stop)
    if pools is None:
        return
    try:
        await _serve(settings, pools, dsn=dsn, host=host, port=port, stop=stop, clock=clock)
    finally:
        for pool in pools:
            pool.terminate()


async def _serve(
    settings: ConsoleSettings,
    pools: tuple[Pool, Pool],
    *,
    dsn: str,
    host: str,
    port: int,
    stop: asyncio.Event,
    clock: Callable[[], dt.datetime],
) -> None:
    pool, requests = pools
    directory = Directory(pool, dsn=dsn)
    readiness = Readiness({"database": lambda: _database_trouble(pool)})
    readiness.add("stop", lambda: "stopping" if stop.is_set() else None)
    app = make_app(
        settings,
        pool,
        directory,
        requests=requests,
        clock=clock,
        readiness=readiness,
        metrics=Metrics("console"),
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(directory.run(stop))
        proving = group.create_task(_prove(app[PARTS].committer))
        tidying = group.create_task(upkeep.run(pool, clock))
        if settings.secret_key is None:
            log.warning("second factors are kept unsealed: set console.secret_key")
        limits = Limits(not_counted=(*LOOPBACK, *settings.trusted_proxies))
        async with serving(app, host=host, port=port, limits=limits) as bound:
            log.info("console listens", port=bound)
            await stop.wait()
        proving.cancel()
        tidying.cancel()


async def _prove(committer: Committer) -> None:
    """Readings come in here too: somebody may make the database unsafe at any time."""
    while True:
        try:
            await committer.check()
        except (UnsafeDatabase, DatabaseAway) as error:
            log.warning("no readings can be taken over HTTP", why=str(error))
        await asyncio.sleep(PROVE_EVERY_S)


async def _pools(
    dsn: str, requests_dsn: str, pool_max: int, stop: asyncio.Event
) -> tuple[Pool, Pool] | None:
    """Of the house, which is small, and of requests."""
    while not stop.is_set():
        try:
            pool = await open_pool(dsn, application_name="hearthbeat console", max_size=HOUSE_MOST)
            return pool, await open_requests(requests_dsn, max_size=pool_max)
        except RAISED_BY_DATABASE as error:
            log.warning("no database yet", why=described(error))
            await asyncio.sleep(WAIT_FOR_DATABASE_S)
    return None


async def _database_trouble(pool: Pool) -> str | None:
    try:
        async with pool.acquire(timeout=2) as conn:
            await conn.execute("SELECT 1", timeout=2)
    except RAISED_BY_DATABASE as error:
        return f"the database does not answer: {described(error)}"
    return None
