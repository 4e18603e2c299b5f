"""The port that both ends of the line have: `wire.intake.Intake` and `wire.link.Link`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from wire.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Will:
    """What the broker says in our name, QoS 1, when we vanish without a word."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How the line stands: told to `on_state` at each change, on the event loop."""

    connected: bool
    generation: int
    reason: str
    """Plain words: `connected (MQTT 5)`, `connection refused`, `the broker fell silent`, ..."""
    refused: int | None = None
    """MQTT's reason code, where the broker has just refused our sign-in."""


OnState = Callable[[State], None]


class Consumer(Protocol):
    """A subscribed connection that reconnects by itself, for ever, with full-jitter back-off.

    Entering starts it and does not wait for the broker. Leaving hands over what is already under
    way (a few seconds at most), says goodbye to the broker and frees everything.
    """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    @property
    def connected(self) -> bool:
        """True from the broker's consent to all our filters until the connection ends."""

    @property
    def generation(self) -> int:
        """Goes up with every attempt to connect; each Delivery carries the one it came on."""

    async def wait_connected(self, timeout_s: float) -> None:
        """Return when connected. Raises LinkDown when time is up, and LoginRefused or
        SubscriptionRefused as soon as the broker has said so.
        """

    async def batch(self, *, most: int, most_bytes: int, wait_s: float) -> list[Delivery]:
        """What has arrived, in order: after the first message, wait up to `wait_s` for `most`.

        Always takes one message, however large, and no further one that would go over `most_bytes`.
        An empty list after a second of silence, and at once when closed.
        """

    def ack(self, deliveries: Sequence[Delivery]) -> int:
        """Acknowledge; how many acknowledgements went out now.

        They go out in the order of arrival: one that overtakes an earlier message waits for it.
        Deliveries of an earlier connection are passed over: the broker sends those again.
        """

    def publish_soon(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """QoS 1 without waiting, for what may be repeated (receipts). False: not taken.

        What was taken is forgotten when the connection ends; the other side will ask again.
        """

    async def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, timeout_s: float = 10
    ) -> None:
        """QoS 1, returns when the broker has it. Raises LinkDown, PublishRefused, TooLarge."""
