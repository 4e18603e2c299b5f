"""A line and a database that do as they are told."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from ingest.batch import Batch, Landed
from wire.delivery import Delivery
from wire.errors import LineError


class FakeConsumer:
    """Gives out what was put in; remembers what was acknowledged and published."""

    def __init__(self, *deliveries: Delivery) -> None:
        self.waiting = list(deliveries)
        self.acked: list[Delivery] = []
        self.published: list[tuple[str, bytes, bool]] = []
        self.refusals: list[LineError] = []
        self.connected = True
        self.generation = 1
        self.full_for = 0
        """How many times publish_soon says no."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connected = False

    async def wait_connected(self, timeout_s: float) -> None:
        del timeout_s

    async def batch(self, *, most: int, most_bytes: int, wait_s: float) -> list[Delivery]:
        del most_bytes, wait_s
        await asyncio.sleep(0.001)
        if self.refusals:
            raise self.refusals.pop()
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken

    def ack(self, deliveries: Sequence[Delivery]) -> int:
        self.acked += deliveries
        return len(deliveries)

    def publish_soon(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        if self.full_for:
            self.full_for -= 1
            return False
        self.published.append((topic, payload, retain))
        return True

    async def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, timeout_s: float = 10
    ) -> None:
        del timeout_s
        self.published.append((topic, payload, retain))


class FakeCommitter:
    """Stores everything, after the troubles it was given, and once the gate is open."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.gate = asyncio.Event()
        self.gate.set()
        self.batches: list[Batch] = []
        self.entered = 0

    async def commit(self, batch: Batch) -> Landed:
        self.entered += 1
        await self.gate.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.batches.append(batch)
        return Landed(tuple(batch.rows), (), (), {}, ())
