"""What is usual for a person, and whose weight a scale's number can be. Pure.

A number outside of the robust band of somebody's last week is in doubt where somebody else may have
measured: |w - median of 7 days| > max(5 %, 4 * MAD).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final
from uuid import UUID

from msgspec import Struct

USUAL_DAYS: Final = dt.timedelta(days=7)
FRACTION: Final = 0.05
MADS: Final = 4.0
READINGS_LEAST: Final = 3
"""Fewer tell nothing about what is usual."""


class Usual(Struct, frozen=True, kw_only=True):
    """A person's last week."""

    middle: float
    allowed: float
    """How far off is still theirs."""
    count: int

    def is_far(self, number: float) -> bool:
        return abs(number - self.middle) > self.allowed


def usual(numbers: Sequence[float]) -> Usual | None:
    """None where there are too few to say."""
    if len(numbers) < READINGS_LEAST:
        return None
    middle = median(numbers)
    spread = median(abs(number - middle) for number in numbers)
    return Usual(middle=middle, allowed=max(FRACTION * middle, MADS * spread), count=len(numbers))


class Weighed(Struct, frozen=True, kw_only=True):
    """One weight that is, or was taken to be, a person's."""

    id: UUID
    measured_at: dt.datetime
    number: float
    shared: bool
    """Somebody else may have stood on this scale."""
    doubted: bool
    """As it stands now."""
    settled: bool
    """A person has said that it is theirs: it is not judged again."""


class Judged(Struct, frozen=True, kw_only=True):
    """What is to change."""

    doubted: tuple[Weighed, ...] = ()
    believed: tuple[Weighed, ...] = ()


def judge(weights: Iterable[Weighed], *, since: dt.datetime) -> Judged:
    """Of one person and kind, in order of time. What is in doubt is no part of what is usual.

    Those before `since` stand as they are. A weight near one that a person has confirmed within the
    week is believed too: who has lost six kilograms in hospital is asked about it once.
    """
    theirs: list[Weighed] = []
    doubted: list[Weighed] = []
    believed: list[Weighed] = []
    for each in weights:
        theirs = [one for one in theirs if one.measured_at > each.measured_at - USUAL_DAYS]
        doubt = each.doubted if each.measured_at < since else _is_doubtful(each, theirs)
        if not doubt:
            theirs.append(each)
        if doubt != each.doubted:
            (doubted if doubt else believed).append(each)
    return Judged(doubted=tuple(doubted), believed=tuple(believed))


def _is_doubtful(each: Weighed, theirs: Sequence[Weighed]) -> bool:
    if each.settled or not each.shared:
        return False
    known = usual([one.number for one in theirs])
    if known is None or not known.is_far(each.number):
        return False
    return not any(
        one.settled and abs(each.number - one.number) <= FRACTION * one.number for one in theirs
    )
