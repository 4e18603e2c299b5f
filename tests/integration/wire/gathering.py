"""What most tests of the line do: send some, and take until all are there."""

import asyncio
from collections.abc import Callable

from wire import topics
from wire.delivery import Delivery
from wire.line import Line

READINGS = topics.readings("gw-1")


async def send(publisher: Line, count: int, *, size: int = 10) -> list[bytes]:
    payloads = [b"%0*d" % (size, number) for number in range(count)]
    for payload in payloads:
        while not publisher.publish_soon(READINGS, payload):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return payloads


async def take(
    consumer: Line, count: int, *, ack: bool = True, timeout_s: float = 60
) -> list[Delivery]:
    taken: list[Delivery] = []
    async with asyncio.timeout(timeout_s):
        while len(taken) < count:
            batch = await consumer.batch(most=500, most_bytes=2**20, wait_s=0.02)
            taken += batch
            if ack:
                consumer.ack(batch)
    return taken


async def eventually(true: Callable[[], object], *, timeout_s: float = 60) -> None:
    async with asyncio.timeout(timeout_s):
        while not true():  # noqa: ASYNC110 (what is waited for is not ours to signal)
            await asyncio.sleep(0.01)
