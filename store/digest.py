"""A reading's content in 16 bytes: what tells a repeated record from a reused id."""

from hashlib import blake2b
from typing import Any, Final

from msgspec.json import Encoder

from vitals.reading import SAID_BY_THE_GATEWAY, Reading

SIZE_BYTES: Final = 16

_encode: Final = Encoder(order="deterministic").encode


def digest(reading: Reading) -> bytes:
    """Covers what the device said, and not how and when it was heard.

    Two gateways that collect one record send it with their own times, drift and outbox numbers:
    that is one reading, and the second is a duplicate.
    """
    said = (
        reading.device,
        reading.kind,
        reading.device_time,
        reading.sequence,
        reading.user,
        reading.values,
        reading.special,
        reading.flags,
        _said_around(reading),
        reading.frame,
    )
    return blake2b(_encode(said), digest_size=SIZE_BYTES).digest()


def _said_around(reading: Reading) -> dict[str, Any]:
    context = reading.context
    if SAID_BY_THE_GATEWAY.isdisjoint(context):
        return context
    return {key: said for key, said in context.items() if key not in SAID_BY_THE_GATEWAY}
