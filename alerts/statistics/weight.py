"""Weight: the middle of a span of days, and where it goes."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Floats, Ints
from alerts.rules.trend import theil_sen
from alerts.statistics import basic

MOST: Final = 500
"""Readings that a slope is drawn by, the newest of them: all their pairs are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSummary:
    """Of a span, in kg."""

    count: int
    median: float
    lowest: float
    highest: float
    slope: float
    """kg per week, Theil-Sen (Sen 1968). NaN where no two readings differ in time."""


def summary(at: Ints, numbers: Floats) -> WeightSummary:
    """`at` is microseconds since 1970, in order."""
    there = np.isfinite(numbers)
    readings = numbers[there]
    return WeightSummary(
        count=len(readings),
        median=basic.median(readings),
        lowest=float(readings.min()) if len(readings) else math.nan,
        highest=float(readings.max()) if len(readings) else math.nan,
        slope=slope(at[there], readings),
    )


def slope(at: Ints, readings: Floats) -> float:
    """Per week."""
    if not len(readings):
        return math.nan
    end = np.array([len(readings)], dtype=np.int64)
    return float(theil_sen(at, readings, np.maximum(end - MOST, 0), end)[0])
