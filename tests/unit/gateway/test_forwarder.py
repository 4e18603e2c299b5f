import asyncio
import contextlib
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from gateway.forwarder import NEWEST, Forwarder
from gateway.hub_clock import HubClock
from gateway.outbox import Outbox
from gateway.settings import ForwardRules
from tests.unit.gateway.builders import NOW, outbox_in, reading
from wire.codec import decode_readings
from wire.delivery import Delivery
from wire.messages import Receipts


class FakeLine:
    """A line that takes everything, and on which nobody answers."""

    connected = True
    generation = 1

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.news = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to leave."""

    async def wait_connected(self, timeout_s: float) -> None:
        """It always is."""

    async def batch(self, *, wait_s: float, **_: object) -> list[Delivery]:
        await asyncio.sleep(wait_s)
        return []

    def ack(self, _: Sequence[Delivery]) -> int:
        return 0

    def publish_soon(self, *_: object, **__: object) -> bool:
        return False

    async def publish(self, topic: str, payload: bytes, **_: object) -> None:
        assert topic == "hearthbeat/v1/gw-1/readings"
        message = decode_readings(payload).message
        self.sent += [one.seq for one in message.readings if one.seq is not None]
        self.news.set()


def forwarder(
    outbox: Outbox, line: FakeLine, *, window: int, most: int = 500, again_s: float = 1000
) -> Forwarder:
    return Forwarder(
        outbox,
        line,
        gateway_id="gw-1",
        rules=ForwardRules(
            window=window, window_for_new=0, most_per_message=most, resend_first_s=again_s
        ),
        clock=HubClock(lambda: NOW, earliest=NOW - dt.timedelta(1), grace_s=0, newest_known=None),
    )


async def until_sent(line: FakeLine, seqs: list[int]) -> None:
    async with asyncio.timeout(60):
        while line.sent[: len(seqs)] != seqs:
            line.news.clear()
            await line.news.wait()


async def test_a_receipt_that_the_forwarder_did_not_hear_of_takes_no_place_in_the_window(
    tmp_path: Path,
) -> None:
    file, outbox = outbox_in(tmp_path)
    line = FakeLine()
    part = forwarder(outbox, line, window=3)
    task = asyncio.create_task(part.run())
    kept = outbox.add(*[reading(number) for number in range(3)], now=NOW)
    part.poke()
    await until_sent(line, [1, 2, 3])

    outbox.settle(Receipts(committed=[one.id for one in kept]), now=NOW)
    outbox.add(reading(3), reading(4), now=NOW)
    part.poke()

    await until_sent(line, [1, 2, 3, 4, 5])
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    file.close()


async def test_what_was_new_is_repeated_though_a_long_backlog_lies_before_it(
    tmp_path: Path,
) -> None:
    file, outbox = outbox_in(tmp_path)
    line = FakeLine()
    task = asyncio.create_task(forwarder(outbox, line, window=4, most=4, again_s=0.05).run())
    outbox.add(*[reading(number) for number in range(NEWEST + 15)], now=NOW)

    # What is new goes first and fills the window; nobody answers; it must go again.
    await until_sent(line, [16, 17, 18, 19, 16, 17, 18, 19])

    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    file.close()
