"""Frames as makers really send them where that is not the standard's layout."""

from typing import Final

_SENT: Final = 0x56
_MEANT: Final = 0x1E
_PULSE_AT: Final = 14
_USER_AT: Final = 16
_STATUS_AT: Final = 17
_SIZE: Final = 19


def as_beurer_sends(frame: bytes) -> bytes:
    """The BM85's: bit 6 set, bit 3 clear though the user is there, pulse and status big-endian.

    Takes a blood pressure frame with time, pulse, user and status; leaves any other as it is.
    """
    if frame[:1] != bytes((_MEANT,)) or len(frame) < _SIZE:
        return frame
    return b"".join(
        (
            bytes((_SENT,)),
            frame[1:_PULSE_AT],
            frame[_PULSE_AT:_USER_AT][::-1],
            frame[_USER_AT:_STATUS_AT],
            frame[_STATUS_AT:_SIZE][::-1],
            frame[_SIZE:],
        )
    )
