"""`confirmed_limit`: a reading crosses a bound, and so does its repeat."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import MICROSECONDS, Bools, Ints, Series
from alerts.columns.verdicts import NO_BOUND, NO_ROW, Deadlines, Verdicts
from alerts.rules.bounds import judged
from care.rules import ConfirmedLimit

_MINUTE_US: Final = 60 * MICROSECONDS
_NEVER: Final = np.iinfo(np.int64).max


def confirmed_limit(series: Series, rule: ConfirmedLimit) -> Verdicts:
    """A breach is the repeat; `first` names the row that it confirms.

    A good value within `apart_s` after a crossing one belongs to the same attempt: it is not known,
    so it neither confirms, nor reassures, nor ends an episode.
    """
    columns = [series.metric(bound.metric) for bound in rule.bounds]
    known, crosses, hold, value, which = judged(columns, rule.bounds)
    sure = known & ~series.doubt
    crosses &= sure
    attempts = _attempts(series, sure, crosses, rule)
    sure = sure & ~attempts.too_soon
    first = np.full(len(series), NO_ROW, dtype=np.int64)
    first[attempts.crossing] = attempts.confirms
    return Verdicts(
        known=sure,
        breach=first != NO_ROW,
        hold=hold & sure,
        value=np.where(sure, value, np.nan),
        bound=np.where(crosses, which, NO_BOUND),
        count=sure.astype(np.int64),
        waiting=attempts.waiting,
        first=first,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Attempts:
    crossing: Ints
    """Rows that cross."""
    confirms: Ints
    """For each of them the earlier row that it is a repeat of, or NO_ROW."""
    too_soon: Bools
    """For each row of the series: good, but too soon after a crossing one to count."""
    waiting: Deadlines


def _attempts(series: Series, sure: Bools, crosses: Bools, rule: ConfirmedLimit) -> _Attempts:
    apart, within = rule.apart_s * MICROSECONDS, rule.within_min * _MINUTE_US
    too_soon = np.zeros(len(series), dtype=np.bool_)
    crossing = np.flatnonzero(crosses).astype(np.int64)
    if not len(crossing):
        return _Attempts(
            crossing=crossing,
            confirms=crossing,
            too_soon=too_soon,
            waiting=Deadlines(row=crossing, at=crossing),
        )
    key = series.key
    good = np.flatnonzero(sure & ~crosses).astype(np.int64)
    high, low = key[crossing], key[good]
    before = np.searchsorted(high, low, side="right") - 1
    close = (before >= 0) & (low - high[before] < apart)
    too_soon[good[close]] = True
    low = low[~close]
    place = np.arange(len(high))
    # The latest crossing value far enough before each, not yet answered by a good one.
    earlier = np.minimum(np.searchsorted(high, high - apart, side="right"), place) - 1
    start = high[earlier]
    answered = _at(low, np.searchsorted(low, start + apart)) < high
    confirmed = (earlier >= 0) & (high - start <= within) & ~answered
    # The first value of an attempt waits, until the next that is far enough after it.
    begins = np.diff(high, prepend=high[:1] - apart) >= apart
    again = _at(high, np.maximum(np.searchsorted(high, high + apart), place + 1))
    reply = np.minimum(again, _at(low, np.searchsorted(low, high + apart)))
    waits = crossing[begins & ~confirmed & (reply > high + within)]
    return _Attempts(
        crossing=crossing,
        confirms=np.where(confirmed, crossing[earlier], NO_ROW),
        too_soon=too_soon,
        waiting=Deadlines(row=waits, at=series.at[waits] + within),
    )


def _at(keys: Ints, places: Ints) -> Ints:
    """The keys at these places; later than any key where there is none."""
    found: Ints = np.append(keys, _NEVER)[places]
    return found
