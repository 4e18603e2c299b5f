"""A reading's identity: the same record gets the same id, whoever sends it and however often."""

import datetime as dt
from hashlib import sha1
from typing import Final
from uuid import UUID

from vitals.kinds import Kind

NAMESPACE: Final = UUID("8f1c61b4-6a0e-5a63-9d0f-6d6c0b1c2a11")
"""Of all readings, for ever: another value would make every stored reading look new."""

EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - beside the digits of a device, without zone
_MILLISECOND: Final = dt.timedelta(milliseconds=1)
_VERSION_8: Final = 0x8 << 76
_VARIANT: Final = 0b10 << 62


def reading_id(
    *,
    device: str,
    kind: Kind,
    frame: bytes,
    device_time: dt.datetime | None,
    sequence: int | None,
    captured_at: dt.datetime,
) -> UUID:
    """A UUIDv8 (RFC 9562) of the record: when it says it was made, and 74 bits of SHA-1 of it all.

    A record that carries its own time or number is named by them and its bytes, so that two
    gateways that hear it, or one that hears it twice, make one reading of it. Where the device
    sends neither, only `captured_at` (aware, when the gateway first persisted the frame) can tell
    yesterday's 70.0 kg from today's.

    The time goes first, in milliseconds, as in UUIDv7: keys of one day stand together, and the
    database does not write another page of its largest index for each reading.
    """
    captured = captured_at.astimezone(dt.UTC)
    if device_time is not None or sequence is not None:
        occasion = f"{'' if device_time is None else device_time.isoformat()}#{sequence}"
        at = device_time
    else:
        occasion = "captured " + captured.isoformat()
        at = captured.replace(tzinfo=None)
    name = f"{device.upper()}|{kind}|{occasion}|{frame.hex()}"
    return _timed(at, sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest())


def _timed(at: dt.datetime | None, digest: bytes) -> UUID:
    """0 where the record has a number only (when it was heard differs by gateway), or no year that
    fits.
    """
    ms = 0 if at is None else max(0, (at - EPOCH) // _MILLISECOND)
    content = int.from_bytes(digest[:10], "big")  # 80 bits: 12, 62, and 6 that are not used.
    first, rest = content >> 68, content & ((1 << 62) - 1)
    return UUID(int=ms << 80 | _VERSION_8 | first << 64 | _VARIANT | rest)
