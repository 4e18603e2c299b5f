"""One ingest worker: line -> batch -> admission -> commit -> acknowledgement -> receipts.

Three batches are under way at a time: while PostgreSQL commits one, the next is sent to it, and
the one after that decoded. Whoever is done first waits for nobody: the line itself puts
acknowledgements into the order of arrival.
"""

import asyncio
import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from structlog import get_logger

from ingest.batch import Batch, Landed, answers
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.instruments import Instruments
from ingest.settings import IngestSettings
from ingest.unpacking import Unpacking
from wire.consumer import Consumer
from wire.delivery import Delivery
from wire.errors import LineError

log = get_logger()

STRETCH_MESSAGES = 250
"""Unpacked before the event loop may see to others: thousands at once leave PostgreSQL waiting for
the next part of a batch that is under way."""
STRETCH_BYTES = 128 * 1024
"""Likewise, where messages hold many readings: then a batch is full after a few."""
BROKER_REFUSES_PAUSE_S = 2.0
RECEIPT_PATIENCE_S = 5.0
"""How long a full line is waited for; then the receipt is left to the gateway's next try."""


class Commits(Protocol):
    """What the worker needs of a `Committer`."""

    async def commit(self, batch: Batch) -> Landed: ...


class Worker:
    """Drives the line until told to stop. The consumer must have been entered."""

    def __init__(
        self,
        *,
        consumer: Consumer,
        unpacking: Unpacking,
        committer: Commits,
        settings: IngestSettings,
        instruments: Instruments,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._consumer = consumer
        self._unpacking = unpacking
        self._committer = committer
        self._settings = settings
        self._instruments = instruments
        self._clock = clock
        self._slots = asyncio.Semaphore(settings.commits_in_flight)
        self._under_way: dict[asyncio.Task[None], float] = {}
        self._line_trouble: str | None = None
        self._group: asyncio.TaskGroup
        self._stop: asyncio.Event
        self._dice = random.Random()  # noqa: S311 (jitter, not secrets)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what has been taken, within `drain_s`.

        What can't be finished in time stays unacknowledged and unreceipted: it comes again. So it
        does when an error that nobody foresaw comes out of here: the supervisor starts us anew.
        """
        async with asyncio.TaskGroup() as self._group:
            self._stop = stop
            reading = self._group.create_task(self._read())
            await stop.wait()
            reading.cancel()
            await asyncio.wait([reading])
            await self._drain()

    def line_trouble(self) -> str | None:
        """For the readiness page: what is wrong with the broker."""
        if self._line_trouble is not None:
            return self._line_trouble
        return None if self._consumer.connected else "not connected to the broker"

    def lag_trouble(self) -> str | None:
        """For the readiness page: whether a batch has waited too long for its commit."""
        oldest = min(self._under_way.values(), default=None)
        if oldest is None or (lag := time.monotonic() - oldest) <= self._settings.lag_most_s:
            return None
        return f"a batch has waited {lag:.0f} s for its commit"

    async def _read(self) -> None:
        """Batch after batch. Cancelled anywhere, it leaves nothing half done: what was taken and
        not yet started on is not acknowledged either.
        """
        full = False
        while True:
            full = await self._turn(wait_s=0 if full else self._settings.batch_wait_s)

    async def _turn(self, *, wait_s: float) -> bool:
        """One batch from the line on its way; whether more was waiting than it could take."""
        settings = self._settings
        await self._slots.acquire()
        try:
            deliveries = await self._consumer.batch(
                most=settings.backlog_readings if wait_s == 0 else settings.batch_readings,
                most_bytes=settings.batch_bytes,
                wait_s=wait_s,
            )
            self._line_trouble = None
        except LineError as error:
            self._slots.release()
            self._line_trouble = f"the broker refuses this worker: {error}"
            log.error("the broker refuses this worker", error=error)  # noqa: TRY400 (no trace)
            await asyncio.sleep(BROKER_REFUSES_PAUSE_S)
            return False
        except BaseException:
            self._slots.release()
            raise
        if not deliveries:
            self._slots.release()
            return False
        await self._dispatch(deliveries)
        return len(deliveries) >= settings.batch_readings

    async def _dispatch(self, deliveries: list[Delivery]) -> None:
        """Unpack into one batch, or several where messages hold many readings; holds one slot."""
        batch = self._unpacking.begin(self._clock())
        most, done = self._settings.backlog_readings, 0
        while done < len(deliveries):
            stretch = _stretch(deliveries, done)
            done += self._unpacking.add_all(batch, stretch, most=most)
            await asyncio.sleep(0)
            if len(batch.rows) >= most:
                self._start(batch)
                await self._slots.acquire()
                batch = self._unpacking.begin(self._clock())
        if batch.deliveries:
            self._start(batch)
        else:
            self._slots.release()

    def _start(self, batch: Batch) -> None:
        task = self._group.create_task(self._finish(batch), name="batch")
        self._under_way[task] = time.monotonic()
        self._instruments.under_way.set(len(self._under_way))
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._instruments.under_way.set(len(self._under_way))
        self._slots.release()

    async def _finish(self, batch: Batch) -> None:
        """Store, acknowledge, answer: in this order, whatever happens between."""
        began = time.monotonic()
        landed = await self._store(batch) if not batch.empty else Landed((), (), (), {}, ())
        if landed is None:
            return
        self._consumer.ack(batch.deliveries)
        for topic, payload in answers(batch, landed).payloads():
            await self._publish(topic, payload)
        self._instruments.landed(batch, landed, seconds=time.monotonic() - began)

    async def _store(self, batch: Batch) -> Landed | None:
        """Until the database takes it, or we are told to stop: then it is left to come again.

        Meanwhile nothing more is read than fits in the slots.
        """
        pause_s = self._settings.retry_first_s
        while True:
            try:
                return await self._committer.commit(batch)
            except (DatabaseAway, UnsafeDatabase) as error:
                self._instruments.retries.inc()
                log.warning("batch kept: nothing can be committed", why=str(error), in_s=pause_s)
            if await self._stopped_within(self._dice.uniform(pause_s / 2, pause_s)):
                return None
            pause_s = min(pause_s * 2, self._settings.retry_most_s)

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return False
        return True

    async def _publish(self, topic: str, payload: bytes) -> None:
        """A receipt may be lost: the reading comes again. But not for want of patience."""
        give_up_at = time.monotonic() + RECEIPT_PATIENCE_S
        while not self._consumer.publish_soon(topic, payload):
            if not self._consumer.connected or time.monotonic() > give_up_at:
                self._instruments.receipts_lost.inc()
                return
            await asyncio.sleep(0.005)
        self._instruments.receipts.inc()

    async def _drain(self) -> None:
        """What has been taken is finished; what only waits in the line is left to come again."""
        log.info("stopping: finishing what is under way", batches=len(self._under_way))
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=self._settings.drain_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
                log.warning("batches left unfinished: they will come again", count=len(late))


def _stretch(deliveries: Sequence[Delivery], start: int) -> list[Delivery]:
    """From there on, at least one."""
    stretch: list[Delivery] = []
    size = 0
    for delivery in islice(deliveries, start, start + STRETCH_MESSAGES):
        stretch.append(delivery)
        size += len(delivery.payload)
        if size >= STRETCH_BYTES:
            break
    return stretch
