"""The cast of a clinic: who is cared for, since when, how well they measure, and what befalls them.

Pure and seeded: the same seed gives the same people everywhere. Days count from the anchor, the day
on which a demonstration begins: what is before it has negative numbers.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from simulator.people import Person, Trouble
from simulator.people_stories import FEATURED, ORDINARY, Role, Story
from vitals.kinds import Kind


class Adherence(StrEnum):
    """How many days of a month somebody measures."""

    STEADY = "steady"  # Nearly every day.
    MOST = "most"  # Five days of six.
    THIRTEEN = "thirteen"  # Thirteen days of each month.


class Stands(StrEnum):
    """What the nurses have done, at the anchor, with what has begun lately."""

    HANDLED = "handled"  # As with everything before.
    OPEN = "open"  # Nothing yet.
    ACKNOWLEDGED = "acknowledged"  # Taken on 25 minutes ago, and nothing since.
    CLAIMED = "claimed"  # The second nurse is at it.
    SNOOZED = "snoozed"  # Until tomorrow.


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """One patient of the clinic."""

    number: int
    """From 1."""
    person: Person
    origin: str
    """Where their names are from: a key of the clinic's lists."""
    programme: str
    """Id of a shipped care programme."""
    diagnoses: tuple[str, ...]
    """ICD-10-CM."""
    zone: str
    language: str
    allergies: str | None
    """As told; None: nobody has asked."""
    weight_unit: str
    glucose_unit: str
    kinds: tuple[Kind, ...]
    enrolled: int
    """The day, before the anchor, of the first measurement."""
    adherence: Adherence
    stories: tuple[Story, ...]
    stands: Stands
    lately: int
    """So many days before the anchor begins what `stands` is about."""

    @property
    def key(self) -> str:
        return self.person.key


def cast(seed: int, count: int) -> tuple[Character, ...]:
    """So many people. The first ones have stories of their own; few are the first of many."""
    return tuple(_character(seed, number) for number in range(1, count + 1))


def birth_date(character: Character, anchor: dt.date) -> dt.date:
    """A date of birth that fits the age on the anchor day."""
    chance = Random(f"birth {character.key}")  # noqa: S311 - not for secrets
    last_birthday = dt.timedelta(days=chance.randint(0, 360))
    year = anchor.year - character.person.age_years
    return dt.date(year, anchor.month, min(anchor.day, 28)) - last_birthday


def _character(seed: int, number: int) -> Character:
    chance = Random(f"cast {seed} {number}")  # noqa: S311 - not for secrets
    role = _role(number)
    origin = _ORIGINS[(number - 1) % len(_ORIGINS)]
    return Character(
        number=number,
        person=_person(chance, f"demo-{number:03}", role),
        origin=origin,
        programme=role.programme,
        diagnoses=_DIAGNOSES[role.programme],
        zone=_ZONES[chance.choices(range(len(_ZONES)), weights=(6, 3, 1))[0]],
        language="es" if origin == "latin" and chance.random() < _SPANISH else "en",
        allergies=_ALLERGIES[number % len(_ALLERGIES)],
        weight_unit="kg" if origin in _METRIC and chance.random() < _IN_KG else "lb",
        glucose_unit="mmol/L" if origin in _METRIC and chance.random() < _IN_MMOL else "mg/dL",
        kinds=_KINDS[role.programme],
        enrolled=-(role.since or chance.randint(185, 240)),
        adherence=Adherence(role.adherence)
        if role.adherence
        else chance.choice((Adherence.STEADY, Adherence.STEADY, Adherence.MOST)),
        stories=role.stories,
        stands=Stands(role.stands),
        lately=role.lately,
    )


def _role(number: int) -> Role:
    if number <= len(FEATURED):
        return FEATURED[number - 1]
    return ORDINARY[(number - len(FEATURED) - 1) % len(ORDINARY)]


def _person(chance: Random, key: str, role: Role) -> Person:
    pregnant = role.programme == "pregnancy"
    sex = "female" if pregnant else role.sex or chance.choice(("female", "male"))
    height = round(min(max(chance.gauss(163 if sex == "female" else 176, 6), 148), 198))
    systolic, diastolic, pulse = _RESTING[role.programme]
    return Person(
        key=key,
        sex=sex,
        age_years=chance.randint(34, 41) if pregnant else role.age or chance.randint(49, 91),
        height_cm=height,
        weight_kg=round(min(max(chance.gauss(28, 3), 21), 38) * (height / 100) ** 2, 1),
        systolic=systolic + chance.gauss(0, 2),
        diastolic=diastolic + chance.gauss(0, 1.5),
        pulse=pulse + chance.gauss(0, 3),
        trouble=_TROUBLES[role.programme],
    )


_SPANISH: Final = 0.7
_IN_KG: Final = 0.5
_IN_MMOL: Final = 0.25
_METRIC: Final = frozenset({"nordic", "slavic", "german", "persian"})
_ORIGINS: Final = (
    "english", "latin", "african", "chinese", "english", "indian", "latin", "nordic", "arabic",
    "irish", "korean", "latin", "slavic", "italian", "vietnamese", "english", "persian", "latin",
    "german", "japanese", "greek", "french",
)  # fmt: skip
_ZONES: Final = ("America/New_York", "America/Chicago", "America/Phoenix")
_ALLERGIES: Final = (
    "None known", "Penicillin: rash", "None known", None, "ACE inhibitors: cough", "None known",
    "Sulfonamides: hives; latex", "None known", "Iodine contrast: swelling", "None known",
    "Peanuts: anaphylaxis", "None known", None,
)  # fmt: skip
_RESTING: Final = {
    "hypertension-us": (123.0, 73.0, 70.0),
    "heart-failure": (121.0, 71.0, 71.0),
    "diabetes-type-2": (124.0, 74.0, 72.0),
    "copd": (126.0, 74.0, 76.0),
    "pregnancy": (112.0, 69.0, 80.0),
    "post-discharge-30": (122.0, 72.0, 74.0),
}
"""Systolic, diastolic and pulse of those whose treatment works."""
_TROUBLES: Final = {
    "hypertension-us": Trouble.HYPERTENSION,
    "heart-failure": Trouble.HEART_FAILURE,
    "diabetes-type-2": Trouble.DIABETES,
    "copd": Trouble.COPD,
    "pregnancy": Trouble.NONE,
    "post-discharge-30": Trouble.NONE,
}
_DIAGNOSES: Final[dict[str, tuple[str, ...]]] = {
    "hypertension-us": ("I10",),
    "heart-failure": ("I50.22", "I10"),
    "diabetes-type-2": ("E11.65",),
    "copd": ("J44.9",),
    "pregnancy": ("O13.3",),
    "post-discharge-30": ("Z09",),
}
_KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "hypertension-us": (Kind.BLOOD_PRESSURE,),
    "heart-failure": (Kind.WEIGHT, Kind.BLOOD_PRESSURE),
    "diabetes-type-2": (Kind.GLUCOSE, Kind.BLOOD_PRESSURE),
    "copd": (Kind.OXIMETRY, Kind.TEMPERATURE),
    "pregnancy": (Kind.BLOOD_PRESSURE,),
    "post-discharge-30": (
        Kind.BLOOD_PRESSURE,
        Kind.OXIMETRY,
        Kind.TEMPERATURE,
        Kind.WEIGHT,
    ),
}
