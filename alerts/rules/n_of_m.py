"""`n_of_m`: some of the last readings cross a bound, or bear a flag."""

import numpy as np

from alerts.columns.series import DAY_US, Bools, Floats, Ints, Series
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.bounds import judged
from alerts.rules.windows import running
from care.rules import NOfM


def n_of_m(series: Series, rule: NOfM) -> Verdicts:
    """A breach is a reading that crosses, itself one of at least `n`.

    `value` is the reading's number, or how many readings bear the flag; `count` how many readings
    were looked at. Held while `n` of them are not on the good side of `clear`.
    """
    known, crosses, bad, value, which = _each(series, rule)
    sure = known & ~series.doubt
    row = np.flatnonzero(sure).astype(np.int64)
    key = series.key[row]
    place = np.arange(len(row))
    within = np.searchsorted(key, key - rule.within_days * DAY_US)
    first = np.maximum(within, place - (rule.m - 1))
    crossing = _counts(crosses[row], first)
    count, breach, hold = (np.zeros(len(series), dtype=kind) for kind in (np.int64, bool, bool))
    count[row] = place + 1 - first
    breach[row] = crosses[row] & (crossing >= rule.n)
    hold[row] = breach[row] | (_counts(bad[row], first) >= rule.n)
    if rule.flag is not None:
        value = np.zeros(len(series))
        value[row] = crossing
    return Verdicts(
        known=sure,
        breach=breach,
        hold=hold,
        value=np.where(sure, value, np.nan),
        bound=np.where(sure, which, NO_BOUND),
        count=count,
    )


def _each(series: Series, rule: NOfM) -> tuple[Bools, Bools, Bools, Floats, Ints]:
    """known, crosses, bad, value, bound: of each reading by itself."""
    if rule.flag is None:
        columns = [series.metric(bound.metric) for bound in rule.bounds]
        return judged(columns, rule.bounds)
    flagged = series.flag(rule.flag)
    return (
        np.ones(len(series), dtype=np.bool_),
        flagged,
        flagged,
        np.zeros(len(series)),
        np.where(flagged, 0, NO_BOUND).astype(np.int64),
    )


def _counts(marks: Bools, first: Ints) -> Ints:
    """How many are marked from `first` to each place, both included."""
    sums = running(marks)
    counts: Ints = sums[1:] - sums[first]
    return counts
