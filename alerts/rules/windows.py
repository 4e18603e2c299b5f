"""Means over windows of rows, exact: the same to the last bit, whatever else is in the batch.

Sums run over integers of millionths. Floats would carry the dust of all earlier patients of a batch
into each window, and a mean of exactly 130 would lie now on this, now on that side of its bound.
"""

from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints

_MILLIONTHS: Final = 1_000_000


def running(flags: Bools | Ints) -> Ints:
    """Sums of all before each place, and of all: one longer. A window [a, b) has r[b] - r[a]."""
    sums = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=sums[1:])
    return sums


def means(numbers: Floats, counted: Bools, first: Ints, end: Ints) -> tuple[Floats, Ints]:
    """Mean and count of the counted numbers in each window [first, end); NaN of none.

    Numbers are finite; more digits than six behind the point are rounded off.
    """
    millionths = np.round(np.where(counted, numbers, 0.0) * _MILLIONTHS).astype(np.int64)
    sums, counts = running(millionths), running(counted)
    count = counts[end] - counts[first]
    total = (sums[end] - sums[first]).astype(np.float64)
    found = np.full(len(first), np.nan)
    np.divide(total, count * float(_MILLIONTHS), out=found, where=count > 0)
    return found, count
