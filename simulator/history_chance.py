"""Luck that is the same for the same person, day and purpose, whatever else was asked before."""

import datetime as dt
import math
from calendar import monthrange
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np

from simulator.people_cast import Adherence, Character
from simulator.people_stories import Story, Tale

SKIPPED: Final = {Adherence.STEADY: 0.03, Adherence.MOST: 0.17}
DAYS_OF_THIRTEEN: Final = 13
SILENT: Final = frozenset({Tale.TRAVEL, Tale.STOPPED, Tale.HUB_OFFLINE})
"""Tales in which nothing is heard of somebody."""
ENDLESS: Final = frozenset({Tale.STOPPED, Tale.HUB_OFFLINE})

_WAVES: Final = ((9.3, 0.35), (23.0, 0.4), (61.0, 0.6))
"""Periods in days, and how much each is of the whole: bodies drift, and nobody knows why."""


def luck(*about: object) -> np.random.Generator:
    """Numbers drawn in order from a seed that is made of what they are about."""
    name = " ".join(str(each) for each in about).encode()
    seed = int.from_bytes(blake2b(name, digest_size=8).digest(), "big")
    return np.random.Generator(np.random.PCG64(seed))


def drift(key: str, what: str, day: int) -> float:
    """Slowly up and down, mostly within -1 and 1."""
    phases = _phases(key, what)
    return sum(
        share * math.sin((day / period + phase) * math.tau)
        for (period, share), phase in zip(_WAVES, phases, strict=True)
    )


@lru_cache(maxsize=4096)
def _phases(key: str, what: str) -> tuple[float, ...]:
    return tuple(luck(key, what, "drift").random(len(_WAVES)).tolist())


def measures(character: Character, day: int, date: dt.date) -> bool:
    """Whether they take out their devices on this day at all."""
    if day < character.enrolled or is_silent(character.stories, day):
        return False
    if character.adherence is Adherence.THIRTEEN:
        return date.day in _thirteen(character.key, date.year, date.month)
    return bool(luck(character.key, day, "measures").random() >= SKIPPED[character.adherence])


def is_silent(stories: tuple[Story, ...], day: int) -> bool:
    return any(
        story.day <= day and (story.tale in ENDLESS or day < story.day + story.length)
        for story in stories
        if story.tale in SILENT
    )


@lru_cache(maxsize=4096)
def _thirteen(key: str, year: int, month: int) -> frozenset[int]:
    days = luck(key, year, month, "thirteen").permutation(monthrange(year, month)[1])
    return frozenset(int(day) + 1 for day in days[:DAYS_OF_THIRTEEN])
