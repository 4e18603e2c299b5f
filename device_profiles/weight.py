"""Weight Measurement 0x2A9D."""

from typing import Final

from device_profiles import conversion
from device_profiles.cursor import Cursor
from device_profiles.draft import Draft
from device_profiles.writer import Writer, has_time, integer
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

UNSUCCESSFUL: Final = 0xFFFF

_IMPERIAL: Final = 0x01
_TIME: Final = 0x02
_USER: Final = 0x04
_BMI_AND_HEIGHT: Final = 0x08
_RESERVED: Final = 0xF0


def decode(data: bytes) -> Measurement:
    """Raises DecodeError where the frame is shorter than its flags declare."""
    fields = Cursor(data)
    flags = fields.u8()
    imperial = bool(flags & _IMPERIAL)
    draft = Draft(unit="lb" if imperial else "kg")
    counts = fields.u16()
    if counts == UNSUCCESSFUL:
        draft.special["weight"] = Special.NAN
        draft.flags = (Flag.MEASUREMENT_UNSUCCESSFUL,)
    else:
        draft.values["weight"] = conversion.kg_from_counts(counts, imperial=imperial)
    if flags & _TIME:
        draft.put_time(fields)
    if flags & _USER:
        draft.put_user(fields.u8())
    if flags & _BMI_AND_HEIGHT:
        draft.values["bmi"] = fields.u16() / 10
        draft.values["height"] = conversion.cm_from_counts(fields.u16(), imperial=imperial)
    return draft.finish(Kind.WEIGHT, fields, reserved=flags & _RESERVED)


def encode(measurement: Measurement) -> bytes:
    """The frame of a scale that says this; in lb and inches where the details say so."""
    imperial = measurement.details.get("unit") == "lb"
    values = measurement.values
    has_bmi = "bmi" in values or "height" in values
    frame = Writer()
    frame.unsigned(
        _IMPERIAL * imperial
        | _TIME * has_time(measurement)
        | _USER * (measurement.user is not None)
        | _BMI_AND_HEIGHT * has_bmi
        | integer(measurement.details, "reserved_flags"),
        size=1,
    )
    frame.unsigned(mass_counts(measurement, "weight", imperial=imperial), size=2)
    if has_time(measurement):
        frame.time(measurement.device_time, measurement.details.get("time"))
    if measurement.user is not None:
        frame.unsigned(measurement.user, size=1)
    if has_bmi:
        frame.unsigned(values.get("bmi", 0) * 10, size=2)
        frame.unsigned(
            conversion.counts_from_cm(values.get("height", 0), imperial=imperial), size=2
        )
    return frame.finish(measurement.details)


def mass_counts(measurement: Measurement, name: str, *, imperial: bool) -> float:
    """The counts of a mass, or those of a measurement that failed where there is none."""
    kg = measurement.values.get(name)
    return UNSUCCESSFUL if kg is None else conversion.counts_from_kg(kg, imperial=imperial)
