"""`window_mean`: the mean of the last local days, as the protocols of home measurement have it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.sliding import Statistic, judge, rounded
from alerts.rules.windows import running
from care.rules import WindowMean

_DAYS_APART: Final = 1 << 20
"""Between segments, in the numbering of days: more than any window."""
_MORNING: Final = (4 * 60, 12 * 60)
_EVENING: Final = (17 * 60, 24 * 60)
"""Minutes of the local day, the last one not included."""


def window_mean(series: Series, rule: WindowMean) -> Verdicts:
    """`value` is the mean of the days' means, `count` their readings.

    Rows that are left out are not known.
    """
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

    @property
    def which(self) -> Ints:
        """The how manyth of the days with readings it belongs to, from 0 on over the batch."""
        return running(self.begins)[1:] - 1

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
    value, count, days = _of_days(known, first), place + 1 - first, known.which - known.which[first]
    judged = (count >= rule.min_count) & (days + 1 >= rule.min_days)
    values, counts = np.full(len(series), np.nan), np.zeros(len(series), dtype=np.int64)
    values[known.row[judged]] = value[judged]
    counts[known.row[judged]] = count[judged]
    return Statistic(value=values, count=counts)


def _of_days(known: _Days, first: Ints) -> Floats:
    """For each reading the mean of the means of its window's days, of today's up to it.

    `first` is the first reading of the window, and of its day. In integers, for they add up to the
    same in whatever batch: billionths, so that thirds of days come out right to the sixth decimal.
    """
    place = np.arange(len(known.row))
    sums = running(np.round(known.number * 1e6).astype(np.int64))
    begin = np.maximum.accumulate(np.where(known.begins, place, 0))
    so_far = np.rint((sums[place + 1] - sums[begin]) * 1000 / (place + 1 - begin)).astype(np.int64)
    last = np.diff(known.which, append=known.which[-1:] + 1) > 0
    before = running(so_far[last])
    here, oldest = known.which, known.which[first]
    total = before[here] - before[oldest] + so_far
    return rounded(total / ((here - oldest + 1) * 1e9))
