"""What the clinic tells each gateway: its devices, its zone, and what to send again. Retained."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import UNSET
from msgspec.structs import replace
from structlog import get_logger

from wire import topics
from wire.codec import encode
from wire.consumer import Consumer
from wire.errors import Unsendable
from wire.messages import MOST_DEVICES, Commands, KnownDevice, MeasureAgain

log = get_logger()

MOST_AT_ONCE: Final = 500
"""At a start every gateway is new: thousands of them must not hold up the readings."""

Questions = Mapping[str, tuple[int, dt.datetime]]
"""Gateway -> from which outbox number on it was asked to send again, and when."""

Requests = Mapping[str, Sequence[MeasureAgain]]
"""Gateway -> what its home is asked to measure again, in a fixed order."""


def commands_for(
    gateway: str,
    *,
    devices: list[KnownDevice],
    time_zone: str | None,
    questions: Questions,
    requests: Requests,
) -> Commands:
    """The whole of what one gateway should know. The same facts make the same bytes."""
    resend_from, asked_at = questions.get(gateway, (None, None))
    return Commands(
        devices=sorted(devices, key=lambda known: known.device)[:MOST_DEVICES],
        resend_from=resend_from,
        time_zone=time_zone,
        at=asked_at,
        measure_again=[*requests.get(gateway, ())][:MOST_DEVICES] or UNSET,
    )


class Announcer:
    """Publishes commands when they change, and again to a broker that may have forgotten them."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._announced: dict[str, Commands] = {}
        self._generation = -1

    def forget(self, gateway: str) -> None:
        """Announce to this gateway again at the next turn: it has just come back."""
        self._announced.pop(gateway, None)

    def announce(self, wanted: Mapping[str, Commands]) -> int:
        """Publish what is new; how many messages. What the line can't take now waits."""
        if self._consumer.generation != self._generation:
            # Another connection may be another broker, with its retained messages lost.
            self._generation = self._consumer.generation
            self._announced.clear()
        count = 0
        for gateway, commands in wanted.items():
            if self._announced.get(gateway) == commands:
                continue
            if count == MOST_AT_ONCE or not self._say(gateway, commands):
                break
            self._announced[gateway] = commands
            count += 1
        for gone in self._announced.keys() - wanted.keys():
            del self._announced[gone]
        return count

    def _say(self, gateway: str, commands: Commands) -> bool:
        payload = _payload(gateway, commands)
        return self._consumer.publish_soon(topics.commands(gateway), payload, retain=True)


def _payload(gateway: str, commands: Commands) -> bytes:
    """What one person typed about one device must not end the readings of every home."""
    try:
        return encode(commands)
    except Unsendable as error:
        log.error("a gateway cannot be told its devices", gateway=gateway, why=str(error))  # noqa: TRY400 (the traceback tells nothing)
        return encode(replace(commands, devices=None))
