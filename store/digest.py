"""A reading's content in 16 bytes: what tells a repeated record from a reused id."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final, TypeAlias

from msgspec.json import Encoder

from vitals.reading import SAID_BY_THE_GATEWAY, Reading

SIZE_BYTES: Final = 16

Said: TypeAlias = tuple[Any, ...]

_encode_lines: Final = Encoder(order="deterministic").encode_lines
_blank: Final = blake2b(digest_size=SIZE_BYTES).copy
"""A copy costs less than reading the parameters again each time."""


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
        said_around(reading.context),
        reading.frame,
    )
    (found,) = digests([said])
    return found


def digests(said: Iterable[Said]) -> list[bytes]:
    """Of the fields in the order of `digest`, for who has those of many readings at hand.

    A line of JSON holds no line break: all are encoded in one call.
    """
    found = []
    for line in _encode_lines(list(said)).split(b"\n")[:-1]:
        content = _blank()
        content.update(line)
        found.append(content.digest())
    return found


def said_around(context: dict[str, Any]) -> dict[str, Any]:
    """The context without what the gateway added."""
    if SAID_BY_THE_GATEWAY.isdisjoint(context):
        return context
    return {key: said for key, said in context.items() if key not in SAID_BY_THE_GATEWAY}
