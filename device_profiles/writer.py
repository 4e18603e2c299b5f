"""Builds a frame field by field, the inverse of the cursor, and refuses what a field can't hold."""

import datetime as dt
from collections.abc import Mapping

from device_profiles import date_time
from device_profiles.errors import EncodeError
from device_profiles.ieee11073 import float32_word, sfloat_word
from vitals.flags import Special
from vitals.reading import Measurement


class Writer:
    """Appends little-endian fields. Every method raises EncodeError for a value out of range."""

    __slots__ = ("data",)

    def __init__(self) -> None:
        self.data = bytearray()

    def unsigned(self, value: float, *, size: int) -> None:
        """A whole number of `size` bytes; rounded to the nearest."""
        self._integer(value, size=size, signed=False)

    def signed(self, value: float, *, size: int) -> None:
        self._integer(value, size=size, signed=True)

    def _integer(self, value: float, *, size: int, signed: bool) -> None:
        try:
            self.data += round(value).to_bytes(size, "little", signed=signed)
        except (OverflowError, ValueError) as problem:
            raise EncodeError(f"{value} does not fit in {size} bytes") from problem

    def sfloat(self, value: float | Special, *, shift: int = 0) -> None:
        self.unsigned(sfloat_word(value, shift=shift), size=2)

    def float32(self, value: float | Special) -> None:
        self.unsigned(float32_word(value), size=4)

    def time(self, moment: dt.datetime | None, digits: object = None) -> None:
        """Seven bytes: the moment, else the impossible digits that were once received."""
        if moment is None and isinstance(digits, str):
            self.data += date_time.parse_digits(digits)
        else:
            self.data += date_time.encode(moment)

    def finish(self, details: Mapping[str, object]) -> bytes:
        """The frame, with the trailing bytes that were once received."""
        extra = details.get("extra")
        if isinstance(extra, str):
            try:
                self.data += bytes.fromhex(extra)
            except ValueError as problem:
                raise EncodeError(f"trailing bytes {extra!r} are not hex") from problem
        return bytes(self.data)


def quantity(measurement: Measurement, name: str) -> float | Special:
    """The value, else its special value, else NaN: what a device sends for "not measured"."""
    value = measurement.values.get(name)
    return measurement.special.get(name, Special.NAN) if value is None else value


def number(value: object) -> float | Special:
    """A number, or a special value by its name, from a measurement's details; else NaN."""
    if isinstance(value, int | float):
        return float(value)
    try:
        return Special(str(value))
    except ValueError:
        return Special.NAN


def integer(details: Mapping[str, object], name: str, default: int = 0) -> int:
    """A whole number from a measurement's details."""
    value = details.get(name, default)
    return value if isinstance(value, int) else default


def has_time(measurement: Measurement) -> bool:
    return measurement.device_time is not None or "time" in measurement.details
