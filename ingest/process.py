"""An ingest process, put together: health page, database, directory, line, worker, upkeep."""

import asyncio
import datetime as dt
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog import get_logger

from care.directory import Directory
from ingest import consumers, upkeep
from ingest.commands import Announcer
from ingest.committer import Committer
from ingest.instruments import Instruments
from ingest.letter_quota import QUOTA
from ingest.settings import IngestSettings
from ingest.trouble import RAISED_BY_DATABASE
from ingest.unpacking import Unpacking
from ingest.upkeep import Upkeep
from ingest.worker import Worker
from observe.health import Readiness, make_health_app, serving
from observe.metrics import Metrics
from observe.redaction import described
from store.pool import Pool, open_pool
from wire.address import BrokerAddress
from wire.consumer import Consumer

log = get_logger()

WAIT_FOR_DATABASE_S: Final = 1.0
OBJECTS_BETWEEN_COLLECTIONS: Final = 50_000
"""A batch makes thousands of objects that die together without cycles: looking costs a tenth."""

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The clock of every process."""
    return dt.datetime.now(dt.UTC)


async def run(
    settings: IngestSettings,
    *,
    dsn: str,
    broker: BrokerAddress,
    stop: asyncio.Event,
    clock: Clock = utc_now,
    pool_max: int = 8,
) -> None:
    """One worker, until `stop` is set; then it finishes what it has and leaves within 10 s.

    Starts with the database or the broker away, says so on /readyz, and waits for them.
    """
    QUOTA.set(settings.letter_quota)
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 50)
    metrics, readiness = Metrics("ingest"), Readiness({"start": lambda: "still starting"})
    app = make_health_app(readiness, metrics)
    async with serving(app, host=settings.health_host, port=settings.health_port) as port:
        log.info("ingest starting", worker=settings.worker, health_port=port)
        async with _database(dsn, settings, pool_max=pool_max, stop=stop) as pool:
            if pool is None:
                return
            consumer = await consumers.choose(broker, worker=settings.worker, stop=stop)
            if consumer is None:
                return
            process = _Process(settings, pool, dsn, consumer, Instruments(metrics), clock)
            await process.run(readiness, stop)
    log.info("ingest stopped", worker=settings.worker)


@asynccontextmanager
async def _database(
    dsn: str, settings: IngestSettings, *, pool_max: int, stop: asyncio.Event
) -> AsyncIterator[Pool | None]:
    """The pool as soon as there is a database; None where `stop` came first.

    It opens a connection for each batch under way at once: logging in takes longer than a batch,
    and a backlog would wait for it.
    """
    pool: Pool | None = None
    while pool is None and not stop.is_set():
        try:
            pool = await open_pool(
                dsn,
                application_name="hearthbeat ingest",
                min_size=min(settings.commits_in_flight, pool_max),
                max_size=pool_max,
            )
        except RAISED_BY_DATABASE as error:
            log.warning("no database yet", why=described(error))
            await asyncio.sleep(WAIT_FOR_DATABASE_S)
    try:
        yield pool
    finally:
        if pool is not None:
            await _close(pool)


async def _close(pool: Pool) -> None:
    """A database that is away must not hold up a stop."""
    try:
        async with asyncio.timeout(1):
            await pool.close()
    except TimeoutError:
        pool.terminate()


class _Process:
    def __init__(
        self,
        settings: IngestSettings,
        pool: Pool,
        dsn: str,
        consumer: Consumer,
        instruments: Instruments,
        clock: Clock,
    ) -> None:
        self._consumer = consumer
        self._directory = Directory(pool, dsn=dsn)
        self._committer = Committer(pool, allow_unsafe=settings.allow_unsafe_database)
        self._upkeep = Upkeep(
            pool=pool,
            directory=self._directory,
            announcer=Announcer(consumer),
            committer=self._committer,
            instruments=instruments,
            clock=clock,
            handled_letters_kept=settings.handled_letters_kept,
        )
        self._worker = Worker(
            consumer=consumer,
            unpacking=Unpacking(lambda: self._directory.snapshot, heard=self._upkeep.heard),
            committer=self._committer,
            settings=settings,
            instruments=instruments,
            clock=clock,
        )

    async def run(self, readiness: Readiness, stop: asyncio.Event) -> None:
        await self._directory_read(stop)
        await self._upkeep.prove()
        await self._upkeep.partitions()
        readiness.add("start", lambda: "stopping" if stop.is_set() else None)
        readiness.add("database", lambda: self._committer.trouble)
        readiness.add("broker", self._worker.line_trouble)
        readiness.add("lag", self._worker.lag_trouble)
        async with self._consumer, asyncio.TaskGroup() as group, self._ticking():
            group.create_task(self._directory.run(stop))
            greeting = group.create_task(self._greet())
            await self._worker.run(stop)
            greeting.cancel()

    async def _greet(self) -> None:
        """Gateways need not wait for the first tick to be told what they should know."""
        while not self._consumer.connected:  # noqa: ASYNC110 (a tick would do as well)
            await asyncio.sleep(0.05)
        await self._upkeep.watch()

    async def _directory_read(self, stop: asyncio.Event) -> None:
        """Without it every gateway would look unknown: nothing is read off the line before."""
        while not stop.is_set():
            try:
                await self._directory.refresh()
            except RAISED_BY_DATABASE as error:
                log.warning("the directory cannot be read yet", why=described(error))
                await asyncio.sleep(WAIT_FOR_DATABASE_S)
            else:
                return

    @asynccontextmanager
    async def _ticking(self) -> AsyncIterator[None]:
        """The scheduler only ticks: what is due is in the database, and may be done twice."""
        scheduler = AsyncIOScheduler(
            timezone=dt.UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        for job, every_s in (
            (self._upkeep.watch, upkeep.WATCH_EVERY_S),
            (self._upkeep.prove, upkeep.PROVE_EVERY_S),
            (self._upkeep.partitions, upkeep.PARTITIONS_EVERY_S),
            (self._upkeep.letters, upkeep.LETTERS_EVERY_S),
        ):
            scheduler.add_job(job, "interval", seconds=every_s)
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
