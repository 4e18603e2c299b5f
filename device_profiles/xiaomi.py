"""What Xiaomi scales advertise: version 1 under service 0x181D, version 2 under 0x181B.

No connection is made. The same frame is repeated for minutes, and while a person still steps on
or has stepped off; only a frame that is stable and not removed is a result.
"""

from typing import Final

from device_profiles import conversion
from device_profiles.cursor import Cursor
from device_profiles.draft import Draft
from device_profiles.errors import EncodeError
from device_profiles.writer import Writer, integer
from vitals.kinds import Kind
from vitals.reading import Measurement

# Version 1, one byte of flags.
_POUNDS: Final = 0x01
_CATTY: Final = 0x10
_STABLE: Final = 0x20
_REMOVED: Final = 0x80
_KNOWN: Final = _POUNDS | _CATTY | _STABLE | _REMOVED
# Version 2, two bytes of flags.
_POUNDS_2: Final = 0x0001
_IMPEDANCE_2: Final = 0x0200
_STABLE_2: Final = 0x2000
_CATTY_2: Final = 0x4000
_REMOVED_2: Final = 0x8000
_KNOWN_2: Final = _POUNDS_2 | _IMPEDANCE_2 | _STABLE_2 | _CATTY_2 | _REMOVED_2


def decode_weight(data: bytes) -> Measurement:
    """Version 1, ten bytes: flags, weight, time. Raises DecodeError where there are fewer."""
    fields = Cursor(data)
    flags = fields.u8()
    draft = _draft(pounds=flags & _POUNDS, catty=flags & _CATTY)
    draft.values["weight"] = _kg(fields.u16(), pounds=bool(flags & _POUNDS))
    draft.put_time(fields)
    return _finish(
        draft,
        fields,
        stable=bool(flags & _STABLE),
        removed=bool(flags & _REMOVED),
        reserved=flags & ~_KNOWN,
    )


def decode_body(data: bytes) -> Measurement:
    """Version 2, thirteen bytes: flags, time, impedance, weight. Raises DecodeError for fewer.

    It is a weight: the scale sends no body fat, only the impedance from which an application would
    guess it. The impedance (ohm) is kept in the details.
    """
    fields = Cursor(data)
    flags = fields.u16()
    draft = _draft(pounds=flags & _POUNDS_2, catty=flags & _CATTY_2)
    draft.put_time(fields)
    impedance = fields.u16()
    if flags & _IMPEDANCE_2:
        draft.details["impedance"] = impedance
    elif impedance:
        draft.details["impedance_unset"] = impedance
    draft.values["weight"] = _kg(fields.u16(), pounds=bool(flags & _POUNDS_2))
    return _finish(
        draft,
        fields,
        stable=bool(flags & _STABLE_2),
        removed=bool(flags & _REMOVED_2),
        reserved=flags & ~_KNOWN_2,
    )


def _draft(*, pounds: int, catty: int) -> Draft:
    return Draft(unit="lb" if pounds else "catty" if catty else "kg")


def _finish(
    draft: Draft, fields: Cursor, *, stable: bool, removed: bool, reserved: int
) -> Measurement:
    draft.details["stable"] = stable
    draft.details["removed"] = removed
    return draft.finish(Kind.WEIGHT, fields, reserved=reserved, result=stable and not removed)


def _kg(counts: int, *, pounds: bool) -> float:
    """0.01 lb, else 5 g; a catty is half a kilogram and counted in hundredths, so the same 5 g."""
    return conversion.kg_from_counts(counts, imperial=pounds)


def encode_weight(measurement: Measurement) -> bytes:
    """The version 1 payload; stable and not removed unless the details say otherwise."""
    details = measurement.details
    unit = details.get("unit", "kg")
    frame = Writer()
    frame.unsigned(
        _POUNDS * (unit == "lb")
        | _CATTY * (unit == "catty")
        | _STABLE * bool(details.get("stable", True))
        | _REMOVED * bool(details.get("removed", False))
        | integer(details, "reserved_flags"),
        size=1,
    )
    frame.unsigned(_counts(measurement), size=2)
    frame.time(measurement.device_time, details.get("time"))
    return frame.finish(details)


def encode_body(measurement: Measurement) -> bytes:
    """The version 2 payload; stable and not removed unless the details say otherwise."""
    details = measurement.details
    unit = details.get("unit", "kg")
    frame = Writer()
    frame.unsigned(
        _POUNDS_2 * (unit == "lb")
        | _CATTY_2 * (unit == "catty")
        | _IMPEDANCE_2 * ("impedance" in details)
        | _STABLE_2 * bool(details.get("stable", True))
        | _REMOVED_2 * bool(details.get("removed", False))
        | integer(details, "reserved_flags"),
        size=2,
    )
    frame.time(measurement.device_time, details.get("time"))
    frame.unsigned(integer(details, "impedance", integer(details, "impedance_unset")), size=2)
    frame.unsigned(_counts(measurement), size=2)
    return frame.finish(details)


def _counts(measurement: Measurement) -> float:
    kg = measurement.values.get("weight")
    if kg is None:
        raise EncodeError("a Xiaomi scale advertises no failed measurement")
    return conversion.counts_from_kg(kg, imperial=measurement.details.get("unit") == "lb")
