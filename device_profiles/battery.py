"""Battery Level 0x2A19: one byte, 0 to 100 per cent."""

from typing import Final

from device_profiles.cursor import Cursor
from device_profiles.errors import EncodeError

_FULL: Final = 100


def decode(data: bytes) -> int | None:
    """Per cent; None for a number beyond 100. Raises DecodeError where there is no byte."""
    level = Cursor(data).u8()
    return level if level <= _FULL else None


def encode(level: int) -> bytes:
    if not 0 <= level <= _FULL:
        raise EncodeError(f"{level} is no percentage")
    return bytes((level,))
