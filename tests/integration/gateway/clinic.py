"""A clinic for one hub: answers readings with receipts, as ingest does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from vitals.reading import Reading
from wire import topics
from wire.address import BrokerAddress
from wire.codec import decode_readings, decode_status, encode
from wire.link import Link
from wire.messages import Commands, Receipts, Status


@dataclass
class Clinic:
    """Stores what comes, each reading once, and answers for it."""

    address: BrokerAddress
    answers: bool = True
    stored: dict[UUID, Reading] = field(default_factory=dict)
    received: list[Reading] = field(default_factory=list)
    statuses: list[tuple[str, Status]] = field(default_factory=list)
    _link: Link | None = None

    async def run(self) -> None:
        async with Link(
            self.address,
            client_id="clinic",
            filters=(topics.READINGS_FILTER, topics.STATUS_FILTER),
        ) as link:
            self._link = link
            while True:
                deliveries = await link.batch(most=100, most_bytes=1 << 20, wait_s=0)
                for delivery in deliveries:
                    self._take(link, delivery.topic, delivery.payload)
                link.ack(deliveries)

    def command(self, gateway: str, commands: Commands) -> bool:
        assert self._link is not None
        topic = topics.commands(gateway)
        return self._link.publish_soon(topic, encode(commands), retain=True)

    def _take(self, link: Link, topic: str, payload: bytes) -> None:
        gateway, leaf = topics.parse(topic)
        if leaf is topics.Leaf.STATUS:
            self.statuses.append((gateway, decode_status(payload)))
            return
        decoded = decode_readings(payload)
        assert not decoded.refused
        readings = decoded.message.readings
        self.received += readings
        if self.answers:
            self.stored |= {one.id: one for one in readings}
            receipts = Receipts(committed=[one.id for one in readings])
            link.publish_soon(topics.receipts(gateway), encode(receipts))


@contextlib.asynccontextmanager
async def in_practice(clinic: Clinic) -> AsyncIterator[Clinic]:
    task = asyncio.create_task(clinic.run())
    try:
        yield clinic
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], object], *, within_s: float = 60) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not true():
        if loop.time() > end:
            pytest.fail(f"not within {within_s} s")
        await asyncio.sleep(0.02)
