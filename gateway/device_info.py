"""Battery and nameplate of a device. Nice to know, and never a reason to fail."""

from dataclasses import replace
from typing import Final

import msgspec
import structlog
from bleak.exc import BleakError

from device_profiles import battery, gatt
from device_profiles.device_information import decode_string
from device_profiles.errors import DecodeError
from gateway.peer import Peer
from gateway.radio_errors import Meaning, meaning

NAMEPLATE: Final = {
    "manufacturer": gatt.MANUFACTURER_NAME,
    "model": gatt.MODEL_NUMBER,
    "serial": gatt.SERIAL_NUMBER,
    "firmware": gatt.FIRMWARE_REVISION,
}
log = structlog.get_logger()


async def look(peer: Peer) -> None:
    """The battery each time; the nameplate once, because devices do not wait for ever."""
    level = await _read(peer, gatt.BATTERY_LEVEL, service=gatt.BATTERY_SERVICE)
    if level is not None:
        peer.notes = replace(peer.notes, battery=_percent(level))
    if peer.notes.information is None:
        found = {}
        for name, uuid in NAMEPLATE.items():
            text = await _read(peer, uuid, service=gatt.DEVICE_INFORMATION_SERVICE)
            if text is not None:
                found[name] = decode_string(text)[:64]
        peer.notes = replace(peer.notes, information=msgspec.json.encode(found).decode())


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
