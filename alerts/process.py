"""An alert process, put together: evaluation, the clock, the outbox, the sweep, the auditor.

Any number of them may run: everything is claimed in the database, and nothing is kept here that
another could not take over in the middle.
"""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import aiohttp
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog import get_logger

from alerts.auditor import APPLICATION, audit, clock_trouble, release
from alerts.clock_steps import keep_ticking
from alerts.evaluating.evaluation import Memory, evaluate_batch
from alerts.instruments import Instruments
from alerts.settings import AlertSettings, ChannelSettings
from alerts.technical.sweep import Sweeper
from alerts.telling.due import do_due
from alerts.telling.notify import outward
from alerts.telling.notify.email import EmailSender
from alerts.telling.notify.message import Channel, Sender
from alerts.telling.notify.outbox import Outbox
from alerts.telling.notify.over_http import (
    ConsoleSender,
    HttpClient,
    NtfySender,
    SmsSender,
    WebhookSender,
)
from alerts.telling.receipts import Receipts
from alerts.telling.reminding import Reminders
from observe.health import Readiness, make_health_app, serving
from observe.metrics import Metrics
from observe.redaction import described
from store.errors import StoreError
from store.pool import UNREACHABLE, Pool, open_pool

log = get_logger()

RETRY_S: Final = 1.0
AWAY: Final = (StoreError, *UNREACHABLE)

Clock = Callable[[], dt.datetime]
Job = Callable[[], Awaitable[object]]


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def run(
    settings: AlertSettings,
    *,
    dsn: str,
    stop: asyncio.Event,
    clock: Clock = utc_now,
    pool_max: int = 8,
) -> None:
    """Until `stop` is set. Starts with the database away, says so on /readyz, and waits for it."""
    metrics, readiness = Metrics("alerts"), Readiness({"start": lambda: "still starting"})
    app = make_health_app(readiness, metrics)
    async with serving(app, host=settings.health_host, port=settings.health_port) as port:
        log.info("alerts starting", health_port=port)
        async with _database(dsn, pool_max=pool_max, stop=stop) as pool:
            if pool is None:
                return
            async with AsyncExitStack() as stack:
                session = await stack.enter_async_context(outward.session())
                process = _Process(settings, pool, session, Instruments(metrics), clock)
                readiness.add("start", lambda: "stopping" if stop.is_set() else None)
                readiness.add("database", lambda: process.trouble)
                readiness.add("forgotten", lambda: process.forgotten)
                readiness.add("line", lambda: process.deaf)
                async with process.ticking():
                    await process.evaluate(stop)
    log.info("alerts stopped")


@asynccontextmanager
async def _database(dsn: str, *, pool_max: int, stop: asyncio.Event) -> AsyncIterator[Pool | None]:
    pool: Pool | None = None
    while pool is None and not stop.is_set():
        try:
            pool = await open_pool(dsn, application_name=APPLICATION, max_size=pool_max)
        except AWAY as error:
            log.warning("no database yet", why=described(error))
            await asyncio.sleep(RETRY_S)
    try:
        yield pool
    finally:
        if pool is not None:
            pool.terminate()


class _Process:
    def __init__(
        self,
        settings: AlertSettings,
        pool: Pool,
        session: aiohttp.ClientSession,
        instruments: Instruments,
        clock: Clock,
    ) -> None:
        self.trouble: str | None = None
        self.forgotten: str | None = None
        self.deaf: str | None = None
        self._settings = settings
        self._pool = pool
        self._session = session
        self._instruments = instruments
        self._clock = clock
        self._memory = Memory()
        self._sweeper = Sweeper(pool, shelf=self._memory.shelf)
        self._reminders = Reminders(pool, shelf=self._memory.shelf)
        self._receipts = Receipts(pool, shelf=self._memory.shelf)
        self._outbox = Outbox(pool, senders(settings.channels, session, clock=clock), clock=clock)

    async def evaluate(self, stop: asyncio.Event) -> None:
        """Drain the queue, and look again soon when it is empty."""
        while not stop.is_set():
            try:
                done = await evaluate_batch(self._pool, self._memory, now=self._clock())
            except AWAY as error:
                self._away(error)
                await _pause(stop, RETRY_S)
                continue
            self.trouble = None
            if done.patients or done.readings:
                began = done.oldest or self._clock()
                lag = (self._clock() - began).total_seconds()
                self._instruments.evaluated(done, lag_s=max(lag, 0))
            if not done.more:
                await _pause(stop, self._settings.idle_s)

    async def due(self) -> None:
        done = await do_due(self._pool, now=self._clock(), base_url=self._settings.base_url)
        self._instruments.due.inc(done)

    async def send(self) -> None:
        self._instruments.messages.inc(await self._outbox.send_due())

    async def remind(self) -> None:
        """Patients who have not measured; nobody is, while it may be us who do not hear."""
        await self._reminders.tick(now=self._clock(), deaf=self.deaf is not None)

    async def receipt(self) -> None:
        await self._receipts.tick(now=self._clock())

    async def sweep(self) -> None:
        """What is missing, and why. That no home at all is heard is no home's fault: it is said
        here, and the dead man's switch stays silent.
        """
        begun = time.perf_counter()
        swept = await self._sweeper.sweep(now=self._clock())
        self._instruments.swept(swept, took_s=time.perf_counter() - begun)
        silent = swept.silent_since
        self.deaf = None if silent is None else f"no hub is heard since {silent:%H:%M} UTC"
        if self.deaf is not None:
            log.error("no hub at all is heard: is the broker up, and ingest?", since=str(silent))

    async def audit(self) -> None:
        """One line in the log and unready while anything is forgotten; else a sign of life."""
        settings = self._settings
        async with self._pool.acquire() as conn:
            found = await audit(conn, now=self._clock(), late_s=settings.late_s)
            clock = await clock_trouble(conn, now=self._clock())
            if ended := await release(conn):
                log.warning("ended connections of processes that stopped to listen", count=ended)
        self._instruments.audited(found)
        troubles = found.troubles(late_s=settings.late_s)
        troubles += [] if clock is None else [clock]
        self.forgotten = "; ".join(troubles) or None
        if troubles:
            log.error("the auditor found what was forgotten", troubles=troubles)
        elif settings.heartbeat_url is not None and self.deaf is None:
            await self._beat(settings.heartbeat_url)

    async def _beat(self, url: str) -> None:
        """The dead man's switch: whoever listens raises the alarm when this stays away."""
        timeout = aiohttp.ClientTimeout(total=10)
        try:
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status >= 400:  # noqa: PLR2004 - HTTP
                    log.warning("the dead man's switch refused", status=response.status)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("the dead man's switch was not reached", error=type(error).__name__)

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """The scheduler only ticks: what is due is in the database."""
        scheduler = AsyncIOScheduler(
            timezone=dt.UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        settings = self._settings
        jobs: tuple[tuple[Job, float], ...] = (
            (self.due, settings.tick_s),
            (self.send, settings.tick_s),
            (self.remind, settings.tick_s),
            (self.receipt, settings.receipts_s),
            (self.sweep, settings.sweep_s),
            (self.audit, settings.audit_s),
        )
        for job, every_s in jobs:
            scheduler.add_job(self._guarded(job), "interval", seconds=every_s)
        scheduler.start()
        watching = asyncio.create_task(keep_ticking(scheduler, clock=utc_now))
        try:
            yield
        finally:
            watching.cancel()
            scheduler.shutdown(wait=False)

    def _guarded(self, job: Job) -> Callable[[], Awaitable[None]]:
        """A database that is away ends a tick, not the ticking."""

        async def tick() -> None:
            try:
                await job()
            except AWAY as error:
                self._away(error)
            except Exception:
                # The one supervising level of ticks: a fault in one job must not end the others.
                log.exception("a tick failed", job=getattr(job, "__name__", "job"))

        return tick

    def _away(self, error: Exception) -> None:
        self.trouble = "the database is away"
        log.warning("the database is away", why=described(error))


def senders(
    channels: ChannelSettings, session: aiohttp.ClientSession, *, clock: Clock
) -> dict[Channel, Sender]:
    """Those that are set up."""
    client = HttpClient(session)
    found: dict[Channel, Sender] = {
        Channel.CONSOLE: ConsoleSender(),
        Channel.WEBHOOK: WebhookSender(client, secret=channels.webhook_secret, clock=clock),
    }
    if channels.email is not None:
        found[Channel.EMAIL] = EmailSender(channels.email)
    if channels.ntfy_server is not None:
        found[Channel.NTFY] = NtfySender(
            client, server=channels.ntfy_server, token=channels.ntfy_token
        )
    if channels.sms is not None:
        found[Channel.SMS] = SmsSender(client, channels.sms)
    return found


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
