"""PLX Spot-Check 0x2A5E and PLX Continuous 0x2A5F measurements of a pulse oximeter."""

from typing import Final

from device_profiles.cursor import Cursor
from device_profiles.draft import Draft, named_bits
from device_profiles.writer import Writer, has_time, integer, number, quantity
from vitals.flags import Flag
from vitals.kinds import Kind
from vitals.reading import Measurement

# Spot check.
_TIME: Final = 0x01
_SPOT_STATUS: Final = 0x02
_SPOT_DEVICE_STATUS: Final = 0x04
_SPOT_AMPLITUDE: Final = 0x08
_CLOCK_NOT_SET: Final = 0x10
_SPOT_RESERVED: Final = 0xE0
# Continuous.
_FAST: Final = 0x01
_SLOW: Final = 0x02
_STATUS: Final = 0x04
_DEVICE_STATUS: Final = 0x08
_AMPLITUDE: Final = 0x10
_RESERVED: Final = 0xE0

_STATUS_BITS: Final = (
    (0x0020, Flag.MEASUREMENT_ONGOING),
    (0x0040, Flag.EARLY_ESTIMATE),
    (0x0200, Flag.FROM_STORAGE),
    (0x0400, Flag.DEMONSTRATION),
    (0x0800, Flag.TESTING),
    (0x1000, Flag.CALIBRATION),
    (0x2000, Flag.UNAVAILABLE),
    (0x4000, Flag.QUESTIONABLE),
    (0x8000, Flag.INVALID),
)
"""Bits 7 (validated) and 8 (fully qualified) say that all is well: they stay in the details."""


def decode_spot_check(data: bytes) -> Measurement:
    """Raises DecodeError where the frame is shorter than its flags declare."""
    fields = Cursor(data)
    flags = fields.u8()
    draft = Draft(clock_not_set=bool(flags & _CLOCK_NOT_SET))
    draft.put("spo2", fields.sfloat())
    draft.put("pulse", fields.sfloat())
    if flags & _TIME:
        draft.put_time(fields)
    if flags & _SPOT_STATUS:
        _read_status(draft, fields)
    if flags & _SPOT_DEVICE_STATUS:
        draft.details["device_sensor_status"] = fields.u24()
    if flags & _SPOT_AMPLITUDE:
        draft.put("pulse_amplitude", fields.sfloat())
    if flags & _CLOCK_NOT_SET:
        draft.flags = (*draft.flags, Flag.CLOCK_NOT_SET)
    return draft.finish(Kind.OXIMETRY, fields, reserved=flags & _SPOT_RESERVED)


def decode_continuous(data: bytes) -> Measurement:
    """The normal pair is the value; the fast and slow pairs are details.

    Raises DecodeError where the frame is shorter than its flags declare.
    """
    fields = Cursor(data)
    flags = fields.u8()
    draft = Draft()
    draft.put("spo2", fields.sfloat())
    draft.put("pulse", fields.sfloat())
    for bit, speed in ((_FAST, "fast"), (_SLOW, "slow")):
        if flags & bit:
            for name in ("spo2", "pulse"):
                value = fields.sfloat()
                draft.details[f"{speed}_{name}"] = value if isinstance(value, float) else str(value)
    if flags & _STATUS:
        _read_status(draft, fields)
    if flags & _DEVICE_STATUS:
        draft.details["device_sensor_status"] = fields.u24()
    if flags & _AMPLITUDE:
        draft.put("pulse_amplitude", fields.sfloat())
    return draft.finish(Kind.OXIMETRY, fields, reserved=flags & _RESERVED)


def _read_status(draft: Draft, fields: Cursor) -> None:
    status = fields.u16()
    draft.details["measurement_status"] = status
    draft.flags = named_bits(status, _STATUS_BITS)


def encode_spot_check(measurement: Measurement) -> bytes:
    """The frame of an oximeter that says this."""
    details = measurement.details
    status = _status(measurement)
    clock_not_set = bool(details.get("clock_not_set")) or Flag.CLOCK_NOT_SET in measurement.flags
    frame = Writer()
    frame.unsigned(
        _TIME * has_time(measurement)
        | _SPOT_STATUS * (status is not None)
        | _SPOT_DEVICE_STATUS * ("device_sensor_status" in details)
        | _SPOT_AMPLITUDE * _has_amplitude(measurement)
        | _CLOCK_NOT_SET * clock_not_set
        | integer(details, "reserved_flags"),
        size=1,
    )
    frame.sfloat(quantity(measurement, "spo2"))
    frame.sfloat(quantity(measurement, "pulse"))
    if has_time(measurement):
        frame.time(measurement.device_time, details.get("time"))
    _write_tail(frame, measurement, status)
    return frame.finish(details)


def encode_continuous(measurement: Measurement) -> bytes:
    """The frame of an oximeter that says this; there is no time in it."""
    details = measurement.details
    status = _status(measurement)
    frame = Writer()
    frame.unsigned(
        _FAST * ("fast_spo2" in details)
        | _SLOW * ("slow_spo2" in details)
        | _STATUS * (status is not None)
        | _DEVICE_STATUS * ("device_sensor_status" in details)
        | _AMPLITUDE * _has_amplitude(measurement)
        | integer(details, "reserved_flags"),
        size=1,
    )
    frame.sfloat(quantity(measurement, "spo2"))
    frame.sfloat(quantity(measurement, "pulse"))
    for speed in ("fast", "slow"):
        if f"{speed}_spo2" in details:
            frame.sfloat(number(details.get(f"{speed}_spo2")))
            frame.sfloat(number(details.get(f"{speed}_pulse")))
    _write_tail(frame, measurement, status)
    return frame.finish(details)


def _write_tail(frame: Writer, measurement: Measurement, status: int | None) -> None:
    if status is not None:
        frame.unsigned(status, size=2)
    if "device_sensor_status" in measurement.details:
        frame.unsigned(integer(measurement.details, "device_sensor_status"), size=3)
    if _has_amplitude(measurement):
        frame.sfloat(quantity(measurement, "pulse_amplitude"))


def _has_amplitude(measurement: Measurement) -> bool:
    name = "pulse_amplitude"
    return name in measurement.values or name in measurement.special


def _status(measurement: Measurement) -> int | None:
    """The status word, or None where there is nothing to say."""
    if "measurement_status" in measurement.details:
        return integer(measurement.details, "measurement_status")
    bits = {str(flag): bit for bit, flag in _STATUS_BITS}
    return sum(bits[flag] for flag in measurement.flags if flag in bits) or None
