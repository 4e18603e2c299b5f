"""Date Time 0x2A08 and Current Time 0x2A2B: what a device's own clock shows. It has no zone."""

import datetime as dt
from struct import Struct, error
from typing import Final

from device_profiles.errors import EncodeError

SIZE: Final = 7
EARLIEST_YEAR: Final = 1900
"""The field goes back to 1582, but no electronic clock does: such a year is noise, not a time.
The wire refuses years outside these two, and a reading must never be lost for its device's clock.
"""
LATEST_YEAR: Final = 9998

_FIELDS: Final = Struct("<HBBBBB")


def parse(data: bytes, at: int = 0) -> dt.datetime | None:
    """The seven bytes from `at` as a naive datetime; None where unknown (zeros) or impossible.

    The caller has checked the length.
    """
    year, month, day, hour, minute, second = _FIELDS.unpack_from(data, at)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - no zone sent
    except ValueError:
        return None


def digits(data: bytes, at: int = 0) -> str:
    """The same seven bytes as they stand, `0000-04-17T20:41:59`, for a time that cannot be one."""
    year, month, day, hour, minute, second = _FIELDS.unpack_from(data, at)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


def parse_digits(text: str) -> bytes:
    """The seven bytes behind `digits`. Raises EncodeError for a text that is none."""
    date, _, clock = text.partition("T")
    try:
        return _FIELDS.pack(*(int(part) for part in (*date.split("-"), *clock.split(":"))))
    except (ValueError, error) as problem:
        raise EncodeError(f"{text!r} is not a date and a time of day") from problem


def encode(moment: dt.datetime | None) -> bytes:
    """Seven bytes; zeros, which mean "unknown", for None. Fractions of a second are dropped."""
    if moment is None:
        return bytes(SIZE)
    return _FIELDS.pack(
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second
    )


def shifted(moment: dt.datetime, *, minutes: int) -> dt.datetime | None:
    """A moment moved by a glucose meter's time offset; None beyond the years we believe."""
    try:
        moved = moment + dt.timedelta(minutes=minutes)
    except OverflowError:
        return None
    return moved if EARLIEST_YEAR <= moved.year <= LATEST_YEAR else None
