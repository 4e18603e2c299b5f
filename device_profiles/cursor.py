"""A place in a frame: reads fields in wire order and refuses a frame that ends inside one."""

import datetime as dt
from struct import Struct, error
from typing import Final

from device_profiles import date_time
from device_profiles.errors import TRUNCATED, DecodeError
from device_profiles.ieee11073 import float32, sfloat
from vitals.flags import Special

_U16: Final = Struct("<H").unpack_from
_S16: Final = Struct("<h").unpack_from
_U32: Final = Struct("<I").unpack_from


class Cursor:
    """Reads little-endian fields one after another; what is left over can be asked for."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def u8(self) -> int:
        at = self.at
        try:
            value = self.data[at]
        except IndexError:
            raise truncated(self.data, at + 1) from None
        self.at = at + 1
        return value

    def u16(self) -> int:
        at = self.at
        try:
            (value,) = _U16(self.data, at)
        except error:
            raise truncated(self.data, at + 2) from None
        self.at = at + 2
        return int(value)

    def s16(self) -> int:
        at = self.at
        try:
            (value,) = _S16(self.data, at)
        except error:
            raise truncated(self.data, at + 2) from None
        self.at = at + 2
        return int(value)

    def u24(self) -> int:
        return self.u16() | self.u8() << 16

    def u32(self) -> int:
        at = self.at
        try:
            (value,) = _U32(self.data, at)
        except error:
            raise truncated(self.data, at + 4) from None
        self.at = at + 4
        return int(value)

    def sfloat(self, *, shift: int = 0) -> float | Special:
        return sfloat(self.u16(), shift=shift)

    def float32(self) -> float | Special:
        return float32(self.u32())

    def time(self) -> tuple[dt.datetime | None, str]:
        """A date time, None where there can be no such moment, and its digits as sent."""
        at = self.at
        if len(self.data) < at + date_time.SIZE:
            raise truncated(self.data, at + date_time.SIZE)
        self.at = at + date_time.SIZE
        moment = date_time.parse(self.data, at)
        return moment, "" if moment is not None else date_time.digits(self.data, at)

    def rest(self) -> bytes:
        """All that follows, which is then read."""
        rest = self.data[self.at :]
        self.at = len(self.data)
        return rest


def truncated(data: bytes, needed: int) -> DecodeError:
    return DecodeError(TRUNCATED, f"the frame has {len(data)} bytes, at least {needed} are needed")
