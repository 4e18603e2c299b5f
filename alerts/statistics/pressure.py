"""Blood pressure: level, variability, sessions, and the mean of the measurement protocol.

One metric at a time (systolic, or diastolic), mmHg, in order of time. Variability is descriptive:
its prognostic studies are of 24-hour monitoring, not of a cuff at home.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Bools, Floats, Ints
from alerts.statistics import basic

MINUTE_US: Final = DAY_US // 1440
MORNING: Final = (4 * 60, 12 * 60)
EVENING: Final = (17 * 60, 24 * 60)
"""Minutes of the local day, [from, to): when the protocol wants readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureSummary:
    """Of one metric over a span; formulas as in doi 10.31662/jmaj.2025-0209, table 1."""

    count: int
    mean: float
    sd: float
    """Of a sample (n - 1)."""
    cv: float
    """Percent."""
    arv: float
    """Average real variability: the mean step from one reading to the next. Mena 2005."""
    rmssd: float
    """Root of the mean squared step."""
    span: float
    """Highest less lowest."""
    sd_regression: float
    """SD of what is left around the straight line through the span (n - 2)."""


def summary(at: Ints, numbers: Floats) -> PressureSummary:
    """`at` is microseconds since 1970."""
    there = np.isfinite(numbers)
    readings = numbers[there]
    steps = np.diff(readings)
    return PressureSummary(
        count=len(readings),
        mean=basic.mean(readings),
        sd=basic.deviation(readings),
        cv=basic.variation(readings),
        arv=float(np.abs(steps).mean()) if len(steps) else math.nan,
        rmssd=math.sqrt(float((steps**2).mean())) if len(steps) else math.nan,
        span=float(np.ptp(readings)) if len(readings) else math.nan,
        sd_regression=_around_the_line(at[there], readings),
    )


def _around_the_line(at: Ints, readings: Floats) -> float:
    if len(readings) < 3 or at[0] == at[-1]:  # noqa: PLR2004 - Two points are a line.
        return math.nan
    days = (at - at[0]) / DAY_US
    from_mean = days - days.mean()
    slope = float((from_mean * readings).sum() / (from_mean**2).sum())
    rest = readings - readings.mean() - slope * from_mean
    return math.sqrt(float((rest**2).sum()) / (len(readings) - 2))


def variation_exponent(means: Floats, deviations: Floats) -> float:
    """The x of SD = a · mean^x over patients, by least squares of the logarithms; for `vim`.

    NaN for fewer than three patients with a mean and an SD above 0, or all of one mean.
    """
    usable = np.isfinite(means) & np.isfinite(deviations) & (means > 0) & (deviations > 0)
    level, spread = np.log(means[usable]), np.log(deviations[usable])
    if len(level) < 3 or not np.ptp(level):  # noqa: PLR2004 - Two points fit any curve.
        return math.nan
    from_mean = level - level.mean()
    return float((from_mean * spread).sum() / (from_mean**2).sum())


def vim(sd: float, mean: float, *, exponent: float, of_all: float) -> float:
    """Variability independent of the mean, mmHg: SD · (mean of all patients / mean)^x.

    Rothwell 2010, doi 10.1016/S0140-6736(10)60308-X. It exists among patients only: the exponent is
    theirs together. With an exponent of 0 it is the SD, with 1 the CV times the mean of all.
    """
    return sd * math.pow(of_all / mean, exponent)


def morning_evening(local_minute: Ints, numbers: Floats) -> float:
    """Mean of the mornings (04:00-11:59) less mean of the evenings (17:00-23:59), mmHg."""
    mornings = numbers[_within(local_minute, MORNING)]
    evenings = numbers[_within(local_minute, EVENING)]
    return basic.mean(mornings) - basic.mean(evenings)


def _within(local_minute: Ints, span: tuple[int, int]) -> Bools:
    found: Bools = (local_minute >= span[0]) & (local_minute < span[1])
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sessions:
    """One for each session, in order of time."""

    at: Ints
    """Of its first reading."""
    count: Ints
    mean: Floats


def sessions(at: Ints, numbers: Floats, *, gap_min: int = 10) -> Sessions:
    """Readings one after the other, none more than `gap_min` after the one before."""
    there = np.isfinite(numbers)
    when, readings = at[there], numbers[there]
    begins = np.diff(when, prepend=when[:1] - gap_min * MINUTE_US - 1) > gap_min * MINUTE_US
    first = np.flatnonzero(begins)
    count = np.diff(first, append=len(readings)).astype(np.int64)
    total = np.add.reduceat(readings, first) if len(first) else readings[:0]
    return Sessions(at=when[first], count=count, mean=total / np.maximum(count, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolMean:
    """What a home measurement protocol comes to; ESH 2021, PMC8030885."""

    mean: float
    """NaN where there are too few readings or days."""
    count: int
    days: int
    enough: bool


def protocol_mean(
    local_day: Ints,
    local_minute: Ints,
    numbers: Floats,
    *,
    days: int = 7,
    drop_first_day: bool = True,
    min_days: int = 3,
    min_count: int = 12,
) -> ProtocolMean:
    """The mean of morning and evening readings of the last `days` days up to the last reading's.

    Two readings each morning and evening for a week, the first day left out: 24 readings.
    `min_days` and `min_count` are what must remain.
    """
    wanted = _within(local_minute, MORNING) | _within(local_minute, EVENING)
    usable = wanted & np.isfinite(numbers)
    day, readings = local_day[usable], numbers[usable]
    last = int(day.max()) if len(day) else 0
    inside = day > last - days
    if drop_first_day and inside.any():
        inside &= day > day[inside].min()
    count, of_days = int(inside.sum()), len(np.unique(day[inside]))
    enough = count >= min_count and of_days >= min_days
    return ProtocolMean(
        mean=basic.mean(readings[inside]) if enough else math.nan,
        count=count,
        days=of_days,
        enough=enough,
    )
