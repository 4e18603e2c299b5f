"""Body Composition Measurement 0x2A9C, also where it comes in two packets."""

from typing import Final

import msgspec

from device_profiles import conversion
from device_profiles.cursor import Cursor
from device_profiles.draft import Draft
from device_profiles.writer import Writer, has_time, integer
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

_IMPERIAL: Final = 0x0001
_TIME: Final = 0x0002
_USER: Final = 0x0004
_MULTIPLE_PACKET: Final = 0x1000
_RESERVED: Final = 0xE000
_UNSUCCESSFUL: Final = 0xFFFF

_ENERGY: Final = "kJ"
_TENTH: Final = "0.1"
_MASS: Final = "mass"
_LENGTH: Final = "length"
_FIELDS: Final = (
    (0x0008, "basal_metabolism", _ENERGY),
    (0x0010, "muscle_percentage", _TENTH),
    (0x0020, "muscle_mass", _MASS),
    (0x0040, "fat_free_mass", _MASS),
    (0x0080, "soft_lean_mass", _MASS),
    (0x0100, "body_water_mass", _MASS),
    (0x0200, "impedance", _TENTH),
    (0x0400, "weight", _MASS),
    (0x0800, "height", _LENGTH),
)
"""Flag bit, metric and the way it is counted, in wire order."""


def decode(data: bytes) -> Measurement:
    """One packet. Raises DecodeError where it is shorter than its flags declare."""
    fields = Cursor(data)
    flags = fields.u16()
    imperial = bool(flags & _IMPERIAL)
    draft = Draft(unit="lb" if imperial else "kg")
    fat = fields.u16()
    if fat == _UNSUCCESSFUL:
        draft.special["body_fat"] = Special.NAN
        draft.flags = (Flag.MEASUREMENT_UNSUCCESSFUL,)
    else:
        draft.values["body_fat"] = fat / 10
    if flags & _TIME:
        draft.put_time(fields)
    if flags & _USER:
        draft.put_user(fields.u8())
    for bit, name, counted in _FIELDS:
        if flags & bit:
            draft.values[name] = _value(fields.u16(), counted, imperial=imperial)
    if flags & _MULTIPLE_PACKET:
        draft.details["multiple_packet"] = True
    return draft.finish(Kind.BODY_COMPOSITION, fields, reserved=flags & _RESERVED)


def join(first: Measurement, second: Measurement) -> Measurement:
    """Two packets of one act of measuring: same time and user, body fat in both.

    The caller knows that they belong together: both have `multiple_packet` in their details.
    """
    details = {**first.details, **second.details}
    details.pop("multiple_packet", None)
    return msgspec.structs.replace(
        first,
        values={**first.values, **second.values},
        special={**first.special, **second.special},
        flags=tuple(dict.fromkeys((*first.flags, *second.flags))),
        device_time=first.device_time or second.device_time,
        user=second.user if first.user is None else first.user,
        details=details,
    )


def _value(counts: int, counted: str, *, imperial: bool) -> float:
    if counted == _MASS:
        return conversion.kg_from_counts(counts, imperial=imperial)
    if counted == _LENGTH:
        return conversion.cm_from_counts(counts, imperial=imperial)
    return float(counts) if counted == _ENERGY else counts / 10


def encode(measurement: Measurement) -> bytes:
    """One packet with all that was measured; in lb and inches where the details say so."""
    details = measurement.details
    imperial = details.get("unit") == "lb"
    present = [row for row in _FIELDS if row[1] in measurement.values]
    frame = Writer()
    frame.unsigned(
        _IMPERIAL * imperial
        | _TIME * has_time(measurement)
        | _USER * (measurement.user is not None)
        | _MULTIPLE_PACKET * bool(details.get("multiple_packet"))
        | sum(bit for bit, _, _ in present)
        | integer(details, "reserved_flags"),
        size=2,
    )
    fat = measurement.values.get("body_fat")
    frame.unsigned(_UNSUCCESSFUL if fat is None else fat * 10, size=2)
    if has_time(measurement):
        frame.time(measurement.device_time, details.get("time"))
    if measurement.user is not None:
        frame.unsigned(measurement.user, size=1)
    for _, name, counted in present:
        frame.unsigned(_counts(measurement.values[name], counted, imperial=imperial), size=2)
    return frame.finish(details)


def _counts(value: float, counted: str, *, imperial: bool) -> float:
    if counted == _MASS:
        return conversion.counts_from_kg(value, imperial=imperial)
    if counted == _LENGTH:
        return conversion.counts_from_cm(value, imperial=imperial)
    return value if counted == _ENERGY else value * 10
