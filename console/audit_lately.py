"""What scripts of an open page ask for over and over: written down once in a few minutes."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

EVERY: Final = dt.timedelta(minutes=5)
MOST_KEYS: Final = 5_000

Key = tuple[UUID, str, str]
"""Who asks, by which route, for what."""
Lately = OrderedDict[Key, tuple[dt.datetime, frozenset[UUID]]]


def said_lately(lately: Lately, key: Key, patients: Sequence[UUID], *, now: dt.datetime) -> bool:
    """Whether there is a row that says the same: not where there is a patient who was not in it."""
    at, before = lately.get(key, (None, frozenset[UUID]()))
    return at is not None and dt.timedelta() <= now - at < EVERY and before.issuperset(patients)


def remember(lately: Lately, key: Key, patients: Sequence[UUID], *, now: dt.datetime) -> None:
    """That there is such a row: once it is committed, not before."""
    lately[key] = (now, frozenset(patients))
    lately.move_to_end(key)
    while len(lately) > MOST_KEYS:
        lately.popitem(last=False)
