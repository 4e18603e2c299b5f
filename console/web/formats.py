"""Numbers, instants and spans as people read them. Pure: zone, language and `now` are arguments.

Stored values are canonical; what unit a person sees is said by the patient's row. A page never
mixes units: it is given one `Units` for all of it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.numbers import format_decimal
from numpy.typing import NDArray

from vitals.metrics import METRICS
from vitals.units import PRINTED, Unit

LB_PER_KG: Final = 2.2046226218487757
MG_DL_PER_MMOL_L: Final = 18.016
"""Of glucose: its molar mass over ten."""
FAHRENHEIT_PER_CELSIUS: Final = 1.8
FAHRENHEIT_AT_ZERO_CELSIUS: Final = 32
CELSIUS_PLACES: Final = 2
"""A thermometer that counts in °F is kept to so many places (device_profiles.conversion): a limit
that is typed in °F is kept to the same, or a reading of just that number would miss it."""
UNKNOWN: Final = "Not known"
"""Never "?" and never an empty place: NHS common user interface, patient banner."""


Numbers = TypeVar("Numbers", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """What one patient's numbers are shown in."""

    weight: str = "kg"
    glucose: str = "mg/dL"
    temperature: str = "C"

    def convert(self, metric: str, value: Numbers) -> Numbers:
        """From canonical: one number, or a column of them."""
        if self._fahrenheit(metric):
            return value * FAHRENHEIT_PER_CELSIUS + FAHRENHEIT_AT_ZERO_CELSIUS
        return self.convert_difference(metric, value)

    def convert_difference(self, metric: str, value: Numbers) -> Numbers:
        """Of two canonical numbers: 1 °C more is 1.8 °F more."""
        if self._fahrenheit(metric):
            return value * FAHRENHEIT_PER_CELSIUS
        if self._pounds(metric):
            return value * LB_PER_KG
        return value / MG_DL_PER_MMOL_L if self._mmol(metric) else value

    def canonical(self, metric: str, value: float) -> float:
        """The inverse, for what people type."""
        if self._fahrenheit(metric):
            return round((value - FAHRENHEIT_AT_ZERO_CELSIUS) * 5 / 9, CELSIUS_PLACES)
        return self.canonical_difference(metric, value)

    def canonical_difference(self, metric: str, value: float) -> float:
        if self._fahrenheit(metric):
            return value / FAHRENHEIT_PER_CELSIUS
        if self._pounds(metric):
            return value / LB_PER_KG
        return value * MG_DL_PER_MMOL_L if self._mmol(metric) else value

    def converts(self, metric: str) -> bool:
        """Whether a person sees another number than the stored one."""
        return self._fahrenheit(metric) or self._pounds(metric) or self._mmol(metric)

    def _fahrenheit(self, metric: str) -> bool:
        return self.temperature == "F" and METRICS[metric].unit is Unit.CELSIUS

    def _pounds(self, metric: str) -> bool:
        return self.weight == "lb" and METRICS[metric].unit is Unit.KG

    def _mmol(self, metric: str) -> bool:
        return self.glucose == "mmol/L" and metric == "glucose"

    def unit(self, metric: str) -> str:
        unit = METRICS[metric].unit
        if unit is Unit.KG:
            return self.weight
        if unit is Unit.CELSIUS:
            return f"°{self.temperature}"
        return self.glucose if metric == "glucose" else PRINTED[unit]

    def decimals(self, metric: str) -> int:
        if metric == "glucose" and self.glucose == "mmol/L":
            return 1
        return METRICS[metric].decimals

    def number(
        self, metric: str, value: float, *, language: str = "en", difference: bool = False
    ) -> str:
        """Without its unit: "128", "81.4"."""
        convert = self.convert_difference if difference else self.convert
        places = self.decimals(metric)
        pattern = "#,##0" if places == 0 else "#,##0." + "0" * places
        return format_decimal(convert(metric, value), format=pattern, locale=language)

    def text(self, metric: str, value: float, *, language: str = "en") -> str:
        """With its unit: "128 mmHg"."""
        return f"{self.number(metric, value, language=language)} {self.unit(metric)}"


def units_from(row: Mapping[str, Any]) -> Units:
    """Of a row of patients."""
    return Units(
        weight=row["weight_unit"],
        glucose=row["glucose_unit"],
        temperature=row["temperature_unit"],
    )


def clock_time(at: dt.datetime, zone: ZoneInfo, *, language: str = "en") -> str:
    """14:05 for staff everywhere; patients see what their language has: "2:05 PM"."""
    return format_time(at.astimezone(zone), "HH:mm", locale=language)


def familiar_time(at: dt.datetime, zone: ZoneInfo, *, language: str = "en") -> str:
    return format_time(at.astimezone(zone), "short", locale=language).replace("\u202f", " ")


def instant(at: dt.datetime, zone: ZoneInfo, *, language: str = "en") -> str:
    """Sun 22 Nov 2026, 14:05."""
    return format_datetime(at.astimezone(zone), "EEE d MMM y, HH:mm", locale=language)


def near(at: dt.datetime, zone: ZoneInfo, locale: str) -> str:
    """For people at home: Sunday, November 22, 2:05 PM."""
    there = at.astimezone(zone)
    day_there = weekday_and_day(there.date(), language=locale)
    return f"{day_there}, {familiar_time(at, zone, language=locale)}"


def weekday_and_day(day: dt.date, *, language: str = "en") -> str:
    """Sunday, November 22."""
    return format_skeleton("MMMMEEEEd", day, locale=language)


def day(value: dt.date, *, language: str = "en") -> str:
    """22 Nov 2026."""
    return format_date(value, "d MMM y", locale=language)


def long_day(value: dt.date, *, language: str = "en") -> str:
    """Sun 22 Nov 2026: an instant without its time."""
    return format_date(value, "EEE d MMM y", locale=language)


def born(value: dt.date | None, *, today: dt.date) -> str:
    """5 Mar 1948 (78 y): the month in letters, so that nobody reads day for month."""
    if value is None:
        return UNKNOWN
    age = today.year - value.year - ((today.month, today.day) < (value.month, value.day))
    return f"{day(value)} ({age} y)"


def ago(at: dt.datetime, *, now: dt.datetime) -> str:
    """How long since: "now", "12 min", "3 h 05 min", "2 d"."""
    return span(now - at) if now - at >= dt.timedelta(minutes=1) else "now"


def since(at: dt.datetime, *, now: dt.datetime) -> str:
    """As a sentence has it: "just now", "12 min ago"."""
    told = ago(at, now=now)
    return "just now" if told == "now" else f"{told} ago"


def span(length: dt.timedelta) -> str:
    """Whole minutes up to a day, then hours, then days."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:  # noqa: PLR2004 - hours of a day
        return f"{hours} h {rest:02} min" if rest else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours and days < 7 else f"{days} d"  # noqa: PLR2004 - a week


def minutes_and_seconds(seconds: float) -> str:
    """4:07, as a timer shows it."""
    whole = max(int(seconds), 0)
    return f"{whole // 60}:{whole % 60:02}"


ABBREVIATIONS: Final = {"copd": "COPD", "esh": "ESH"}


def capitalised(text: str) -> str:
    """The first letter large and the others as they are: names and abbreviations keep theirs."""
    words = [ABBREVIATIONS.get(word, word) for word in str(text).split(" ")]
    spelled = " ".join(words)
    return spelled[:1].upper() + spelled[1:]


def programme_name(key: str) -> str:
    """Of `heart-failure`: Heart failure. Where no title is at hand."""
    words = key.replace("_", " ").replace("-", " ").split(" ")
    return capitalised(" ".join("US" if word == "us" else word for word in words))


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 reading, 2 readings."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


ZIP_PLACE: Final = 5
ZIP_WHOLE: Final = 9


def zip_code(digits: str) -> str:
    """Of nine digits 10001-9998."""
    whole = len(digits) == ZIP_WHOLE and digits.isdigit()
    return f"{digits[:ZIP_PLACE]}-{digits[ZIP_PLACE:]}" if whole else digits
