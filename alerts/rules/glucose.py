"""`glucose_statistic`: what the glucose readings of some weeks say together.

All sums are of whole numbers (thousandths of mg/dL, billionths of risk), running over the batch:
a row costs the same whatever the window, and says the same whoever else is in the batch.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.sliding import Statistic as Judged
from alerts.rules.sliding import judge, rounded
from alerts.statistics import glucose
from care.rules import Bound, GlucoseStatistic, Statistic

METRIC: Final = "glucose"
PARTS: Final = 1_000
"""Of a mg/dL. The squares of twenty million readings fit into 63 bits."""
RISK_PARTS: Final = 1_000_000_000

COUNTED: Final = frozenset(
    {
        Statistic.IN_RANGE,
        Statistic.BELOW_54,
        Statistic.BELOW_70,
        Statistic.ABOVE_180,
        Statistic.ABOVE_250,
    }
)
"""Percentages: HI and LO count, for their side of the limit is known."""


def glucose_statistic(series: Series, rule: GlucoseStatistic) -> Verdicts:
    """`value` is the statistic, `count` the readings it rests on, `bound` 0 where it is crossed."""
    numbers = series.metric(METRIC)
    there = ~np.isnan(numbers) if rule.statistic in COUNTED else np.isfinite(numbers)
    row = np.flatnonzero(there & ~series.doubt)
    window = _windows(series, row, rule.days)
    found = _statistic(numbers[row], window, rule.statistic)
    enough = (window.count >= rule.min_count) & (window.days >= rule.min_days)
    value, count = np.full(len(series), np.nan), np.zeros(len(series), dtype=np.int64)
    value[row] = np.where(enough, rounded(found), np.nan)
    count[row] = window.count
    bound = Bound(metric=METRIC, op=rule.op, value=rule.value, clear=rule.clear)
    return judge((bound,), {METRIC: Judged(value=value, count=count)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Windows:
    """For each reading: those of its days, itself the last."""

    first: Ints
    count: Ints
    days: Ints
    """Local days with a reading."""

    def sums(self, numbers: Ints) -> Ints:
        running = np.concatenate([[0], np.cumsum(numbers)])
        sums: Ints = running[self.first + self.count] - running[self.first]
        return sums


def _windows(series: Series, row: Ints, days: int) -> _Windows:
    day = _day_key(series)[row]
    first = np.searchsorted(day, day - days, side="right").astype(np.int64)
    count = np.arange(1, len(row) + 1) - first
    begins = np.diff(day, prepend=day[:1] - 1) > 0
    running: Ints = np.cumsum(begins, dtype=np.int64)
    begun: Ints = running[first]
    return _Windows(first=first, count=count, days=running - begun + 1)


def _day_key(series: Series) -> Ints:
    """(segment, local day) in one number; who flies west does not get a day a second time."""
    if not len(series):
        return series.local_day
    origin, last = int(series.local_day.min()), int(series.local_day.max())
    key = series.segment * (last - origin + 1_000) + (series.local_day - origin)
    ascending: Ints = np.maximum.accumulate(key)
    return ascending


def _statistic(numbers: Floats, window: _Windows, which: Statistic) -> Floats:
    if which in COUNTED:
        return 100 * window.sums(_counted(numbers, which).astype(np.int64)) / window.count
    if which in {Statistic.LBGI, Statistic.HBGI}:
        lows, highs = glucose.risks(numbers)
        risk = np.rint((lows if which is Statistic.LBGI else highs) * RISK_PARTS)
        return window.sums(risk.astype(np.int64)) / (RISK_PARTS * window.count)
    parts = np.rint(numbers * PARTS).astype(np.int64)
    mean = window.sums(parts) / (PARTS * window.count)
    if which is Statistic.CV:
        return 100 * _deviation(parts, window) / mean
    return glucose.GMI_BASE + glucose.GMI_SLOPE * mean if which is Statistic.GMI else mean


def _counted(numbers: Floats, which: Statistic) -> Bools:
    found: Bools
    match which:
        case Statistic.BELOW_54:
            found = numbers < glucose.VERY_LOW
        case Statistic.BELOW_70:
            found = numbers < glucose.LOW
        case Statistic.ABOVE_180:
            found = numbers > glucose.HIGH
        case Statistic.ABOVE_250:
            found = numbers > glucose.VERY_HIGH
        case _:
            found = (numbers >= glucose.LOW) & (numbers <= glucose.HIGH)
    return found


def _deviation(parts: Ints, window: _Windows) -> Floats:
    """SD of each window (n - 1), mg/dL; NaN of a single reading."""
    total = window.sums(parts).astype(np.float64)
    squares = window.sums(parts**2).astype(np.float64)
    more = np.where(window.count > 1, window.count - 1, np.nan)
    variance = np.maximum(squares - total**2 / window.count, 0.0) / more
    return np.sqrt(variance) / PARTS
