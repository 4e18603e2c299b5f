"""Days without a reading: shaded, and said in words. Pure."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from alerts.columns.series import Ints

DAYS_LEAST: Final = 3
"""Fewer days without a reading are no gap worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Local days, in days since 1970-01-01: [first, last], both without a reading."""

    first: int
    last: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1

    @property
    def words(self) -> str:
        return f"no readings, {self.days} days"


def gaps(days: Ints, *, first: int, last: int, least: int = DAYS_LEAST) -> tuple[Gap, ...]:
    """Stretches of at least `least` days without any of `days`, from `first` to `last`."""
    inside = np.unique(days[(days >= first) & (days <= last)])
    edges = np.concatenate([[first - 1], inside, [last + 1]])
    return tuple(
        Gap(first=int(before) + 1, last=int(after) - 1)
        for before, after in pairwise(edges)
        if after - before - 1 >= least
    )
