"""Glucose Measurement 0x2A18."""

import datetime as dt
from typing import Final

from device_profiles import conversion, date_time
from device_profiles.cursor import Cursor
from device_profiles.draft import Draft, named_bits
from device_profiles.writer import Writer, integer, quantity
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

_TIME_OFFSET: Final = 0x01
_CONCENTRATION: Final = 0x02
_MOL_PER_L: Final = 0x04
_STATUS: Final = 0x08
_CONTEXT_FOLLOWS: Final = 0x10
_RESERVED: Final = 0xE0

# Powers of ten from the units on the air to those that people use.
_KG_PER_L_TO_MG_PER_DL: Final = 5
_MOL_PER_L_TO_MMOL_PER_L: Final = 3

_STATUS_BITS: Final = (
    (0x0001, Flag.BATTERY_LOW),
    (0x0002, Flag.SENSOR_MALFUNCTION),
    (0x0004, Flag.SAMPLE_INSUFFICIENT),
    (0x0008, Flag.STRIP_ERROR),  # Inserted wrongly.
    (0x0010, Flag.STRIP_ERROR),  # Of the wrong type.
    (0x0020, Flag.RESULT_TOO_HIGH),
    (0x0040, Flag.RESULT_TOO_LOW),
    (0x0080, Flag.TEMPERATURE_TOO_HIGH),
    (0x0100, Flag.TEMPERATURE_TOO_LOW),
    (0x0200, Flag.READ_INTERRUPTED),
    (0x0400, Flag.DEVICE_FAULT),
    (0x0800, Flag.TIME_FAULT),
)
SAMPLES: Final = {
    1: "capillary_whole_blood",
    2: "capillary_plasma",
    3: "venous_whole_blood",
    4: "venous_plasma",
    5: "arterial_whole_blood",
    6: "arterial_plasma",
    7: "undetermined_whole_blood",
    8: "undetermined_plasma",
    9: "interstitial_fluid",
    10: "control_solution",
}
SITES: Final = {1: "finger", 2: "alternate_site", 3: "earlobe", 4: "control_solution"}
_CONTROL_SAMPLE: Final = 10
_CONTROL_SITE: Final = 4


def decode(data: bytes) -> Measurement:
    """Device time is the base time moved by the time offset: what the meter showed its user.

    Raises DecodeError where the frame is shorter than its flags declare.
    """
    fields = Cursor(data)
    flags = fields.u8()
    draft = Draft()
    draft.sequence = fields.u16()
    base, digits = fields.time()
    draft.details["base_time"] = digits if base is None else base.isoformat()
    draft.device_time = base
    if flags & _TIME_OFFSET:
        minutes = fields.s16()
        draft.details["time_offset_min"] = minutes
        draft.device_time = base and date_time.shifted(base, minutes=minutes)
    if flags & _CONCENTRATION:
        _read_concentration(draft, fields, in_moles=bool(flags & _MOL_PER_L))
    if flags & _STATUS:
        _read_status(draft, fields.u16())
    if flags & _CONTEXT_FOLLOWS:
        draft.details["context_follows"] = True
    reserved = flags & _RESERVED
    if flags & _MOL_PER_L and not flags & _CONCENTRATION:
        reserved |= _MOL_PER_L  # A unit without a concentration means nothing; it is only kept.
    if (
        draft.details.get("type") == _CONTROL_SAMPLE
        or draft.details.get("location") == _CONTROL_SITE
    ):
        draft.flags = (*draft.flags, Flag.CONTROL_SOLUTION)
    return draft.finish(Kind.GLUCOSE, fields, reserved=reserved)


def _read_concentration(draft: Draft, fields: Cursor, *, in_moles: bool) -> None:
    draft.details["unit"] = "mmol/L" if in_moles else "mg/dL"
    number = fields.sfloat(shift=_MOL_PER_L_TO_MMOL_PER_L if in_moles else _KG_PER_L_TO_MG_PER_DL)
    if isinstance(number, float) and in_moles:
        number = conversion.mg_per_dl_from_mmol_per_l(number)
    draft.put("glucose", _OUT_OF_RANGE.get(number, number))
    kind_and_place = fields.u8()
    sample, site = kind_and_place & 0x0F, kind_and_place >> 4
    draft.details["type"], draft.details["location"] = sample, site
    if sample in SAMPLES:
        draft.context["sample"] = SAMPLES[sample]
    if site in SITES:
        draft.context["site"] = SITES[site]


def _read_status(draft: Draft, status: int) -> None:
    """A result beyond the meter's range is censored: HI or LO, not the number sent beside it."""
    draft.details["status"] = status
    draft.flags = named_bits(status, _STATUS_BITS)
    too_high, too_low = Flag.RESULT_TOO_HIGH in draft.flags, Flag.RESULT_TOO_LOW in draft.flags
    if too_high == too_low:
        return
    draft.special["glucose"] = Special.HI if too_high else Special.LO
    number = draft.values.pop("glucose", None)
    if number is not None:
        draft.details["glucose_reported"] = number


_OUT_OF_RANGE: Final[dict[float | Special, Special]] = {
    Special.PLUS_INF: Special.HI,
    Special.MINUS_INF: Special.LO,
}


def encode(measurement: Measurement) -> bytes:
    """The frame of a meter that says this; in mol/L where the details say "mmol/L".

    Base time and offset are taken from the details where they stand there; else the device time is
    the base time.
    """
    details = measurement.details
    in_moles = details.get("unit") == "mmol/L"
    has_result = "unit" in details or "glucose" in measurement.values
    has_result |= "glucose" in measurement.special and "status" not in details
    status = _status(measurement)
    has_status = "status" in details or bool(status)
    frame = Writer()
    frame.unsigned(
        _TIME_OFFSET * ("time_offset_min" in details)
        | _CONCENTRATION * has_result
        | _MOL_PER_L * in_moles
        | _STATUS * has_status
        | _CONTEXT_FOLLOWS * bool(details.get("context_follows"))
        | integer(details, "reserved_flags"),
        size=1,
    )
    frame.unsigned(measurement.sequence or 0, size=2)
    frame.time(*_base_time(measurement))
    if "time_offset_min" in details:
        frame.signed(integer(details, "time_offset_min"), size=2)
    if has_result:
        _write_concentration(frame, measurement, in_moles=in_moles)
    if has_status:
        frame.unsigned(status, size=2)
    return frame.finish(details)


def _base_time(measurement: Measurement) -> tuple[dt.datetime | None, object]:
    digits = measurement.details.get("base_time")
    return (None, digits) if digits is not None else (measurement.device_time, None)


def _write_concentration(frame: Writer, measurement: Measurement, *, in_moles: bool) -> None:
    reported = measurement.details.get("glucose_reported")
    number = quantity(measurement, "glucose")
    if isinstance(reported, float):
        number = reported
    if in_moles and not isinstance(number, Special):
        number = conversion.mmol_per_l_from_mg_per_dl(number)
    frame.sfloat(number, shift=_MOL_PER_L_TO_MMOL_PER_L if in_moles else _KG_PER_L_TO_MG_PER_DL)
    control = Flag.CONTROL_SOLUTION in measurement.flags
    sample = integer(measurement.details, "type", _CONTROL_SAMPLE if control else 1)
    site = integer(measurement.details, "location", _CONTROL_SITE if control else 1)
    frame.unsigned(sample | site << 4, size=1)


def _status(measurement: Measurement) -> int:
    if "status" in measurement.details:
        return integer(measurement.details, "status")
    bits = {str(flag): bit for bit, flag in reversed(_STATUS_BITS)}
    return sum(bits[flag] for flag in measurement.flags if flag in bits)
