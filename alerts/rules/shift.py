"""`shift`: control charts, for a small change that stays.

NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.3 (CUSUM) and 6.3.2.4 (EWMA), with the
limits of the first points of an EWMA (Lucas and Saccucci 1990): narrower, for they rest on less.
"""

import numpy as np

from alerts.columns.series import DAY_US, Bools, Floats, Ints, Series
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.band import ABOVE, BELOW
from alerts.rules.sliding import Block, Evidence, blocks, evidence, newest, rounded
from care.rules import Shift


def shift(series: Series, rule: Shift) -> Verdicts:
    """`value` is, in SDs, how far the chart is from its centre, below negative; `bound` the side.

    Of an EWMA it is the smoothed deviation, of a CUSUM the greater of its two sums.
    """
    known = evidence(series, rule.metric)
    end = np.arange(1, len(known) + 1)
    days = known.since(rule.days * DAY_US)
    first = newest(np.maximum(days, known.since_pause(rule.max_gap_days * DAY_US)), end)
    chart, limit = np.full(len(known), np.nan), np.full(len(known), np.nan)
    for block in blocks(first, end, only=known.wanted):
        chart[block.part], limit[block.part] = _charted(known, block, rule)
    return _verdicts(
        known.spread(rounded(chart)), known.spread(rounded(limit)), known, end - first, rule
    )


def _verdicts(chart: Floats, limit: Floats, known: Evidence, counts: Ints, rule: Shift) -> Verdicts:
    sure = ~np.isnan(chart)
    above: Bools = (chart > limit) & (rule.side != "below")
    below: Bools = (chart < -limit) & (rule.side != "above")
    return Verdicts(
        known=sure,
        breach=above | below,
        hold=above | below,
        value=chart,
        bound=np.select([above, below], [ABOVE, BELOW], NO_BOUND).astype(np.int64),
        count=np.where(sure, known.spread_counts(counts), 0),
    )


def _charted(known: Evidence, block: Block, rule: Shift) -> tuple[Floats, Floats]:
    """The last point of each window's chart, and how far from the centre it may be; in SDs."""
    numbers, counts = known.number[block.index], block.inside.sum(axis=1)
    place = np.arange(numbers.shape[1])
    points = counts - rule.baseline_count
    charted = place < points[:, None]
    baseline = block.inside & ~charted
    centre = np.where(baseline, numbers, 0.0).sum(axis=1) / rule.baseline_count
    deviations = numbers - centre[:, None]
    squares = np.where(baseline, deviations**2, 0.0).sum(axis=1)
    spread = np.maximum(np.sqrt(squares / (rule.baseline_count - 1)), rule.min_sd)
    z = np.where(charted, deviations / spread[:, None], 0.0)
    if rule.method == "ewma":
        chart, limit = ewma(z, rule.smoothing), ewma_limit(points, rule.smoothing, rule.width)
    else:
        chart, limit = _cusum(z, charted, rule), np.full(len(points), rule.decision)
    return np.where(points > 0, chart, np.nan), np.where(points > 0, limit, np.nan)


def ewma(z: Floats, smoothing: float) -> Floats:
    """The last point of each line's chart of deviations, newest first; it begins at 0."""
    weights = smoothing * (1 - smoothing) ** np.arange(z.shape[1])
    last: Floats = (z * weights).sum(axis=1)
    return last


def ewma_limit(points: Ints, smoothing: float, width: float) -> Floats:
    """How far from 0 the EWMA of so many independent deviations of SD 1 may be."""
    settled = smoothing / (2 - smoothing)
    grown = 1 - (1 - smoothing) ** (2 * np.maximum(points, 0))
    limit: Floats = width * np.sqrt(settled * grown)
    return limit


def cusum(z: Floats, charted: Bools, slack: float) -> Floats:
    """The last upper sum of each line, newest first: max(0, sum before + deviation - slack).

    Unrolled, it is the greatest sum of the newest n deviations less slack, or 0.
    """
    steps = np.where(charted, z - slack, -np.inf)
    last: Floats = np.maximum(np.cumsum(steps, axis=1).max(axis=1), 0.0)
    return last


def _cusum(z: Floats, charted: Bools, rule: Shift) -> Floats:
    high, low = cusum(z, charted, rule.slack), cusum(-z, charted, rule.slack)
    if rule.side == "above":
        return high
    return -low if rule.side == "below" else np.where(high >= low, high, -low)
