"""`trend`: the slope of a patient's readings (Theil-Sen), per week.

Sen 1968 (doi 10.1080/01621459.1968.10480934): the median of the slopes between all pairs of
readings at different times. A single wrong reading, or three, do not bend it.
"""

from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Floats, Ints, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.sliding import (
    Evidence,
    Statistic,
    blocks,
    evidence,
    judge,
    medians,
    newest,
    rounded,
)
from care.rules import Trend

WEEK_US: Final = 7 * DAY_US
MOST_IN_SLOPE: Final = 60
"""1770 pairs: what one row may cost."""
REACH: Final = 3
"""Readings that do not reach over a third of `days` have no slope worth a week."""
CELLS: Final = 1 << 16
"""Pairs in one block, for the cache."""


def trend(series: Series, rule: Trend) -> Verdicts:
    """`value` is the slope, in the metric's unit per week; `count` the readings it is drawn by."""
    return judge(
        rule.bounds,
        {bound.metric: _slopes(evidence(series, bound.metric), rule) for bound in rule.bounds},
    )


def _slopes(known: Evidence, rule: Trend) -> Statistic:
    end = np.arange(1, len(known) + 1)
    first = np.maximum(
        known.since(rule.days * DAY_US), known.since_pause(rule.max_gap_days * DAY_US)
    )
    first = newest(first, end, MOST_IN_SLOPE)
    reach = known.key - known.key[first]
    enough = (end - first >= rule.min_count) & (reach * REACH >= rule.days * DAY_US)
    drawn = known.wanted[enough[known.wanted]]
    found = np.full(len(known), np.nan)
    found[drawn] = theil_sen(known.key, known.number, first[drawn], end[drawn])
    return Statistic(value=known.spread(rounded(found)), count=known.spread_counts(end - first))


def theil_sen(at: Ints, numbers: Floats, first: Ints, end: Ints) -> Floats:
    """The slope per week of each window [first, end) of readings at `at` (microseconds).

    NaN where no two readings of a window differ in time.
    """
    found = np.full(len(first), np.nan)
    widest = int((end - first).max(initial=1))
    for block in blocks(first, end, cells=max(1, 2 * CELLS // widest)):
        # Before the newest, as integers; what is left of them is exact as a float. Padding is
        # given a time after the newest: no pair with it has its older reading before its newer.
        ago = np.where(block.inside, at[block.index[:, :1]] - at[block.index], -1)
        weeks = _pairs(ago.astype(np.float64)) / -WEEK_US
        rise = _pairs(numbers[block.index])
        apart = weeks > 0
        slopes = np.divide(rise, weeks, out=np.zeros_like(rise), where=apart)
        found[block.part] = medians(slopes, apart)
    return found


def _pairs(columns: Floats) -> Floats:
    """Each column less each later one: (lines, columns choose 2). By slices: gathering is slow."""
    lines, width = columns.shape
    found = np.empty((lines, width * (width - 1) // 2))
    at = 0
    for lag in range(1, width):
        there = found[:, at : at + width - lag]
        np.subtract(columns[:, :-lag], columns[:, lag:], out=there)
        at += width - lag
    return found
