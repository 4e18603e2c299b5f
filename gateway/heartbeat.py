"""The retained status: that the hub lives, what waits in it, how its devices are."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from gateway.device_book import DeviceBook
from gateway.hub_clock import HubClock
from gateway.outbox import Outbox
from wire import topics
from wire.codec import encode
from wire.consumer import Consumer, Will
from wire.errors import LinkDown, WireError
from wire.messages import Presence, Status

LOOK_S: Final = 1.0
log = structlog.get_logger()


def last_will(gateway_id: str, *, version: str) -> Will:
    """What the broker says when we vanish."""
    payload = encode(Status(state=Presence.OFFLINE, version=version))
    return Will(topic=topics.status(gateway_id), payload=payload, retain=True)


class Heartbeat:
    """Publishes at each connection, when asked, and every minute."""

    def __init__(
        self,
        link: Consumer,
        *,
        gateway_id: str,
        version: str,
        every_s: float,
        outbox: Outbox,
        book: DeviceBook,
        clock: HubClock,
        unanswered: Callable[[int], None],
    ) -> None:
        self._link = link
        self._topic = topics.status(gateway_id)
        self._version = version
        self._every_s = every_s
        self._outbox = outbox
        self._book = book
        self._clock = clock
        self._unanswered = unanswered
        self._due = 0.0
        self._generation = 0
        self._in_vain = 0

    def soon(self) -> None:
        """Something changed that the clinic should see: with the next look, not at once."""
        self._due = min(self._due, asyncio.get_running_loop().time() + LOOK_S)

    def status(self, state: Presence = Presence.ONLINE) -> Status:
        return Status(
            state=state,
            version=self._version,
            queue_depth=self._outbox.queue_depth,
            devices=self._book.statuses(),
            last_seq=self._outbox.last_seq,
            at=self._clock.now() if self._clock.trusted else None,
        )

    async def run(self) -> None:
        """For ever."""
        loop = asyncio.get_running_loop()
        while True:
            is_new = self._link.connected and self._link.generation != self._generation
            if self._link.connected and (is_new or loop.time() >= self._due):
                self._generation = self._link.generation
                self._due = loop.time() + self._every_s
                await self._publish(self.status())
            await asyncio.sleep(LOOK_S)

    async def say_goodbye(self) -> None:
        """The last will, said by ourselves: an orderly end is none of the broker's business."""
        if self._link.connected:
            await self._publish(self.status(Presence.OFFLINE), timeout_s=2)

    async def _publish(self, status: Status, *, timeout_s: float = 10) -> None:
        try:
            await self._link.publish(self._topic, encode(status), retain=True, timeout_s=timeout_s)
            self._in_vain = 0
        except LinkDown:
            self._in_vain += 1
        except WireError as error:
            log.warning("status not taken", why=str(error))
        self._unanswered(self._in_vain)
