"""What a body shows on a day: the resting values, the day's rhythm, and what the stories add. Pure.

Days count from the anchor; hours are local.
"""

import datetime as dt
import math
from collections.abc import Iterator
from typing import Final

from simulator.history_chance import drift
from simulator.people_cast import Character
from simulator.people_stories import Story, Tale
from vitals.flags import Meal

RISE_DAYS: Final = 4.0
"""So long it takes until what drives pressure up has done so."""
FALL_DAYS: Final = 10.0
"""So long it takes to get it down again."""
DRY_DAYS: Final = 6.0
"""In which diuretics take away the water of heart failure."""
WHITE_COAT: Final = 11.0
"""mmHg on the first day with a new device; it wears off."""
WINTER: Final = 3.0
"""mmHg above the year's mean in January, and below it in July."""
MONDAY: Final = 1.5


def systolic(character: Character, day: int, at: dt.datetime) -> float:
    """Without the chance of a single reading."""
    person = character.person
    rested = person.systolic + 3.0 * drift(character.key, "pressure", day)
    return rested + _pressure(character, day, at) + 5.0 * _afternoon(at)


def diastolic(character: Character, day: int, at: dt.datetime) -> float:
    rested = character.person.diastolic + 1.8 * drift(character.key, "pressure", day)
    return rested + 0.55 * _pressure(character, day, at) + 3.0 * _afternoon(at)


def pulse(character: Character, day: int, at: dt.datetime) -> float:
    shift = sum(18.0 for _ in running(character, Tale.IRREGULAR, day))
    shift += sum(9.0 for _ in running(character, Tale.FEVER, day))
    water = sum(_water(story, day) for story in _of(character, Tale.WATER))
    rested = character.person.pulse + 1.2 * drift(character.key, "pulse", day)
    return rested + shift + 5.0 * water + 2.0 * _afternoon(at)


def weight(character: Character, day: int) -> float:
    """In the morning, kg."""
    water = sum(_water(story, day) for story in _of(character, Tale.WATER))
    salt = sum(0.5 for _ in running(character, Tale.SODIUM, day))
    return character.person.weight_kg + 0.7 * drift(character.key, "weight", day) + water + salt


def glucose(character: Character, day: int, meal: Meal) -> float:
    """mg/dL."""
    shift = sum(story.size for story in running(character, Tale.HIGH_SUGAR, day))
    return _SUGAR[meal] + 9.0 * drift(character.key, "glucose", day) + shift


def saturation(character: Character, day: int) -> float:
    """Per cent; the story of a single moment is not in it."""
    rested = 91.6 if character.programme == "copd" else 96.6
    water = sum(_water(story, day) for story in _of(character, Tale.WATER))
    dips = sum(s.size for s in running(character, Tale.DIP, day) if s.minutes is None)
    return rested + 0.5 * drift(character.key, "saturation", day) - dips - 0.5 * water


def temperature(character: Character, day: int, at: dt.datetime) -> float:
    fever = sum(story.size for story in running(character, Tale.FEVER, day))
    return 36.6 + 0.2 * _afternoon(at) + fever


def running(character: Character, tale: Tale, day: int) -> Iterator[Story]:
    """Stories of this kind that go on on that day."""
    for story in _of(character, tale):
        if story.day <= day < story.day + story.length:
            yield story


def _of(character: Character, tale: Tale) -> Iterator[Story]:
    return (story for story in character.stories if story.tale is tale)


def _pressure(character: Character, day: int, at: dt.datetime) -> float:
    """What is added to the resting systolic pressure."""
    since = day - character.enrolled
    total = WHITE_COAT * math.exp(-since / 2.0) + WINTER * math.cos(_season(at) * math.tau)
    total += MONDAY if at.weekday() == 0 else 0.0
    total += sum(story.size for story in running(character, Tale.SODIUM, day))
    total += sum(story.size * _held(story, day) for story in _of(character, Tale.UNCONTROLLED))
    for story in _of(character, Tale.MEDICATION):
        total -= story.size * min(max((day - story.day) / max(story.length, 1), 0.0), 1.0)
    return total


def _held(story: Story, day: int) -> float:
    """Rises in days, stays for its length, falls slowly."""
    if day < story.day:
        return 0.0
    after = day - (story.day + story.length)
    if after > 0:
        return max(1.0 - after / FALL_DAYS, 0.0)
    return min((day - story.day + 1) / RISE_DAYS, 1.0)


def _water(story: Story, day: int) -> float:
    """kg: gained day by day, then lost."""
    if day < story.day:
        return 0.0
    after = day - (story.day + story.length)
    if after > 0:
        return story.size * max(1.0 - after / DRY_DAYS, 0.0)
    return story.size * min((day - story.day) / story.length, 1.0)


def _season(at: dt.datetime) -> float:
    """0 in the middle of January."""
    return (at.timetuple().tm_yday - 15) / 365.25


def _afternoon(at: dt.datetime) -> float:
    """1 at five in the afternoon, -1 at five in the morning."""
    return math.cos((at.hour + at.minute / 60 - 17) / 24 * math.tau)


_SUGAR: Final = {
    Meal.FASTING: 122.0,
    Meal.BEFORE: 129.0,
    Meal.AFTER: 161.0,
    Meal.CASUAL: 140.0,
    Meal.BEDTIME: 138.0,
}
