"""`window_mean`: the mean of the last local days, as the protocols of home measurement have it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.rules.sliding import Statistic, judge
from alerts.rules.windows import means, running
from alerts.series import Bools, Floats, Ints, Series
from alerts.verdicts import Verdicts
from care.rules import WindowMean

_DAYS_APART: Final = 1 << 20
"""Between segments, in the numbering of days: more than any window."""
_MORNING: Final = (4 * 60, 12 * 60)
_EVENING: Final = (17 * 60, 24 * 60)
"""Minutes of the local day, the last one not included."""


def window_mean(series: Series, rule: WindowMean) -> Verdicts:
    """`value` is the mean, `count` its readings. Rows that are left out are not known."""
    return judge(
        rule.bounds,
        {bound.metric: _days(series, bound.metric, rule) for bound in rule.bounds},
    )


def in_protocol_hours(local_minute: Ints) -> Bools:
    """04:00 to 11:59 and 17:00 to 23:59, before and after the day's work and drugs."""
    found = np.zeros(len(local_minute), dtype=np.bool_)
    for begin, end in (_MORNING, _EVENING):
        found |= (local_minute >= begin) & (local_minute < end)
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Days:
    """Readings with the number of their local day, ascending over the batch."""

    row: Ints
    day: Ints
    number: Floats

    @property
    def begins(self) -> Bools:
        """Whether a reading is the first of its day."""
        return np.diff(self.day, prepend=self.day[:1] - 1) > 0

    def after_first_day(self, pause: int) -> "_Days":
        """Without the first day of each series."""
        anew = np.diff(self.day, prepend=self.day[:1] - pause - 1) > pause
        place = np.arange(len(self.day))
        day_begins = np.maximum.accumulate(np.where(self.begins, place, 0))
        kept = ~anew[day_begins]
        return _Days(row=self.row[kept], day=self.day[kept], number=self.number[kept])


def _readings(series: Series, metric: str, rule: WindowMean) -> _Days:
    numbers = series.metric(metric)
    usable = np.isfinite(numbers) & ~series.doubt
    if rule.protocol_hours:
        usable &= in_protocol_hours(series.local_minute)
    row = np.flatnonzero(usable).astype(np.int64)
    day = series.segment[row] * _DAYS_APART + series.local_day[row]
    # Who flies west lives a day twice: it counts as the later one.
    return _Days(row=row, day=np.maximum.accumulate(day), number=numbers[row])


def _days(series: Series, metric: str, rule: WindowMean) -> Statistic:
    known = _readings(series, metric, rule)
    if rule.drop_first_day:
        known = known.after_first_day(rule.days)
    place = np.arange(len(known.row))
    first = np.searchsorted(known.day, known.day - (rule.days - 1)).astype(np.int64)
    mean, count = means(known.number, np.ones(len(place), dtype=np.bool_), first, place + 1)
    begun = running(known.begins)
    # The first of a window is the first of its day: all of the day's readings are in it.
    days = begun[place + 1] - begun[first]
    judged = (count >= rule.min_count) & (days >= rule.min_days)
    value, counts = np.full(len(series), np.nan), np.zeros(len(series), dtype=np.int64)
    value[known.row[judged]] = mean[judged]
    counts[known.row[judged]] = count[judged]
    return Statistic(value=value, count=counts)
