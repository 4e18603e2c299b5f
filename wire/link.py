"""The gateway's end of the line, and ingest's where the broker speaks only MQTT 3.1.1: paho."""

from collections.abc import Sequence
from typing import Final

from wire.address import BrokerAddress
from wire.backoff import Backoff
from wire.consumer import OnState, Will
from wire.inbox import Bounds
from wire.line import Line
from wire.paho_session import open_session
from wire.session import Wishes

BACKOFF: Final = Backoff(first_s=2.0, most_s=60.0)
"""Many homes, one broker: after its restart they come back spread out."""
WINDOW: Final = 20
"""Our messages under way: what every broker takes, and little for a home's radio to hold."""
BOUNDS: Final = Bounds(messages=2000, bytes=4 * 1024 * 1024)
"""For 60 MB of gateway."""


class Link(Line):
    """A `wire.consumer.Consumer` for homes: MQTT 5, and 3.1.1 where the broker has no better.

    On 3.1.1 a refused message looks like a taken one: only a receipt says that it arrived. `batch`
    does not raise when the broker refuses us: a home goes on measuring. See `on_state`.
    """

    def __init__(  # noqa: PLR0913 (each is one plain wish)
        self,
        address: BrokerAddress,
        *,
        client_id: str,
        filters: Sequence[str],
        will: Will | None = None,
        keepalive_s: int = 30,
        receive_maximum: int = 100,
        session_expiry_s: int = 0,
        on_state: OnState | None = None,
        bounds: Bounds = BOUNDS,
        backoff: Backoff = BACKOFF,
        loud: bool = False,
    ) -> None:
        wishes = Wishes(
            address=address,
            client_id=client_id,
            filters=tuple(filters),
            will=will,
            keepalive_s=keepalive_s,
            receive_maximum=receive_maximum,
            session_expiry_s=session_expiry_s,
            window=WINDOW,
            most_unsent=1000,
            most_unsent_bytes=4 * 1024 * 1024,
            bounds=bounds,
            backoff=backoff,
        )
        super().__init__(wishes, open_session, on_state=on_state, loud=loud)
