"""A reading's identity: the same record gets the same id, whoever sends it and however often."""

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from vitals.kinds import Kind

NAMESPACE: Final = UUID("8f1c61b4-6a0e-5a63-9d0f-6d6c0b1c2a11")
"""Of all readings, for ever: another value would make every stored reading look new."""


def reading_id(
    *,
    device: str,
    kind: Kind,
    frame: bytes,
    device_time: dt.datetime | None,
    sequence: int | None,
    captured_at: dt.datetime,
) -> UUID:
    """The UUIDv5 (RFC 9562) of the record.

    A record that carries its own time or number is named by them and its bytes, so that two
    gateways that hear it, or one that hears it twice, make one reading of it. Where the device
    sends neither, only `captured_at` (aware, when the gateway first persisted the frame) can tell
    yesterday's 70.0 kg from today's.
    """
    if device_time is not None or sequence is not None:
        occasion = f"{'' if device_time is None else device_time.isoformat()}#{sequence}"
    else:
        occasion = "captured " + captured_at.astimezone(dt.UTC).isoformat()
    return uuid5(NAMESPACE, f"{device.upper()}|{kind}|{occasion}|{frame.hex()}")
