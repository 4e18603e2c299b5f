"""`session_mean`: the mean of the readings of one sitting."""

from typing import Final

import numpy as np

from alerts.columns.series import MICROSECONDS, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.sliding import Evidence, Statistic, evidence, judge
from alerts.rules.windows import means
from care.rules import SessionMean

LONGEST_SESSION_US: Final = 4 * 3600 * MICROSECONDS
"""A "session" that goes on, from a sensor that never pauses, counts with its last four hours."""
_MINUTE_US: Final = 60 * MICROSECONDS


def session_mean(series: Series, rule: SessionMean) -> Verdicts:
    """`value` is the mean of the session so far, `count` its readings, dropped ones left out."""
    return judge(
        rule.bounds,
        {bound.metric: _sessions(evidence(series, bound.metric), rule) for bound in rule.bounds},
    )


def _sessions(known: Evidence, rule: SessionMean) -> Statistic:
    place = np.arange(len(known))
    begin = known.since_pause(rule.gap_min * _MINUTE_US)
    kept = place - begin >= rule.drop_first
    first = np.maximum(begin, known.since(LONGEST_SESSION_US))
    mean, count = means(known.number, kept, first, place + 1)
    judged = kept & (count >= rule.min_count)
    return Statistic(
        value=known.spread(np.where(judged, mean, np.nan)),
        count=known.spread_counts(np.where(judged, count, 0)),
    )
