"""Messages that have arrived and wait for the consumer: bounded, in order, nothing dropped."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from wire.delivery import Delivery

SILENCE_S: Final = 1.0
"""An idle consumer hears nothing for this long and gets an empty batch: time to look around."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Over either of these the line stops reading. What the socket held then still comes in."""

    messages: int = 20_000
    bytes: int = 32 * 1024 * 1024


class Inbox:
    """Filled by the connection, emptied by `batch`. Tells `on_flow(True)` to stop reading."""

    def __init__(self, bounds: Bounds, on_flow: Callable[[bool], None]) -> None:
        self._bounds = bounds
        self._on_flow = on_flow
        self._waiting: deque[Delivery] = deque()
        self._bytes = 0
        self._full = False
        self._closed = False
        self._early: list[Delivery] | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._wanted = (1, 1)

    @property
    def full(self) -> bool:
        """The line should not read: asked by each new connection."""
        return self._full

    @property
    def messages(self) -> int:
        return len(self._waiting)

    @property
    def bytes(self) -> int:
        return self._bytes

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Takes everything that is offered: it has been read from the socket already."""
        if self._early is not None:
            self._early.extend(deliveries)
            return
        self._waiting.extend(deliveries)
        self._bytes += _size(deliveries)
        if self._arrival is not None and self._enough(*self._wanted):
            self._wake()
        if not self._full and self._over_bounds():
            self._full = True
            self._on_flow(True)

    def hold_back(self) -> None:
        """A connection is being made, and its first messages may come before the broker's consent:
        whoever got one now could not acknowledge it yet. Those of an attempt that failed are
        forgotten; unacknowledged, they come again.
        """
        self._early = []

    def let_in(self) -> None:
        """The connection stands: hand out what came early, and everything from here on."""
        early, self._early = self._early, None
        if early:
            self.put(early)

    async def batch(self, *, most: int, most_bytes: int, wait_s: float) -> list[Delivery]:
        """As described at `wire.consumer.Consumer.batch`."""
        if not self._waiting and not self._closed:
            await self._wait_for((1, 1), SILENCE_S)
        if self._waiting and wait_s > 0 and not self._enough(most, most_bytes):
            await self._wait_for((most, most_bytes), wait_s)
        return self._take(most, most_bytes)

    def close(self) -> None:
        """No more waiting: what is here can still be taken."""
        self._closed = True
        self._wake()

    def _enough(self, most: int, most_bytes: int) -> bool:
        return len(self._waiting) >= most or self._bytes >= most_bytes

    def _over_bounds(self) -> bool:
        return len(self._waiting) >= self._bounds.messages or self._bytes >= self._bounds.bytes

    def _half_empty(self) -> bool:
        """Not at the first free place: stopping and starting for each message costs more."""
        bounds = self._bounds
        return len(self._waiting) <= bounds.messages // 2 and self._bytes <= bounds.bytes // 2

    async def _wait_for(self, wanted: tuple[int, int], seconds: float) -> None:
        if self._closed:
            return
        loop = asyncio.get_running_loop()
        self._wanted, self._arrival = wanted, loop.create_future()
        alarm = loop.call_later(seconds, self._wake)
        try:
            await self._arrival
        finally:
            alarm.cancel()
            self._arrival = None

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    def _take(self, most: int, most_bytes: int) -> list[Delivery]:
        waiting = self._waiting
        taken = [waiting.popleft() for _ in range(min(most, len(waiting)))]
        size = _size(taken)
        while size > most_bytes and len(taken) > 1:
            waiting.appendleft(taken.pop())
            size -= len(waiting[0].payload)
        self._bytes -= size
        if self._full and self._half_empty():
            self._full = False
            self._on_flow(False)
        return taken


def _size(deliveries: Sequence[Delivery]) -> int:
    return sum([len(delivery.payload) for delivery in deliveries])
