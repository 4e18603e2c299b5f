"""Heart Rate Measurement 0x2A37."""

from typing import Final

from device_profiles.cursor import Cursor
from device_profiles.draft import Draft
from device_profiles.writer import Writer, integer
from vitals.flags import Flag
from vitals.kinds import Kind
from vitals.reading import Measurement

_WIDE: Final = 0x01
_CONTACT: Final = 0x02
_CONTACT_SUPPORTED: Final = 0x04
_ENERGY: Final = 0x08
_RR: Final = 0x10
_RESERVED: Final = 0xE0
_NARROW_MAX: Final = 0xFF


def decode(data: bytes) -> Measurement:
    """Raises DecodeError where the frame is shorter than its flags declare, or cuts an RR interval.

    The RR intervals (1/1024 s) take up the rest of the frame, so nothing can trail them.
    """
    fields = Cursor(data)
    flags = fields.u8()
    draft = Draft()
    draft.values["heart_rate"] = float(fields.u16() if flags & _WIDE else fields.u8())
    if flags & _CONTACT_SUPPORTED:
        draft.details["contact"] = bool(flags & _CONTACT)
        if not flags & _CONTACT:
            draft.flags = (Flag.NO_SKIN_CONTACT,)
    if flags & _ENERGY:
        draft.details["energy_kj"] = fields.u16()
    if flags & _RR:
        intervals = [fields.u16()]
        while fields.at < len(data):
            intervals.append(fields.u16())
        draft.details["rr_1024"] = intervals
    reserved = flags & _RESERVED
    if flags & _CONTACT and not flags & _CONTACT_SUPPORTED:
        reserved |= _CONTACT  # Contact from a sensor that can't feel it: kept, not believed.
    return draft.finish(Kind.HEART_RATE, fields, reserved=reserved)


def encode(measurement: Measurement) -> bytes:
    """The frame of a heart rate sensor that says this."""
    details = measurement.details
    rate = measurement.values.get("heart_rate", 0)
    intervals = details.get("rr_1024")
    wide = rate > _NARROW_MAX
    lost = Flag.NO_SKIN_CONTACT in measurement.flags
    frame = Writer()
    frame.unsigned(
        _WIDE * wide
        | _CONTACT_SUPPORTED * ("contact" in details or lost)
        | _CONTACT * bool(details.get("contact"))
        | _ENERGY * ("energy_kj" in details)
        | _RR * bool(intervals)
        | integer(details, "reserved_flags"),
        size=1,
    )
    frame.unsigned(rate, size=2 if wide else 1)
    if "energy_kj" in details:
        frame.unsigned(integer(details, "energy_kj"), size=2)
    if isinstance(intervals, list):
        for interval in intervals:
            frame.unsigned(interval, size=2)
    return frame.finish(details)
