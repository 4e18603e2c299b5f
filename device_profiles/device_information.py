"""Device Information 0x180A: who made the device, which model, serial number and revisions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from device_profiles import gatt
from device_profiles.cursor import Cursor

STRINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        gatt.MODEL_NUMBER: "model_number",
        gatt.SERIAL_NUMBER: "serial_number",
        gatt.FIRMWARE_REVISION: "firmware_revision",
        gatt.HARDWARE_REVISION: "hardware_revision",
        gatt.SOFTWARE_REVISION: "software_revision",
        gatt.MANUFACTURER_NAME: "manufacturer_name",
    }
)


def decode_string(data: bytes) -> str:
    """UTF-8 text; devices pad with zeros and blanks, and some are not above a stray byte."""
    return data.split(b"\0", 1)[0].decode(errors="replace").strip()


def encode_string(text: str) -> bytes:
    return text.encode()


def decode_system_id(data: bytes) -> str:
    """The eight bytes of an EUI-64 as hex, most significant first. Raises DecodeError for less."""
    fields = Cursor(data)
    return bytes(fields.u8() for _ in range(8))[::-1].hex()


def decode_pnp_id(data: bytes) -> dict[str, int]:
    """Vendor and product. Raises DecodeError where the frame is too short."""
    fields = Cursor(data)
    return {
        "vendor_id_source": fields.u8(),
        "vendor_id": fields.u16(),
        "product_id": fields.u16(),
        "product_version": fields.u16(),
    }
