"""Current Time 0x2A2B, ten bytes: a date time, the weekday, 1/256 seconds, why it was adjusted."""

import datetime as dt
from dataclasses import dataclass
from enum import IntFlag

from device_profiles import date_time
from device_profiles.cursor import Cursor


class AdjustReason(IntFlag):
    """Why the device's clock was last set; bits 4 to 7 are reserved and kept."""

    MANUAL = 0x01
    EXTERNAL_REFERENCE = 0x02
    TIME_ZONE = 0x04
    DAYLIGHT_SAVING = 0x08


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentTime:
    """What the clock shows; naive, in the device's own zone."""

    time: dt.datetime | None
    """To the second; None where unknown or impossible."""
    weekday: int = 0
    """1 Monday to 7 Sunday, 0 unknown."""
    fractions256: int = 0
    adjust_reason: int = 0
    digits: str = ""
    """The date and time as sent, where `time` is None."""
    extra: bytes = b""


def decode(data: bytes) -> CurrentTime:
    """Raises DecodeError where the frame is too short."""
    fields = Cursor(data)
    time, digits = fields.time()
    return CurrentTime(
        time=time,
        weekday=fields.u8(),
        fractions256=fields.u8(),
        adjust_reason=fields.u8(),
        digits=digits,
        extra=fields.rest(),
    )


def encode(moment: dt.datetime, *, adjust_reason: AdjustReason = AdjustReason.MANUAL) -> bytes:
    """The ten bytes that set a clock to local digits."""
    fractions256 = moment.microsecond * 256 // 1_000_000
    return date_time.encode(moment) + bytes((moment.isoweekday(), fractions256, adjust_reason))
