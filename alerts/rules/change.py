"""`change`: a reading compared with the patient's own readings of the days before."""

from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Floats, Ints, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.sliding import (
    Block,
    Evidence,
    Statistic,
    blocks,
    evidence,
    judge,
    medians,
    newest,
    rounded,
)
from care.rules import Baseline, Change

LATER_US: Final = DAY_US // 4
"""Who stands on the scale every morning does not do so at the same minute: the window reaches back
six hours more, so that yesterday's reading at seven is within one day of today's at eight."""


def change(series: Series, rule: Change) -> Verdicts:
    """`value` is the change, in the metric's unit or percent; `count` the baseline's readings."""
    return judge(
        rule.bounds,
        {bound.metric: _changes(evidence(series, bound.metric), rule) for bound in rule.bounds},
    )


def _changes(known: Evidence, rule: Change) -> Statistic:
    end = np.arange(len(known))
    first = newest(known.since(rule.days * DAY_US + LATER_US), end)
    counts = end - first
    base = np.where(counts >= rule.min_count, _baselines(known, first, end, rule.baseline), np.nan)
    difference = known.number - base
    if rule.percent:
        whole = np.where(base > 0, base, np.nan)
        difference = 100 * difference / whole
    return Statistic(value=known.spread(rounded(difference)), count=known.spread_counts(counts))


def _baselines(known: Evidence, first: Ints, end: Ints, how: Baseline) -> Floats:
    """Undefined where there is no reading before."""
    if how is Baseline.OLDEST:
        return known.number[first]
    found = np.full(len(known), np.nan)
    for block in blocks(first, end, only=known.wanted):
        found[block.part] = _baseline(known.number[block.index], block, how)
    return found


def _baseline(numbers: Floats, block: Block, how: Baseline) -> Floats:
    inside = block.inside
    found: Floats
    match how:
        case Baseline.LOWEST:
            found = np.where(inside, numbers, np.inf).min(axis=1)
        case Baseline.HIGHEST:
            found = np.where(inside, numbers, -np.inf).max(axis=1)
        case Baseline.MEAN:
            found = np.where(inside, numbers, 0.0).sum(axis=1) / np.maximum(inside.sum(axis=1), 1)
        case _:
            found = medians(numbers, inside)
    return found
