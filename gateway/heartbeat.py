"""The retained status: that the hub lives, what waits in it, how its devices are."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from msgspec import UNSET

from gateway import journal
from gateway.memory import Memory
from wire import topics
from wire.codec import encode
from wire.consumer import Consumer, Will
from wire.errors import LinkDown, WireError
from wire.messages import Presence, Status

LOOK_S: Final = 1.0
GOODBYE_S: Final = 2.0
MOST_WORDS: Final = 64
"""Of a text in a status."""
log = structlog.get_logger()


def last_will(gateway_id: str, *, version: str) -> Will:
    """What the broker says when we vanish."""
    payload = encode(Status(state=Presence.OFFLINE, version=version))
    return Will(topic=topics.status(gateway_id), payload=payload, retain=True)


def status_of(memory: Memory, *, state: Presence, version: str, obstacle: str | None) -> Status:
    """`obstacle` is what keeps the hub from its work, in plain words."""
    _, undecodable = journal.counts(memory.file)
    return Status(
        state=state,
        version=version,
        queue_depth=memory.outbox.queue_depth,
        devices=memory.book.statuses(),
        last_seq=memory.outbox.last_seq,
        at=memory.clock.now() if memory.clock.trusted else None,
        trouble=obstacle[:MOST_WORDS] if obstacle else UNSET,
        undecodable=undecodable or UNSET,
    )


class Heartbeat:
    """Publishes at each connection, soon after a change, and every minute."""

    def __init__(
        self,
        link: Consumer,
        *,
        gateway_id: str,
        every_s: float,
        status: Callable[[Presence], Status],
        unanswered: Callable[[int], None],
    ) -> None:
        """`unanswered` is told how many statuses in a row the broker has not acknowledged."""
        self._link = link
        self._topic = topics.status(gateway_id)
        self._every_s = every_s
        self._status = status
        self._unanswered = unanswered
        self._due = 0.0
        self._generation = 0
        self._in_vain = 0

    def soon(self) -> None:
        """Something changed that the clinic should see: with the next look, not at once."""
        self._due = min(self._due, asyncio.get_running_loop().time() + LOOK_S)

    async def run(self) -> None:
        """For ever."""
        loop = asyncio.get_running_loop()
        while True:
            is_new = self._link.connected and self._link.generation != self._generation
            if self._link.connected and (is_new or loop.time() >= self._due):
                self._generation = self._link.generation
                self._due = loop.time() + self._every_s
                await self._publish(self._status(Presence.ONLINE))
            await asyncio.sleep(LOOK_S)

    async def say_goodbye(self) -> None:
        """The last will, said by ourselves: an orderly end is none of the broker's business."""
        if self._link.connected:
            await self._publish(self._status(Presence.OFFLINE), timeout_s=GOODBYE_S)

    async def _publish(self, status: Status, *, timeout_s: float = 10) -> None:
        try:
            await self._link.publish(self._topic, encode(status), retain=True, timeout_s=timeout_s)
            self._in_vain = 0
        except LinkDown:
            self._in_vain += 1
        except WireError as error:
            log.warning("status not taken", why=str(error))
        self._unanswered(self._in_vain)
