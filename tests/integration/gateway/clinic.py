"""A broker and a clinic for one hub: answers readings with receipts, as ingest does."""

import asyncio
import contextlib
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from vitals.reading import Reading
from wire import topics
from wire.address import BrokerAddress
from wire.codec import decode_readings, decode_status, encode
from wire.link import Link
from wire.messages import Commands, Receipts, Status


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Broker:
    """mosquitto on loopback, without persistence: what it forgets, receipts make good."""

    def __init__(self, directory: Path, program: str) -> None:
        self.port = free_port()
        self._config = directory / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            "max_queued_messages 100000\n"
        )
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> BrokerAddress:
        return BrokerAddress(host="127.0.0.1", port=self.port)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.02)
        pytest.fail("mosquitto did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


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


async def until(true: Callable[[], object], *, within_s: float = 15) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not true():
        if loop.time() > end:
            pytest.fail(f"not within {within_s} s")
        await asyncio.sleep(0.02)
