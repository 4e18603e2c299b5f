"""What comes out of a readings message: the good ones, and each bad one with its reason."""

from uuid import UUID

from msgspec import Struct

from wire.messages import Readings


class RefusedReading(Struct, frozen=True, kw_only=True):
    """One reading of a message that could not be taken; the others were."""

    raw: bytes
    """Exactly what was sent, for the dead letters."""
    id: UUID | None
    """Where it could be made out: then the gateway can be answered `rejected`."""
    pointer: str
    """JSON pointer (RFC 6901) into the message."""
    error: str
    """Plain words, without the values."""


class Decoded(Struct, frozen=True):
    """A message of which at least the envelope could be read."""

    message: Readings
    """Holds the good readings, in order; it may be left with none."""
    refused: tuple[RefusedReading, ...] = ()
