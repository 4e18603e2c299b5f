"""UDI for Medical Devices 0x2BFF, in the Device Information service: what the device says it is.

Flags (bit 0 label, 1 device identifier, 2 issuer, 3 authority), then each of these that is there,
as UTF-8 ended by a zero byte (GATT Specification Supplement). A text without its zero was cut off
on the way, and half a UDI is another device's: refused, `truncated`.
"""

from typing import Final

from msgspec import Struct

from device_profiles.cursor import Cursor, truncated
from device_profiles.errors import DecodeError
from vitals.udi.errors import UdiError
from vitals.udi.identity import Udi
from vitals.udi.parsing import parse

_FIELDS: Final = ("label", "device_identifier", "issuer", "authority")
_RESERVED: Final = 0xF0


class UdiValue(Struct, frozen=True, kw_only=True):
    label: str | None = None
    """The whole UDI as it stands on the label."""
    device_identifier: str | None = None
    issuer: str | None = None
    """An object identifier: 2.51.1.1 is GS1."""
    authority: str | None = None
    """Of the regulator, as an object identifier: 2.16.840.1.113883.3.24 is the FDA."""
    reserved_flags: int = 0


def decode(data: bytes) -> UdiValue:
    """Raises DecodeError."""
    fields = Cursor(data)
    flags = fields.u8()
    rest = fields.rest()
    found: dict[str, str] = {}
    for bit, name in enumerate(_FIELDS):
        if flags & 1 << bit:
            text, zero, rest = rest.partition(b"\0")
            if not zero:
                raise truncated(data, len(data) + 1)
            found[name] = text.decode(errors="replace").strip()
    return UdiValue(**found, reserved_flags=flags & _RESERVED)


def encode(value: UdiValue) -> bytes:
    texts = [getattr(value, name) for name in _FIELDS]
    flags = sum(1 << bit for bit, text in enumerate(texts) if text is not None)
    told = b"".join(text.encode() + b"\0" for text in texts if text is not None)
    return bytes((flags | value.reserved_flags,)) + told


def udi_of(data: bytes) -> Udi | None:
    """The label where it can be read, else the device identifier; None: neither can."""
    try:
        value = decode(data)
    except DecodeError:
        return None
    for text in (value.label, value.device_identifier):
        try:
            return parse(text or "")
        except UdiError:
            continue
    return None
