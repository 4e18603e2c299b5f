"""Battery and nameplate of a device. Nice to know, and never a reason to fail."""

from dataclasses import replace
from typing import Final

import msgspec
import structlog
from bleak.exc import BleakError

from device_profiles import battery, gatt
from device_profiles.device_information import decode_string
from device_profiles.errors import DecodeError
from device_profiles.udi_value import udi_of
from gateway.peer import Peer
from gateway.radio_errors import Meaning, meaning

NAMEPLATE: Final = {
    "manufacturer": gatt.MANUFACTURER_NAME,
    "model": gatt.MODEL_NUMBER,
    "serial": gatt.SERIAL_NUMBER,
    "firmware": gatt.FIRMWARE_REVISION,
}
UDI: Final = "udi"
"""Of what is noted of a device: as it stands in print; empty where it has none to say."""
log = structlog.get_logger()


async def look(peer: Peer) -> None:
    """The battery each time; the nameplate once, because devices do not wait for ever."""
    level = await _read(peer, gatt.BATTERY_LEVEL, service=gatt.BATTERY_SERVICE)
    if level is not None:
        peer.notes = replace(peer.notes, battery=_percent(level))
    if UDI not in (found := noted(peer.notes.information)):
        for name, uuid in NAMEPLATE.items():
            text = await _read(peer, uuid, service=gatt.DEVICE_INFORMATION_SERVICE)
            if text is not None:
                found[name] = decode_string(text)[:64]
        found[UDI] = await _udi(peer)
        peer.notes = replace(peer.notes, information=msgspec.json.encode(found).decode())


def noted(information: str | None) -> dict[str, str]:
    """What a device has said of itself, as the book keeps it."""
    return {} if information is None else msgspec.json.decode(information, type=dict[str, str])


async def _udi(peer: Peer) -> str:
    service = gatt.DEVICE_INFORMATION_SERVICE
    said = await _read(peer, gatt.UDI_FOR_MEDICAL_DEVICES, service=service)
    if said is None:
        return ""
    found = udi_of(said)
    if found is None:
        log.info("device says a UDI that is none", frame=said.hex())
    return "" if found is None else found.text


async def _read(peer: Peer, uuid: str, *, service: str) -> bytes | None:
    characteristic = peer.find(uuid, service=service)
    if characteristic is None or "read" not in characteristic.properties:
        return None
    try:
        return await peer.read(characteristic)
    except BleakError as error:
        if meaning(error) is Meaning.GONE:
            raise
        log.info("device would not say", what=uuid, error=str(error))
        return None


def _percent(data: bytes) -> int | None:
    try:
        return battery.decode(data)
    except DecodeError:
        return None
