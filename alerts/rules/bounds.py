"""Bounds over arrays: which rows cross, and which are still on the bad side of the clear limit."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints
from alerts.columns.verdicts import NO_BOUND
from care.rules import Bound, Op

_COMPARE: Final[dict[Op, Callable[[Floats, float], Bools]]] = {
    Op.AT_OR_ABOVE: np.greater_equal,
    Op.ABOVE: np.greater,
    Op.AT_OR_BELOW: np.less_equal,
    Op.BELOW: np.less,
}


def crossed(numbers: Floats, bound: Bound) -> Bools:
    """NaN crosses nothing; infinities (HI, LO) cross every bound on their side."""
    found: Bools = _COMPARE[bound.op](numbers, bound.value)
    return found


def held(numbers: Floats, bound: Bound) -> Bools:
    """Crossed, or not yet on the good side of `clear`, which itself counts as good."""
    if bound.clear is None:
        return crossed(numbers, bound)
    beyond: Bools = numbers > bound.clear if bound.op.upward else numbers < bound.clear
    return beyond | crossed(numbers, bound)


def judged(
    columns: Sequence[Floats], bounds: Sequence[Bound]
) -> tuple[Bools, Bools, Bools, Floats, Ints]:
    """known, breach, hold, value, bound: over one column of numbers for each bound.

    `value` is that of the first crossed bound, else of the first bound with a number: one crossed
    bound is enough, and the order in the plan says which is named.
    """
    length = len(columns[0])
    known, breach, hold = (np.zeros(length, dtype=np.bool_) for _ in range(3))
    value, which = np.full(length, np.nan), np.full(length, NO_BOUND, dtype=np.int64)
    for index, (numbers, bound) in enumerate(zip(columns, bounds, strict=True)):
        here = crossed(numbers, bound)
        first = here & ~breach
        value = np.where(first | (np.isnan(value) & ~breach), numbers, value)
        which = np.where(first, index, which)
        breach |= here
        hold |= held(numbers, bound)
        known |= ~np.isnan(numbers)
    return known, breach, hold, value, which
