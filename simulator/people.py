"""Simulated people: who they are, and what a device would find if it measured them now. Pure."""

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from vitals.flags import Flag, Meal


class Trouble(StrEnum):
    """What makes a person a patient; each shows in the values in a way that a nurse would know."""

    NONE = "none"
    HYPERTENSION = "hypertension"  # High all the time, and sometimes dangerously so.
    HEART_FAILURE = "heart_failure"  # Gains a kilogram a day for some days, then is treated.
    DIABETES = "diabetes"  # High after meals, now and then low in the morning.
    COPD = "copd"  # Saturation in the low nineties, some days in the eighties.
    ARRHYTHMIA = "arrhythmia"  # An irregular and quick pulse, on some days.


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One who lives in a household; names are given by whoever needs them."""

    key: str
    """Unique among all simulated people, the same for the same seed: `home-0001-p1`."""
    sex: str
    """`female` or `male`."""
    age_years: int
    height_cm: float
    weight_kg: float
    systolic: float
    diastolic: float
    pulse: float
    trouble: Trouble = Trouble.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """mmHg and 1/min, whole numbers."""

    systolic: int
    diastolic: int
    mean: int
    pulse: int
    flags: tuple[str, ...] = ()


def blood_pressure(person: Person, at: dt.datetime) -> Pressure:
    """Lowest in the night, highest in the late afternoon; `at` is the home's local time."""
    chance = _chance(person, "pressure", at)
    rhythm = 6 * math.cos((_hours(at) - 17) / 24 * math.tau)
    systolic = person.systolic + rhythm + chance.gauss(0, 6)
    diastolic = person.diastolic + rhythm * 0.6 + chance.gauss(0, 4)
    pulse = person.pulse + rhythm * 0.5 + chance.gauss(0, 4)
    flags: list[str] = []
    if person.trouble == Trouble.HYPERTENSION and chance.random() < _CRISIS_CHANCE:
        systolic, diastolic = systolic + 35, diastolic + 20
    if person.trouble == Trouble.ARRHYTHMIA and _is_bad_day(person, at):
        pulse += 38
        flags.append(Flag.IRREGULAR_PULSE)
    if chance.random() < _MOVED_CHANCE:
        flags.append(Flag.BODY_MOVEMENT)
    diastolic = min(diastolic, systolic - 20)
    return Pressure(
        systolic=round(systolic),
        diastolic=round(diastolic),
        mean=round(diastolic + (systolic - diastolic) / 3),
        pulse=round(pulse),
        flags=tuple(flags),
    )


def pressure_again(person: Person, first: Pressure, at: dt.datetime) -> Pressure:
    """Some minutes after a first one. Most that were high still are; about a third have calmed down
    (of repeats of 140/90 and more, 36 % fell below: Einstadter, JAMA Internal Medicine 2018).
    """
    chance = _chance(person, "pressure again", at)
    calmed = chance.random() < _CALMED_CHANCE
    systolic = first.systolic - round(chance.gauss(28 if calmed else 2, 3))
    diastolic = min(first.diastolic - round(chance.gauss(14 if calmed else 1, 2)), systolic - 20)
    return Pressure(
        systolic=systolic,
        diastolic=diastolic,
        mean=round(diastolic + (systolic - diastolic) / 3),
        pulse=first.pulse + round(chance.gauss(0, 3)),
        flags=first.flags,
    )


def weight(person: Person, at: dt.datetime) -> float:
    """In kg, in steps of 50 g: drifts over weeks, more in the evening, water in heart failure."""
    day = at.toordinal() + _hours(at) / 24
    chance = _chance(person, "weight", at)
    kg = person.weight_kg + 0.9 * math.sin(day / 47 + len(person.key)) + 0.04 * _hours(at)
    if person.trouble == Trouble.HEART_FAILURE:
        kg += _WATER_KG_PER_DAY * min(day % _WATER_PERIOD_DAYS, _WATER_DAYS)
    return round((kg + chance.gauss(0, 0.15)) * 20) / 20


def body_fat(person: Person, at: dt.datetime) -> float:
    """Per cent, by the formula that bathroom scales are built on."""
    bmi = weight(person, at) / (person.height_cm / 100) ** 2
    found = 1.2 * bmi + 0.23 * person.age_years - 5.4 - (10.8 if person.sex == "male" else 0)
    return round(min(max(found, 5), 60), 1)


def glucose(person: Person, at: dt.datetime, meal: Meal) -> int:
    """mg/dL, by when it was measured relative to eating."""
    chance = _chance(person, "glucose", at)
    if person.trouble != Trouble.DIABETES:
        return round(chance.gauss(118 if meal == Meal.AFTER else 90, 9))
    if meal != Meal.AFTER and chance.random() < _LOW_CHANCE:
        return round(chance.uniform(44, 68))
    middle, spread = _DIABETIC[meal]
    return round(max(chance.gauss(middle, spread), 40))


def saturation(person: Person, at: dt.datetime) -> tuple[int, int]:
    """SpO2 in per cent, and the pulse."""
    chance = _chance(person, "saturation", at)
    middle = 97.0
    if person.trouble == Trouble.COPD:
        middle = 86.5 if _is_bad_day(person, at) else 91.5
    spo2 = min(round(chance.gauss(middle, 1.0)), 100)
    return spo2, round(person.pulse + chance.gauss(0, 4) + max(0, 92 - spo2))


def temperature(person: Person, at: dt.datetime) -> float:
    """Degrees Celsius; a fever in COPD's bad days."""
    chance = _chance(person, "temperature", at)
    fever = 1.6 if person.trouble == Trouble.COPD and _is_bad_day(person, at) else 0
    rhythm = 0.25 * math.cos((_hours(at) - 18) / 24 * math.tau)
    return round(36.6 + rhythm + fever + chance.gauss(0, 0.12), 1)


_CALMED_CHANCE: Final = 0.36
_CRISIS_CHANCE: Final = 0.08
_MOVED_CHANCE: Final = 0.03
_LOW_CHANCE: Final = 0.05
_BAD_DAY_CHANCE: Final = 0.12
_WATER_KG_PER_DAY: Final = 0.8
_WATER_DAYS: Final = 5.0
_WATER_PERIOD_DAYS: Final = 19
_DIABETIC: Final = {
    Meal.FASTING: (132.0, 24.0),
    Meal.BEFORE: (138.0, 26.0),
    Meal.AFTER: (198.0, 42.0),
    Meal.CASUAL: (165.0, 38.0),
    Meal.BEDTIME: (158.0, 34.0),
}


def _chance(person: Person, what: str, at: dt.datetime) -> Random:
    """Luck that is the same whenever the same person is measured at the same time."""
    return Random(f"{person.key} {what} {at.isoformat()}")  # noqa: S311 - not for secrets


def _is_bad_day(person: Person, at: dt.datetime) -> bool:
    return _chance(person, "day", dt.datetime.combine(at, dt.time())).random() < _BAD_DAY_CHANCE


def _hours(at: dt.datetime) -> float:
    return at.hour + at.minute / 60
