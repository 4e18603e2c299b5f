"""Any frame that is known here, said in plain JSON: measurements, and what stands beside them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from device_profiles import (
    battery,
    current_time,
    device_information,
    features,
    gatt,
    glucose_context,
    record_access,
    udi_value,
)
from device_profiles.catalog import GENERIC
from device_profiles.cursor import Cursor
from device_profiles.decoding import DECODERS, decode
from device_profiles.errors import BAD_HEX, UNKNOWN_CHARACTERISTIC, DecodeError
from device_profiles.profile import Profile
from vitals.flags import Special
from vitals.reading import Measurement

Json = dict[str, object]


def describe(uuid: str, data: bytes, *, profile: Profile = GENERIC) -> Json:
    """Measurement JSON for a measurement; else an object whose `kind` names the frame.

    Raises DecodeError and nothing else.
    """
    if uuid in DECODERS:
        return measurement_json(decode(uuid, data, profile=profile))
    if uuid == gatt.GLUCOSE_CONTEXT:
        return _glucose_context(data, profile)
    if uuid in features.UUIDS:
        return _features(uuid, data)
    if uuid in device_information.STRINGS:
        name = device_information.STRINGS[uuid]
        text = device_information.decode_string(data)
        return {"kind": "device_information", "name": name, "value": text}
    describer = _DESCRIBERS.get(uuid)
    if describer is None:
        raise DecodeError(UNKNOWN_CHARACTERISTIC, f"{uuid} is not known here")
    return describer(data)


def from_hex(text: str) -> bytes:
    """Bytes from hex digits; blanks, colons and a leading 0x are allowed. Raises DecodeError."""
    digits = "".join(text.split()).removeprefix("0x").replace(":", "")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        reason = "an odd number of digits" if len(digits) % 2 else "other characters than 0-9, a-f"
        raise DecodeError(BAD_HEX, f"not hex: {reason}") from None


def measurement_json(measurement: Measurement) -> Json:
    """The Measurement JSON; what is empty or usual among the optional fields is left out."""
    said: Json = {
        "kind": str(measurement.kind),
        "values": measurement.values,
        "flags": list(measurement.flags),
        "device_time": measurement.device_time and measurement.device_time.isoformat(),
        "sequence": measurement.sequence,
        "user": measurement.user,
    }
    if measurement.special:
        said["special"] = {name: str(why) for name, why in measurement.special.items()}
    if measurement.context:
        said["context"] = measurement.context
    if measurement.details:
        said["details"] = measurement.details
    if not measurement.result:
        said["result"] = False
    return said


def _glucose_context(data: bytes, profile: Profile) -> Json:
    found = glucose_context.decode(data, meals=profile.meals)
    said: Json = {"kind": "glucose_context", "seq": found.sequence, **found.details}
    return {**said, "context": found.context} if found.context else said


def _features(uuid: str, data: bytes) -> Json:
    found = features.decode(uuid, data)
    said: Json = {"kind": "features", "value": found.value, "features": list(found.names)}
    return _with_extra(said, found.extra)


def _record_access(data: bytes) -> Json:
    frame = record_access.decode(data)
    said: Json = {"kind": "record_access", "op": frame.op, "operator": frame.operator}
    if frame.request is not None:
        said |= {"request": frame.request, "response": frame.response}
    if frame.count is not None:
        said["count"] = frame.count
    return {**said, "operand": frame.operand.hex()} if frame.operand else said


def _date_time(data: bytes) -> Json:
    fields = Cursor(data)
    moment, digits = fields.time()
    iso = moment and moment.isoformat()
    said: Json = {"kind": "date_time", "time": iso, "device_time": iso}
    return _with_extra({**said, "raw": digits} if digits else said, fields.rest())


def _current_time(data: bytes) -> Json:
    shown = current_time.decode(data)
    iso = shown.time and shown.time.isoformat()
    said: Json = {
        "kind": "current_time",
        "time": iso,
        "device_time": iso,
        "weekday": shown.weekday,
        "fractions256": shown.fractions256,
        "adjust_reason": shown.adjust_reason,
    }
    return _with_extra({**said, "raw": shown.digits} if shown.digits else said, shown.extra)


def _battery_level(data: bytes) -> Json:
    return _with_extra({"kind": "battery_level", "value": battery.decode(data)}, data[1:])


def _system_id(data: bytes) -> Json:
    value = device_information.decode_system_id(data)
    return {"kind": "device_information", "name": "system_id", "value": value}


def _pnp_id(data: bytes) -> Json:
    value = device_information.decode_pnp_id(data)
    return {"kind": "device_information", "name": "pnp_id", **value}


def _udi(data: bytes) -> Json:
    """What the device says, and what that means where it can be read."""
    value, found = udi_value.decode(data), udi_value.udi_of(data)
    said: Json = {"kind": "device_information", "name": "udi"}
    said |= {
        name: told
        for name, told in msgspec.structs.asdict(value).items()
        if told is not None and (told or name != "reserved_flags")
    }
    return said if found is None else {**said, "value": found.text}


def _number(kind: str, number: float | Special, fields: Cursor) -> Json:
    if isinstance(number, Special):
        return _with_extra({"kind": kind, "value": None, "special": str(number)}, fields.rest())
    return _with_extra({"kind": kind, "value": number}, fields.rest())


def _sfloat(data: bytes) -> Json:
    fields = Cursor(data)
    return _number("sfloat", fields.sfloat(), fields)


def _float32(data: bytes) -> Json:
    fields = Cursor(data)
    return _number("float32", fields.float32(), fields)


def _with_extra(said: Json, extra: bytes) -> Json:
    return {**said, "extra": extra.hex()} if extra else said


_DESCRIBERS: Final[Mapping[str, Callable[[bytes], Json]]] = MappingProxyType(
    {
        gatt.RECORD_ACCESS_CONTROL_POINT: _record_access,
        gatt.DATE_TIME: _date_time,
        gatt.CURRENT_TIME: _current_time,
        gatt.BATTERY_LEVEL: _battery_level,
        gatt.SYSTEM_ID: _system_id,
        gatt.PNP_ID: _pnp_id,
        gatt.UDI_FOR_MEDICAL_DEVICES: _udi,
        "sfloat": _sfloat,
        "float32": _float32,
    }
)

KNOWN: Final = (
    *DECODERS,
    gatt.GLUCOSE_CONTEXT,
    *features.UUIDS,
    *device_information.STRINGS,
    *_DESCRIBERS,
)
"""Everything that `describe` can read."""
