"""What comes down the line: receipts and commands."""

from collections.abc import Callable
from uuid import UUID

import structlog

from gateway.commands import CommandBook
from gateway.errors import DiskFull
from gateway.hub_clock import HubClock
from gateway.outbox import Outbox
from wire import topics
from wire.codec import decode_receipts
from wire.consumer import Consumer
from wire.delivery import Delivery
from wire.errors import Unreadable, WireError
from wire.topics import Leaf

MOST = 50
MOST_BYTES = 1024 * 1024
log = structlog.get_logger()


class Listener:
    """Applies a message, then acknowledges it. Only this hub's own topics are subscribed."""

    def __init__(
        self,
        link: Consumer,
        *,
        outbox: Outbox,
        commands: CommandBook,
        clock: HubClock,
        answered: Callable[[list[UUID]], None],
    ) -> None:
        self._link = link
        self._outbox = outbox
        self._commands = commands
        self._clock = clock
        self._answered = answered

    async def run(self) -> None:
        """For ever."""
        while True:
            deliveries = await self._link.batch(most=MOST, most_bytes=MOST_BYTES, wait_s=0)
            for delivery in deliveries:
                self._apply(delivery)
            self._link.ack(deliveries)

    def _apply(self, delivery: Delivery) -> None:
        """What cannot be read or written now changes nothing: the clinic will say it again."""
        try:
            _, leaf = topics.parse(delivery.topic)
            if leaf is Leaf.RECEIPTS:
                receipts = decode_receipts(delivery.payload)
                self._answered(self._outbox.settle(receipts, now=self._clock.now()))
            elif leaf is Leaf.COMMANDS and delivery.payload:
                self._commands.obey(delivery.payload, retained=delivery.retain)
                self._answered([])  # There may be readings to send again.
        except Unreadable as error:
            log.warning("message cannot be read", pointer=error.pointer, error=error.error)
        except (WireError, DiskFull) as error:
            log.warning("message changes nothing", error=str(error))
