"""Many gateways in one process: they publish at a steady pace and time their own receipts."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from benchmarks.rig.mqtt import RawClient
from benchmarks.rig.workload import Home
from vitals.reading import Reading
from wire import topics
from wire.messages import Receipts

BURST_S: Final = 0.01
RECEIPTS: Final = msgspec.json.Decoder(Receipts)


class Fleet:
    """One connection per home; `latencies` holds (sent at, seconds) of every receipt so far."""

    def __init__(self, port: int, homes: Sequence[Home]) -> None:
        self._port = port
        self._homes = homes
        self._clients: dict[str, RawClient] = {}
        self._sent: dict[UUID, float] = {}
        self.latencies: list[tuple[float, float]] = []

    async def connect(self) -> None:
        for home in self._homes:
            client = await RawClient.connect(
                self._port, home.gateway, on_message=lambda _, payload: self._receipt(payload)
            )
            await client.subscribe(topics.receipts(home.gateway))
            self._clients[home.device] = client

    def lend(self, devices: Sequence[str]) -> None:
        """Devices of homes that have no connection of their own: these carry their readings."""
        clients = [self._clients[home.device] for home in self._homes]
        self._clients |= {
            device: clients[place % len(clients)] for place, device in enumerate(devices)
        }

    async def close(self) -> None:
        for client in set(self._clients.values()):
            await client.close()

    @property
    def waiting(self) -> int:
        """Readings sent and not receipted."""
        return len(self._sent)

    async def send(self, work: Sequence[tuple[Reading, str, bytes]], *, per_s: float) -> None:
        """Publish single-reading messages at an even pace, whatever the receipts do."""
        start, sent = time.perf_counter(), 0
        while sent < len(work):
            due = min(len(work), int((time.perf_counter() - start) * per_s) + 1)
            for reading, topic, payload in work[sent:due]:
                self._sent[reading.id] = time.perf_counter()
                self._clients[reading.device].publish_soon(topic, payload)
            sent = due
            await asyncio.sleep(BURST_S)

    async def settled(self, *, within_s: float) -> bool:
        """Whether every reading was receipted in time."""
        deadline = time.perf_counter() + within_s
        while self._sent:
            if time.perf_counter() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    def _receipt(self, payload: bytes) -> None:
        now = time.perf_counter()
        said = RECEIPTS.decode(payload)
        for each in (*said.committed, *(refusal.id for refusal in said.quarantined)):
            sent_at = self._sent.pop(each, None)
            if sent_at is not None:
                self.latencies.append((sent_at, now - sent_at))
