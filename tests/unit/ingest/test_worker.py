import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.instruments import Instruments
from ingest.settings import IngestSettings
from ingest.unpacking import Unpacking
from ingest.worker import Worker
from observe.metrics import Metrics
from tests.unit.ingest.clinic import NOW, clinic, reading
from tests.unit.ingest.fakes import FakeCommitter, FakeConsumer
from wire import topics
from wire.codec import decode_receipts, encode_readings
from wire.delivery import Delivery
from wire.errors import SubscriptionRefused

QUICK = IngestSettings(batch_wait_s=0.001, retry_first_s=0.001, retry_most_s=0.002, drain_s=0.2)


def deliveries(count: int, *, each: int = 1) -> list[Delivery]:
    return [
        Delivery(
            topics.readings("gw-1"),
            encode_readings([reading() for _ in range(each)], sent_at=NOW),
            packet_id=number,
            generation=1,
        )
        for number in range(1, count + 1)
    ]


def made(consumer: FakeConsumer, committer: FakeCommitter, **settings: Any) -> Worker:
    return Worker(
        consumer=consumer,
        unpacking=Unpacking(clinic),
        committer=committer,
        settings=msgspec.structs.replace(QUICK, **settings),
        instruments=Instruments(Metrics("ingest")),
        clock=lambda: NOW,
    )


@asynccontextmanager
async def working(
    consumer: FakeConsumer, committer: FakeCommitter, **settings: Any
) -> AsyncIterator[tuple[Worker, asyncio.Event]]:
    worker = made(consumer, committer, **settings)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        yield worker, stop
    finally:
        stop.set()
        committer.gate.set()
        await running


async def eventually(true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 (what is waited for is not ours to signal)
            await asyncio.sleep(0.001)


async def test_a_reading_is_acknowledged_and_receipted() -> None:
    (delivery,) = deliveries(1)
    consumer, committer = FakeConsumer(delivery), FakeCommitter()
    async with working(consumer, committer):
        await eventually(lambda: consumer.published)
    assert consumer.acked == [delivery]
    (topic, payload, retain), *others = consumer.published
    assert (topic, retain, others) == ("hearthbeat/v1/gw-1/receipts", False, [])
    (row,) = committer.batches[0].rows
    assert decode_receipts(payload).committed == [row.reading.id]


async def test_before_the_commit_nothing_is_acknowledged_and_nothing_receipted() -> None:
    consumer, committer = FakeConsumer(*deliveries(3)), FakeCommitter()
    committer.gate.clear()
    async with working(consumer, committer):
        await eventually(lambda: committer.entered)
        await asyncio.sleep(0.02)
        assert (consumer.acked, consumer.published) == ([], [])


@pytest.mark.parametrize("trouble", [DatabaseAway("gone"), UnsafeDatabase(["fsync is off"])])
async def test_a_batch_that_cannot_be_committed_is_kept_and_tried_again(trouble: Exception) -> None:
    consumer, committer = FakeConsumer(*deliveries(3)), FakeCommitter(*[trouble] * 5)
    async with working(consumer, committer):
        await eventually(lambda: consumer.published)
    assert committer.entered == 6
    assert len(consumer.acked) == 3


async def test_while_nothing_can_be_committed_no_more_is_read_than_fits() -> None:
    consumer, committer = FakeConsumer(*deliveries(100)), FakeCommitter()
    committer.gate.clear()
    async with working(consumer, committer, batch_readings=10, backlog_readings=10):
        await eventually(lambda: committer.entered == 3)
        await asyncio.sleep(0.02)
        assert len(consumer.waiting) == 70
        committer.gate.set()
        await eventually(lambda: len(consumer.acked) == 100)


async def test_messages_of_many_readings_are_committed_in_portions() -> None:
    consumer, committer = FakeConsumer(*deliveries(10, each=50)), FakeCommitter()
    async with working(consumer, committer, backlog_readings=100):
        await eventually(lambda: len(consumer.acked) == 10)
    assert [len(batch.rows) for batch in committer.batches] == [100] * 5


async def test_a_receipt_waits_for_room_on_the_line() -> None:
    consumer, committer = FakeConsumer(*deliveries(1)), FakeCommitter()
    consumer.full_for = 3
    async with working(consumer, committer):
        await eventually(lambda: consumer.published)


async def test_a_receipt_for_a_line_that_is_down_is_left_to_the_next_try() -> None:
    consumer, committer = FakeConsumer(*deliveries(1)), FakeCommitter()
    consumer.connected, consumer.full_for = False, 1000
    async with working(consumer, committer):
        await eventually(lambda: consumer.acked)
    assert consumer.published == []


async def test_told_to_stop_it_finishes_what_it_has_taken() -> None:
    consumer, committer = FakeConsumer(*deliveries(5)), FakeCommitter()
    committer.gate.clear()
    async with working(consumer, committer) as (_, stop):
        await eventually(lambda: committer.entered)
        stop.set()
        await asyncio.sleep(0.02)
        committer.gate.set()
    assert (len(consumer.acked), len(consumer.published)) == (5, 1)


async def test_what_cannot_be_finished_in_time_stays_unacknowledged() -> None:
    consumer, committer = FakeConsumer(*deliveries(5)), FakeCommitter()
    committer.gate.clear()
    async with working(consumer, committer, drain_s=0.02) as (_, stop):
        await eventually(lambda: committer.entered)
        stop.set()
        await asyncio.sleep(0.1)
    assert (consumer.acked, consumer.published) == ([], [])


async def test_a_broker_that_refuses_is_told_on_the_readiness_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.worker.BROKER_REFUSES_PAUSE_S", 0.01)
    consumer, committer = FakeConsumer(*deliveries(1)), FakeCommitter()
    consumer.refusals = [SubscriptionRefused("readings", code=0x87, reason="not authorised")] * 2
    async with working(consumer, committer) as (worker, _):
        await eventually(worker.line_trouble)
        assert "not authorised" in str(worker.line_trouble())
        await eventually(lambda: consumer.acked)
        assert worker.line_trouble() is None
        consumer.connected = False
        assert worker.line_trouble() == "not connected to the broker"


async def test_a_batch_that_waits_too_long_is_told_on_the_readiness_page() -> None:
    consumer, committer = FakeConsumer(*deliveries(1)), FakeCommitter()
    committer.gate.clear()
    async with working(consumer, committer, lag_most_s=0.01) as (worker, _):
        assert worker.lag_trouble() is None
        await eventually(worker.lag_trouble)
        committer.gate.set()
        await eventually(lambda: worker.lag_trouble() is None)


async def test_an_error_that_nobody_foresaw_ends_the_worker_with_nothing_acknowledged() -> None:
    consumer, committer = FakeConsumer(*deliveries(1)), FakeCommitter(ZeroDivisionError())
    worker = made(consumer, committer)
    with pytest.raises(ExceptionGroup) as ended:
        await worker.run(asyncio.Event())
    assert ended.group_contains(ZeroDivisionError)
    assert consumer.acked == []
