"""From values to places."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Floats, Ints

WIDE: Final = 10_000
"""Units of the view box from the first instant to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """Microseconds since 1970, to a place from left to right."""

    since: int
    until: int

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError("a scale needs a span")

    def places(self, at: Ints) -> Floats:
        """In units of the view box."""
        found: Floats = (at - self.since).astype(np.float64) * (WIDE / (self.until - self.since))
        return found

    def percent(self, at: int) -> float:
        return 100 * (at - self.since) / (self.until - self.since)

    def clipped(self, first: int, last: int) -> tuple[float, float] | None:
        """Of a span what can be seen, in percent: where it begins and how wide it is."""
        begin, end = max(first, self.since), min(last, self.until)
        if begin >= end:
            return None
        left = self.percent(begin)
        return left, self.percent(end) - left


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueScale:
    """Values, to pixels from the top down."""

    low: float
    high: float
    height: int

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError("a scale needs a span")

    def place(self, value: float) -> float:
        return self.height * (self.high - value) / (self.high - self.low)

    def places(self, values: Floats) -> Floats:
        """HI and LO come to lie at the edges."""
        inside = np.clip(values, self.low, self.high)
        found: Floats = (self.high - inside) * (self.height / (self.high - self.low))
        return found


def step_of(span: float, most: int) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50 … that cuts a span into at most `most` parts."""
    if span <= 0 or most < 1:
        raise ValueError("no step cuts that")
    size = 10.0 ** math.floor(math.log10(span / most))
    steps = (size * factor for factor in (1, 2, 5, 10, 20))
    return next(each for each in steps if span / each <= most * (1 + 1e-9))


def ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round numbers from `low` to `high`, not more than `most` + 1 of them."""
    step = step_of(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(each * step, 9) for each in range(first, last + 1))


def rounded_out(low: float, high: float, most: int) -> tuple[float, float]:
    """The span widened to round numbers; one without a width is given one."""
    if high - low <= 0:
        around = max(abs(low) * 0.02, 1.0)
        low, high = low - around, high + around
    step = step_of(high - low, most)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
