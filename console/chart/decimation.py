"""Fewer points than there are readings, without hiding any peak: of each stretch the extremes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints

POINTS_MOST: Final = 800
"""More dots than that are a blot, and weigh more than the page."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """Which readings are drawn."""

    rows: Ints
    of: int
    """Out of so many."""
    bucket_us: int | None
    """Of each stretch so long the lowest and the highest; None: all are drawn."""


def kept(at: Ints, columns: Sequence[Floats], *, always: Bools, most: int = POINTS_MOST) -> Kept:
    """Of each stretch the lowest and the highest reading in each column; `always`: these too.

    The first of several that are equal. What is no number is no extreme.
    """
    if len(at) <= most or not columns:
        return Kept(rows=np.arange(len(at)), of=len(at), bucket_us=None)
    first, last = int(at[0]), int(at[-1])
    buckets = max(most // (2 * len(columns)), 1)
    length = (last - first) // buckets + 1
    bucket = (at - first) // length
    chosen = always.copy()
    for numbers in columns:
        chosen[_extremes(bucket, numbers)] = True
    return Kept(rows=np.flatnonzero(chosen).astype(np.int64), of=len(at), bucket_us=length)


def _extremes(bucket: Ints, numbers: Floats) -> Ints:
    """Rows of the lowest and of the highest number in each bucket."""
    there = np.flatnonzero(~np.isnan(numbers))
    of, values = bucket[there], numbers[there]
    up = there[np.lexsort((values, of))]
    down = there[np.lexsort((-values, of))]
    return np.concatenate([_firsts(bucket, up), _firsts(bucket, down)])


def _firsts(bucket: Ints, rows: Ints) -> Ints:
    begins = np.ones(len(rows), dtype=np.bool_)
    begins[1:] = np.diff(bucket[rows]) != 0
    return rows[begins]
