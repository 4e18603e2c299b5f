"""Temperature Measurement 0x2A1C and Intermediate Temperature 0x2A1E."""

from typing import Final

from device_profiles import conversion
from device_profiles.cursor import Cursor
from device_profiles.draft import Draft
from device_profiles.writer import Writer, has_time, integer, quantity
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import Measurement

_FAHRENHEIT: Final = 0x01
_TIME: Final = 0x02
_TYPE: Final = 0x04
_RESERVED: Final = 0xF8

SITES: Final = {
    1: "armpit",
    2: "body",
    3: "ear",
    4: "finger",
    5: "gastrointestinal",
    6: "mouth",
    7: "rectum",
    8: "toe",
    9: "tympanum",
}


def decode(data: bytes, *, result: bool = True) -> Measurement:
    """Raises DecodeError where the frame is shorter than its flags declare."""
    fields = Cursor(data)
    flags = fields.u8()
    draft = Draft(unit="F" if flags & _FAHRENHEIT else "C")
    number = fields.float32()
    if isinstance(number, float) and flags & _FAHRENHEIT:
        number = conversion.celsius_from_fahrenheit(number)
    draft.put("temperature", number)
    if flags & _TIME:
        draft.put_time(fields)
    if flags & _TYPE:
        site = fields.u8()
        draft.details["type"] = site
        if site in SITES:
            draft.context["site"] = SITES[site]
    return draft.finish(Kind.TEMPERATURE, fields, reserved=flags & _RESERVED, result=result)


def decode_intermediate(data: bytes) -> Measurement:
    """The thermometer while it still warms up: never a result."""
    return decode(data, result=False)


def encode(measurement: Measurement) -> bytes:
    """The frame of a thermometer that says this; in Fahrenheit where the details say "F"."""
    details = measurement.details
    fahrenheit = details.get("unit") == "F"
    sites = {name: number for number, name in SITES.items()}
    site = integer(details, "type", sites.get(str(measurement.context.get("site")), 0))
    has_site = "type" in details or bool(site)
    frame = Writer()
    frame.unsigned(
        _FAHRENHEIT * fahrenheit
        | _TIME * has_time(measurement)
        | _TYPE * has_site
        | integer(details, "reserved_flags"),
        size=1,
    )
    number = quantity(measurement, "temperature")
    if fahrenheit and not isinstance(number, Special):
        number = conversion.fahrenheit_from_celsius(number)
    frame.float32(number)
    if has_time(measurement):
        frame.time(measurement.device_time, details.get("time"))
    if has_site:
        frame.unsigned(site, size=1)
    return frame.finish(details)
