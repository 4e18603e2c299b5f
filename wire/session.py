"""One connection to the broker, as the reconnecting line above it sees it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from wire.address import BrokerAddress
from wire.backoff import Backoff
from wire.consumer import Will
from wire.delivery import Delivery
from wire.errors import TooLarge
from wire.inbox import Bounds
from wire.messages import MOST_BYTES
from wire.outbound import Outgoing

MOST_PACKET_BYTES: Final = 512 * 1024
"""Of one packet that we let the broker send us: a payload over the protocol's limit still arrives,
and so ends in the dead letters instead of in silence."""
ANSWER_S: Final = 10.0
"""For the broker to answer CONNECT and SUBSCRIBE."""
GOODBYE_S: Final = 2.0
"""For what is under way to be answered when we leave."""
PACKET_EXTRA_BYTES: Final = 16
"""Fixed header, packet id and properties of our PUBLISH, rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a line wants of every connection."""

    address: BrokerAddress
    client_id: str
    filters: Sequence[str]
    will: Will | None
    keepalive_s: int
    receive_maximum: int
    session_expiry_s: int
    window: int
    """Messages of ours without an answer, at most; the broker may want fewer."""
    most_unsent: int = 20_000
    most_unsent_bytes: int = 16 * 1024 * 1024
    bounds: Bounds = field(default_factory=Bounds)
    backoff: Backoff = field(default_factory=Backoff)


class Session(Protocol):
    """A connection on which the broker has granted all filters."""

    @property
    def protocol(self) -> str:
        """`5` or `3.1.1`."""

    @property
    def lost(self) -> asyncio.Future[str]:
        """Done, with the reason in plain words, when the connection has ended."""

    def acknowledge(self, deliveries: Sequence[Delivery]) -> int: ...

    def offer(self, message: Outgoing) -> bool:
        """Take it for sending; False when too much waits. Raises TooLarge."""

    def flow(self, *, stop: bool) -> None:
        """Stop or go on reading from the socket."""

    def unsubscribe(self) -> None:
        """Ask the broker to send nothing new."""

    async def close(self) -> None:
        """Let what is under way be answered, say goodbye, and end."""


def check_size(message: Outgoing, most_packet_bytes: int | None) -> None:
    """Refuse before sending what the other side would drop, or would hang up on."""
    size = len(message.payload)
    if size > MOST_BYTES:
        raise TooLarge(size=size, limit=MOST_BYTES)
    packet = size + len(message.topic.encode()) + PACKET_EXTRA_BYTES
    if most_packet_bytes is not None and packet > most_packet_bytes:
        raise TooLarge(size=packet, limit=most_packet_bytes)


def settle(granted: asyncio.Future[None], error: Exception | None = None) -> None:
    """Answer whoever opens the connection; there may be nobody any more."""
    if granted.done():
        return
    if error is None:
        granted.set_result(None)
    else:
        granted.set_exception(error)
        granted.exception()  # Seen: no complaint when nobody waits for it.
