"""Ingest's end of the line: MQTT 5 on the `mqtt5` codec, made for many small messages."""

from collections.abc import Sequence
from typing import Final

from wire.address import BrokerAddress
from wire.backoff import Backoff
from wire.consumer import OnState, Will
from wire.errors import BadAddress
from wire.inbox import Bounds
from wire.line import Line
from wire.mqtt5_session import open_session
from wire.session import Wishes

BACKOFF: Final = Backoff(first_s=0.25, most_s=10.0)
"""Few workers, near the broker: back soon."""


class Intake(Line):
    """A `wire.consumer.Consumer` for clinics: any MQTT 5 broker, shared subscriptions included.

    Give each worker its own fixed `client_id`, and no `session_expiry_s` over 60: a broker parks a
    worker's share of the messages on a session that outlives it. `batch` raises LoginRefused or
    SubscriptionRefused while the broker refuses us: an ingest that may not read must be seen.
    """

    def __init__(  # noqa: PLR0913 (each is one plain wish)
        self,
        address: BrokerAddress,
        *,
        client_id: str,
        filters: Sequence[str],
        will: Will | None = None,
        keepalive_s: int = 20,
        receive_maximum: int = 20_000,
        session_expiry_s: int = 0,
        on_state: OnState | None = None,
        bounds: Bounds | None = None,
        backoff: Backoff = BACKOFF,
    ) -> None:
        if address.protocol == "3.1.1":
            raise BadAddress("Intake speaks MQTT 5 only; wire.link.Link speaks 3.1.1")
        wishes = Wishes(
            address=address,
            client_id=client_id,
            filters=tuple(filters),
            will=will,
            keepalive_s=keepalive_s,
            receive_maximum=receive_maximum,
            session_expiry_s=session_expiry_s,
            window=1000,
            bounds=bounds or Bounds(),
            backoff=backoff,
        )
        super().__init__(wishes, open_session, on_state=on_state, loud=True)
