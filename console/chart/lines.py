"""Lines through the dots: session means, and the mean of seven days. Pure."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Bools, Floats, Ints
from alerts.statistics.pressure import sessions

WINDOW_DAYS: Final = 7
DAYS_LEAST: Final = 3
"""Of seven: as many days as a mean needs to be drawn."""
GAP_DAYS: Final = 3
"""No line is drawn over more than this without a reading."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    at: Ints
    values: Floats
    """NaN where there is not enough."""
    breaks: Bools


def seven_days(at: Ints, local_day: Ints, values: Floats) -> Line:
    """For each day with readings the mean of the last seven days' means, today's included.

    Each day weighs the same. Not where fewer than three of the seven have readings.
    """
    there = np.isfinite(values)
    at, local_day, values = at[there], local_day[there], values[there]
    days, first, counts = np.unique(local_day, return_index=True, return_counts=True)
    if not len(days):
        return Line(at=at, values=values, breaks=np.zeros(0, dtype=np.bool_))
    means = np.add.reduceat(values, first) / counts
    last_at = at[first + counts - 1]
    from_ = np.searchsorted(days, days - (WINDOW_DAYS - 1))
    total = np.concatenate([[0.0], np.cumsum(means)])
    through = np.arange(1, len(days) + 1)
    number = through - from_
    found = (total[through] - total[from_]) / number
    return Line(
        at=last_at,
        values=np.where(number >= DAYS_LEAST, found, np.nan),
        breaks=np.diff(days, prepend=days[0]) > GAP_DAYS,
    )


def session_means(at: Ints, values: Floats) -> Line:
    """Of two or more readings no more than ten minutes apart; one alone has no mean to draw."""
    found = sessions(at, values)
    several = found.count > 1
    begun = found.at[several]
    apart = np.diff(begun, prepend=begun[:1]) > GAP_DAYS * DAY_US
    return Line(at=begun, values=found.mean[several], breaks=apart)
