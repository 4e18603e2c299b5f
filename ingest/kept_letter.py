"""What is told of a dead letter wherever it is shown, but for its content and whose it is."""

import datetime as dt

from msgspec import Struct


class KeptLetter(Struct, frozen=True, kw_only=True):
    id: int
    topic: str
    pointer: str
    error: str
    bytes: int
    """As it came."""
    truncated: bool
    """Only the beginning was kept: more came from its gateway than is kept whole."""
    first_received_at: dt.datetime
    last_received_at: dt.datetime
    times: int
    replayed_at: dt.datetime | None
    outcome: str | None
