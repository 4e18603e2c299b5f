"""Blood Pressure Measurement 0x2A35, and Intermediate Cuff Pressure 0x2A36 in the same layout."""

import datetime as dt
from struct import Struct
from typing import Final

from device_profiles import conversion, date_time
from device_profiles.cursor import truncated
from device_profiles.draft import UNKNOWN_USER, Details
from device_profiles.errors import EncodeError
from device_profiles.ieee11073 import sfloat
from device_profiles.writer import Writer, has_time, integer, quantity
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

_KPA: Final = 0x01
_TIME: Final = 0x02
_PULSE: Final = 0x04
_USER: Final = 0x08
_STATUS: Final = 0x10
_RESERVED: Final = 0xE0

_PRESSURES: Final = ("systolic", "diastolic", "mean")
_HEAD: Final = Struct("<BHHH")
_U16: Final = Struct("<H").unpack_from

_STATUS_BITS: Final = (
    (0x01, Flag.BODY_MOVEMENT),
    (0x02, Flag.CUFF_TOO_LOOSE),
    (0x04, Flag.IRREGULAR_PULSE),
    (0x20, Flag.IMPROPER_POSITION),
)
_RANGE_SHIFT: Final = 3
_RANGE_FLAGS: Final = {1: Flag.PULSE_ABOVE_RANGE, 2: Flag.PULSE_BELOW_RANGE}
_STATUS_KNOWN: Final = 0x3F


def _layout(flags: int) -> tuple[int, int, int, int, int]:
    """Where time, pulse, user and status stand (0: nowhere), and the length declared."""
    at = _HEAD.size
    places = []
    for bit, size in ((_TIME, date_time.SIZE), (_PULSE, 2), (_USER, 1), (_STATUS, 2)):
        places.append(at if flags & bit else 0)
        at += size if flags & bit else 0
    time_at, pulse_at, user_at, status_at = places
    return time_at, pulse_at, user_at, status_at, at


def _flags_of(status: int) -> tuple[str, ...]:
    found: list[Flag] = [flag for bit, flag in _STATUS_BITS if status & bit]
    pulse_range = _RANGE_FLAGS.get(status >> _RANGE_SHIFT & 0x3)
    return tuple(found) if pulse_range is None else (*found, pulse_range)


# Both are looked up and not worked out, once per frame: this is the commonest frame of all.
_LAYOUTS: Final = tuple(_layout(flags) for flags in range(256))
_FLAGS: Final = tuple(_flags_of(status) for status in range(_STATUS_KNOWN + 1))


def decode(data: bytes, *, result: bool = True) -> Measurement:
    """Raises DecodeError where the frame is shorter than its flags declare."""
    if len(data) < _HEAD.size:
        raise truncated(data, _HEAD.size)
    flags, *words = _HEAD.unpack_from(data)
    time_at, pulse_at, user_at, status_at, size = _LAYOUTS[flags]
    if len(data) < size:
        raise truncated(data, size)
    values: dict[str, float] = {}
    special: dict[str, Special] = {}
    _read_pressures(flags, words, values, special)
    if pulse_at:
        number = sfloat(_U16(data, pulse_at)[0])
        if isinstance(number, float):
            values["pulse"] = number
        else:
            special["pulse"] = number
    details: Details = {"unit": "kPa" if flags & _KPA else "mmHg"}
    device_time = _read_time(data, time_at, details) if time_at else None
    status = _read_status(data, status_at, details) if status_at else 0
    if flags & _RESERVED:
        details["reserved_flags"] = flags & _RESERVED
    if len(data) > size:
        details["extra"] = data[size:].hex()
    return Measurement(
        kind=Kind.BLOOD_PRESSURE,
        values=values,
        flags=_FLAGS[status & _STATUS_KNOWN],
        device_time=device_time,
        user=data[user_at] if user_at and data[user_at] != UNKNOWN_USER else None,
        special=special,
        details=details,
        result=result,
    )


def decode_intermediate(data: bytes) -> Measurement:
    """The cuff's pressure, in `systolic`, while it inflates: never a result."""
    return decode(data, result=False)


def _read_pressures(
    flags: int, words: list[int], values: dict[str, float], special: dict[str, Special]
) -> None:
    for name, word in zip(_PRESSURES, words, strict=True):
        number = sfloat(word)
        if not isinstance(number, float):
            special[name] = number
        elif flags & _KPA:
            values[name] = conversion.mmhg_from_kpa(number)
        else:
            values[name] = number


def _read_time(data: bytes, at: int, details: Details) -> dt.datetime | None:
    moment = date_time.parse(data, at)
    if moment is None:
        details["time"] = date_time.digits(data, at)
    return moment


def _read_status(data: bytes, at: int, details: Details) -> int:
    status = int(_U16(data, at)[0])
    details["status"] = status
    pulse_range = status >> _RANGE_SHIFT & 0x3
    if pulse_range:
        details["pulse_range"] = pulse_range
    return status


def encode(measurement: Measurement) -> bytes:
    """The frame of a cuff that says this; in kPa where the details say so."""
    details = measurement.details
    kpa = details.get("unit") == "kPa"
    has_pulse = "pulse" in measurement.values or "pulse" in measurement.special
    has_status = "status" in details or bool(measurement.flags)
    frame = Writer()
    frame.unsigned(
        _KPA * kpa
        | _TIME * has_time(measurement)
        | _PULSE * has_pulse
        | _USER * (measurement.user is not None)
        | _STATUS * has_status
        | integer(details, "reserved_flags"),
        size=1,
    )
    for name in _PRESSURES:
        number = quantity(measurement, name)
        if kpa and not isinstance(number, Special):
            number = conversion.kpa_from_mmhg(number)
        frame.sfloat(number)
    if has_time(measurement):
        frame.time(measurement.device_time, details.get("time"))
    if has_pulse:
        frame.sfloat(quantity(measurement, "pulse"))
    if measurement.user is not None:
        frame.unsigned(measurement.user, size=1)
    if has_status:
        frame.unsigned(_status(measurement), size=2)
    return frame.finish(details)


def _status(measurement: Measurement) -> int:
    status = integer(measurement.details, "status")
    for flag in measurement.flags:
        status |= _STATUS_OF.get(flag) or _unknown(flag)
    return status


def _unknown(flag: str) -> int:
    raise EncodeError(f"a cuff has no flag {flag!r}")


_STATUS_OF: Final[dict[str, int]] = {
    **{flag: bit for bit, flag in _STATUS_BITS},
    **{flag: value << _RANGE_SHIFT for value, flag in _RANGE_FLAGS.items()},
}
