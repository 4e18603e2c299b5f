"""Services that all kinds of devices share: who made it, its battery, its clock."""

from collections.abc import Callable
from typing import Final

from bumble.att import ATT_Error, ErrorCode
from bumble.gatt import Characteristic, Service

from device_profiles import current_time, date_time, gatt, udi_value
from device_profiles.errors import DecodeError
from simulator.clock import DeviceClock
from simulator.devices import table
from simulator.devices.table import Read
from simulator.traits import Traits
from vitals.udi.identity import SYSTEMS, Issuer


def device_information(traits: Traits) -> Service:
    texts = (
        (gatt.MANUFACTURER_NAME, traits.manufacturer),
        (gatt.MODEL_NUMBER, traits.model),
        (gatt.SERIAL_NUMBER, traits.serial),
        (gatt.FIRMWARE_REVISION, traits.firmware),
    )
    rows = [table.readable(uuid, constant(text.encode())) for uuid, text in texts]
    if traits.udi:
        said = udi_value.encode(udi_value.UdiValue(label=traits.udi, issuer=SYSTEMS[Issuer.GS1]))
        rows.append(table.readable(gatt.UDI_FOR_MEDICAL_DEVICES, constant(said)))
    return table.service(gatt.DEVICE_INFORMATION_SERVICE, *rows)


def date_time_clock(clock: DeviceClock) -> Characteristic[bytes]:
    """Date Time 0x2A08, which A&D and its like put inside the measurement service."""

    async def read() -> bytes:
        return date_time.encode(clock.shown())

    async def write(value: bytes) -> None:
        moment = date_time.parse(value) if len(value) == date_time.SIZE else None
        if moment is None:
            raise ATT_Error(ErrorCode.VALUE_NOT_ALLOWED)
        clock.set(moment)

    return table.settable(gatt.DATE_TIME, read, write)


def current_time_clock(clock: DeviceClock) -> Characteristic[bytes]:
    """Current Time 0x2A2B; writable, so that a gateway can set it."""

    async def read() -> bytes:
        return current_time.encode(clock.shown())

    async def write(value: bytes) -> None:
        try:
            moment = current_time.decode(value).time
        except DecodeError:
            moment = None
        if moment is None:
            raise ATT_Error(ErrorCode.VALUE_NOT_ALLOWED)
        clock.set(moment)

    return table.settable(gatt.CURRENT_TIME, read, write)


def caresens_clock(clock: DeviceClock, tell: Callable[[str, bytes], None]) -> Service:
    """i-SENS' own: `C0 03 01 00` and a date time, written to 0xFFF1. It cannot be read; `tell`
    notifies of the time whenever zeros ask for it, and of the new one when it has been set.
    """

    async def write(value: bytes) -> None:
        head, digits = value[: len(_CARESENS_HEAD)], value[len(_CARESENS_HEAD) :]
        moment = date_time.parse(digits) if len(digits) == date_time.SIZE else None
        asks = digits == bytes(date_time.SIZE)
        if head != _CARESENS_HEAD or (moment is None and not asks):
            raise ATT_Error(ErrorCode.VALUE_NOT_ALLOWED)
        if moment is not None:
            clock.set(moment)
        if not clock.keeps_silent:
            tell("fff1", _CARESENS_HEAD + date_time.encode(clock.shown()))

    return table.service("fff0", table.answering("fff1", write))


_CARESENS_HEAD: Final = bytes((0xC0, 0x03, 0x01, 0x00))


def constant(value: bytes) -> Read:
    async def read() -> bytes:
        return value

    return read
