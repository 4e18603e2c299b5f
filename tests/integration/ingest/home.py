"""A gateway reduced to what ingest sees of it: messages out, receipts and commands in."""

import asyncio
import contextlib
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

from care.registry import add_device, add_gateway, add_organisation, add_patient, assign
from store.pool import Connection, Pool
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality
from wire import topics
from wire.address import BrokerAddress
from wire.backoff import Backoff
from wire.codec import decode_commands, decode_receipts, encode_readings
from wire.errors import LineError
from wire.link import Link
from wire.messages import Commands

ADDRESS = "A0:B1:C2:D3:E4:F5"
MEASURED = dt.datetime(2026, 11, 20, 8, 15, 5, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
LONG_AGO = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)

_numbers = itertools.count(1)


async def furnish(conn: Connection) -> None:
    """One organisation with gateway gw-1, one cuff, and the patient who has it."""
    whose = (await add_organisation(conn, name="Clinic", time_zone="America/New_York")).id
    await add_gateway(conn, whose, gateway_id="gw-1", time_zone="America/New_York")
    cuff = await add_device(conn, whose, address=ADDRESS, profile="ua651", gateway_id="gw-1")
    patient = await add_patient(conn, whose, mrn="1", given_name="Test", family_name="Person")
    await assign(conn, whose, device_id=cuff.id, patient_id=patient.id, starts_at=LONG_AGO)


def reading(**changes: Any) -> Reading:
    """Plausible, and different from all others, unless a test says otherwise."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "id": UUID(int=number << 64 | 0xABC),
        "device": ADDRESS,
        "kind": Kind.BLOOD_PRESSURE,
        "measured_at": MEASURED + dt.timedelta(seconds=number),
        "time_quality": TimeQuality.DEVICE,
        "values": {"systolic": 128.0, "diastolic": 81.0},
    }
    return Reading(**(fields | changes))


def message(*readings: Reading) -> bytes:
    return encode_readings(readings, sent_at=MEASURED)


class Home:
    """Publishes for one gateway and keeps all that is said to it."""

    def __init__(self, line: Link, gateway: str) -> None:
        self._line = line
        self._gateway = gateway
        self.committed: list[UUID] = []
        self.quarantined: dict[UUID, str] = {}
        self.rejected: dict[UUID, str] = {}
        self.commands: list[Commands] = []

    @classmethod
    @asynccontextmanager
    async def at(cls, address: BrokerAddress, gateway: str) -> AsyncIterator[Self]:
        line = Link(
            address,
            client_id=f"home-{gateway}",
            filters=[topics.receipts(gateway), topics.commands(gateway)],
            backoff=Backoff(first_s=0.05, most_s=0.2),
        )
        async with line:
            await line.wait_connected(60)
            home = cls(line, gateway)
            listening = asyncio.create_task(home._listen())
            try:
                yield home
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def send(self, *readings: Reading) -> None:
        await self.say(message(*readings))

    async def say(self, payload: bytes, *, topic: str | None = None, retain: bool = False) -> None:
        await self._line.publish(topic or topics.readings(self._gateway), payload, retain=retain)

    async def status(self, payload: bytes) -> None:
        await self.say(payload, topic=topics.status(self._gateway), retain=True)

    async def insist(self, *readings: Reading, every_s: float = 1, timeout_s: float = 60) -> None:
        """As a real gateway: send again whatever has no answer yet, until nothing is left."""
        async with asyncio.timeout(timeout_s):
            while left := [each for each in readings if each.id not in self.answers]:
                for start in range(0, len(left), 50):
                    await self._try(left[start : start + 50])
                with contextlib.suppress(TimeoutError):
                    await self.answered(left, timeout_s=every_s)

    async def _try(self, readings: Sequence[Reading]) -> None:
        with contextlib.suppress(LineError):
            await self.send(*readings)

    async def answered(self, readings: Sequence[Reading], *, timeout_s: float = 60) -> None:
        """Until each of these has been answered in one way or another."""
        wanted = {each.id for each in readings}
        await eventually(lambda: wanted <= self.answers, timeout_s=timeout_s)

    async def answered_times(self, times: int) -> None:
        """Until that many readings, repeats included, were answered `committed`."""
        await eventually(lambda: len(self.committed) >= times)

    @property
    def answers(self) -> set[UUID]:
        return {*self.committed, *self.quarantined, *self.rejected}

    async def _listen(self) -> None:
        while True:
            for delivery in await self._line.batch(most=500, most_bytes=2**22, wait_s=0):
                if delivery.topic.endswith("/commands"):
                    self.commands.append(decode_commands(delivery.payload))
                else:
                    self._hear(delivery.payload)
                self._line.ack([delivery])

    def _hear(self, payload: bytes) -> None:
        receipts = decode_receipts(payload)
        self.committed += receipts.committed
        self.quarantined |= {each.id: each.reason for each in receipts.quarantined}
        self.rejected |= {each.id: each.reason for each in receipts.rejected}


async def eventually(true: Callable[[], object], *, timeout_s: float = 60) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 (what is waited for is not ours to signal)
            await asyncio.sleep(0.01)


async def until(pool: Pool, question: str, *, timeout_s: float = 60) -> None:
    """Until the database answers yes."""
    async with asyncio.timeout(timeout_s):
        while not await pool.fetchval(question):  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.02)
