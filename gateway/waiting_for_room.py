"""A hub that cannot even open its outbox for want of room: it stays, says so, and tries again.

Leaving would help nobody: the next process finds the same disk, and the line, on which this one can
say what is wrong, would be gone meanwhile.
"""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from gateway.errors import DiskFull
from gateway.sd_notify import ALIVE, READY, Notifier
from gateway.settings import GatewaySettings
from wire import topics
from wire.codec import encode
from wire.consumer import Consumer
from wire.errors import WireError
from wire.messages import Presence, Status

DISK_FULL: Final = "the disk is full"
"""In the status: what keeps the hub from its work."""
EVERY_S: Final = 2.0
"""Opening costs little, and a reading is only measured once."""
SAY_WITHIN_S: Final = 2.0
T = TypeVar("T")
log = structlog.get_logger()


class WaitingForRoom:
    """`until_opened` tries until there is room, or `stop` is set."""

    def __init__(self, settings: GatewaySettings, link: Consumer, *, notifier: Notifier) -> None:
        self._settings = settings
        self._link = link
        self._notifier = notifier
        self._said_on = -1
        """The connection on which the clinic was told."""

    async def until_opened(self, opened: Callable[[], T], stop: asyncio.Event) -> T | None:
        """What `opened` returns as soon as it does not raise DiskFull; None after `stop`."""
        log.error("disk full", consequence="the outbox cannot be opened until there is room")
        self._notifier.say(READY)
        self._notifier.status(DISK_FULL)
        while not await _set_within(stop, EVERY_S):
            self._notifier.say(ALIVE)
            try:
                found = opened()
            except DiskFull:
                await self._tell_the_clinic()
            else:
                log.warning("disk", full=False, consequence="the outbox is open")
                self._notifier.status("")
                return found
        return None

    async def _tell_the_clinic(self) -> None:
        """Once on each connection: the status is retained."""
        if not self._link.connected or self._said_on == self._link.generation:
            return
        status = Status(state=Presence.ONLINE, version=self._settings.version, trouble=DISK_FULL)
        topic = topics.status(self._settings.gateway_id)
        try:
            await self._link.publish(topic, encode(status), retain=True, timeout_s=SAY_WITHIN_S)
            self._said_on = self._link.generation
        except WireError as error:
            log.warning("status not taken", why=str(error))


async def _set_within(event: asyncio.Event, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            return await event.wait()
    except TimeoutError:
        return False
