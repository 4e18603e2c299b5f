"""A reading's number as the patient's device shows it, and when it was, in their words. Pure."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from console.my.words import Words
from console.web.formats import Units, familiar_time
from vitals.flags import Flag, Special
from vitals.kinds import PANELS, Kind

BEYOND: Final = {
    Special.HI: math.inf,
    Special.PLUS_INF: math.inf,
    Special.LO: -math.inf,
    Special.MINUS_INF: -math.inf,
}
NOT_SURE: Final = frozenset(
    {
        Flag.BODY_MOVEMENT, Flag.CUFF_TOO_LOOSE, Flag.IMPROPER_POSITION, Flag.SENSOR_MALFUNCTION,
        Flag.SAMPLE_INSUFFICIENT, Flag.STRIP_ERROR, Flag.READ_INTERRUPTED, Flag.DEVICE_FAULT,
        Flag.QUESTIONABLE, Flag.NO_SKIN_CONTACT, Flag.TEMPERATURE_TOO_HIGH,
        Flag.TEMPERATURE_TOO_LOW,
    }
)  # fmt: skip
"""With these the device says itself that its number may be off."""
PULSE: Final = "pulse"
LONG_DAYS: Final = {"en": "EEEE, MMMM d", "es": "EEEE, d 'de' MMMM"}
"""Sunday, November 22: with the whole weekday, which the skeletons of CLDR shorten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`128/82` `mmHg`; `HI` where the meter shows no number."""

    number: str
    unit: str
    spoken: str
    """For people who hear the page: `128 over 82`."""


def values_of(row: Mapping[str, Any]) -> dict[str, float]:
    """Of a kind's metrics; HI and LO as infinities."""
    panel = PANELS[Kind(row["kind"])]
    values = {each.name: row[each.name] for each in panel.metrics if row[each.name] is not None}
    special = msgspec.json.decode(row["special"]) if row["special"] else {}
    for name, word in special.items():
        if word in set(BEYOND):
            values[name] = BEYOND[Special(word)]
    return values


def figure(kind: Kind, values: Mapping[str, float], units: Units, words: Words) -> Figure:
    primary = [each.name for each in PANELS[kind].primary]
    numbers = [number(name, values.get(name), units, words) for name in primary]
    joined = "/".join(numbers)
    spoken = words("figure.over", upper=numbers[0], lower=numbers[-1])
    return Figure(
        number=joined,
        unit=units.unit(primary[0]),
        spoken=spoken if len(numbers) > 1 else joined,
    )


def number(metric: str, value: float | None, units: Units, words: Words) -> str:
    if value is None:
        return "-"
    if math.isinf(value):
        return "HI" if value > 0 else "LO"
    return units.number(metric, value, language=words.locale)


def not_sure(flags: Sequence[str]) -> bool:
    return not NOT_SURE.isdisjoint(flags)


def when(at: dt.datetime, zone: ZoneInfo, words: Words, *, now: dt.datetime) -> str:
    """Today, Sunday, 8:12 AM; further back with the date."""
    local = at.astimezone(zone)
    clock = time_of_day(at, zone, words)
    days = (now.astimezone(zone).date() - local.date()).days
    weekday = format_date(local.date(), "EEEE", locale=words.locale)
    if days == 0:
        return words("when.today", weekday=weekday, time=clock)
    if days == 1:
        return words("when.yesterday", weekday=weekday, time=clock)
    return words("when.before", day=long_day(local.date(), words), time=clock)


def coming(at: dt.datetime, zone: ZoneInfo, words: Words, *, now: dt.datetime) -> str:
    """From when on: today from 5:00 PM; tomorrow from …; Tuesday from …."""
    local = at.astimezone(zone)
    clock = edge_of_turn(at, zone, words)
    days = (local.date() - now.astimezone(zone).date()).days
    if days <= 0:
        return words("due.today", time=clock)
    if days == 1:
        return words("due.tomorrow", time=clock)
    return words("due.on", day=format_date(local.date(), "EEEE", locale=words.locale), time=clock)


def time_of_day(at: dt.datetime, zone: ZoneInfo, words: Words) -> str:
    return familiar_time(at, zone, language=words.locale).replace("\xa0", " ")


def edge_of_turn(at: dt.datetime, zone: ZoneInfo, words: Words) -> str:
    """As `time_of_day`, where 12:00 AM and 12:00 PM are easily taken for each other."""
    local = at.astimezone(zone)
    known = {(0, 0): "due.midnight", (12, 0): "due.noon"}.get((local.hour, local.minute))
    return time_of_day(at, zone, words) if known is None else words(known)


def long_day(day: dt.date, words: Words) -> str:
    return format_date(day, LONG_DAYS[words.language], locale=words.locale)
