"""Glucose: control, spread, and the risk of lows and highs. In mg/dL.

Percentages are of readings, not of time: fingersticks are taken when somebody thinks of it, and
"time in range" of a continuous sensor is another number. HI and LO count there, for it is known on
which side of a limit they are; means leave them out. Sources stand beside each.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Floats
from alerts.statistics import basic

VERY_LOW: Final = 54.0
LOW: Final = 70.0
HIGH: Final = 180.0
VERY_HIGH: Final = 250.0
"""mg/dL. Battelino 2019, doi 10.2337/dci19-0028; 70 and 180 themselves are in range."""

GMI_BASE: Final = 3.31
GMI_SLOPE: Final = 0.02392
"""Bergenstal 2018, doi 10.2337/dc18-1581."""

RISK_SCALE: Final = 1.509
RISK_POWER: Final = 1.084
RISK_SHIFT: Final = 5.381
RISK_WEIGHT: Final = 10.0
"""Kovatchev 1997, doi 10.2337/diacare.20.11.1655. Some programs round 10 · 1.509² to 22.77."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlucoseSummary:
    """Of a span of readings; percentages of all, the rest of those with a number."""

    count: int
    """All readings, HI and LO too."""
    censored: int
    """HI and LO among them."""
    mean: float
    sd: float
    cv: float
    """Percent; at most 36 is called stable (Battelino 2019)."""
    below_54: float
    below_70: float
    in_range: float
    above_180: float
    above_250: float
    gmi: float
    """Percent. Made for sensors: of fingersticks, a hint."""
    ea1c: float
    """Percent. Nathan 2008."""
    j_index: float
    lbgi: float
    hbgi: float


def summary(numbers: Floats) -> GlucoseSummary:
    """NaN is no reading; +inf is HI, -inf is LO."""
    readings = numbers[~np.isnan(numbers)]
    lows, highs = risk_indices(readings)
    return GlucoseSummary(
        count=len(readings),
        censored=int(np.isinf(readings).sum()),
        mean=basic.mean(readings),
        sd=basic.deviation(readings),
        cv=basic.variation(readings),
        below_54=percent_below(readings, VERY_LOW),
        below_70=percent_below(readings, LOW),
        in_range=percent_within(readings, LOW, HIGH),
        above_180=percent_above(readings, HIGH),
        above_250=percent_above(readings, VERY_HIGH),
        gmi=gmi(readings),
        ea1c=ea1c(readings),
        j_index=j_index(readings),
        lbgi=lows,
        hbgi=highs,
    )


def percent_below(readings: Floats, limit: float) -> float:
    return _percent(readings < limit, readings)


def percent_above(readings: Floats, limit: float) -> float:
    return _percent(readings > limit, readings)


def percent_within(readings: Floats, low: float, high: float) -> float:
    """Both ends count as within."""
    return _percent((readings >= low) & (readings <= high), readings)


def _percent(which: np.typing.NDArray[np.bool_], readings: Floats) -> float:
    count = int((~np.isnan(readings)).sum())
    return 100 * int(which.sum()) / count if count else math.nan


def gmi(readings: Floats) -> float:
    """Glucose management indicator, percent."""
    return GMI_BASE + GMI_SLOPE * basic.mean(readings)


def ea1c(readings: Floats) -> float:
    """Estimated A1c, percent: (46.7 + mean) / 28.7. Nathan 2008, doi 10.2337/dc08-0545."""
    return (46.7 + basic.mean(readings)) / 28.7


def j_index(readings: Floats) -> float:
    """0.001 · (mean + SD)². Wojcicki 1995, doi 10.1055/s-2007-979906."""
    return 0.001 * (basic.mean(readings) + basic.deviation(readings)) ** 2


def risk_indices(readings: Floats) -> tuple[float, float]:
    """LBGI and HBGI: the mean over all readings of the risk on the low, and on the high side.

    Risk of lows: up to 1.1 minimal, 2.5 low, 5 moderate; of highs: up to 4.5 low, 9 moderate.
    """
    there = basic.finite(readings)
    if not len(there):
        return math.nan, math.nan
    lows, highs = risks(there)
    return float(lows.mean()), float(highs.mean())


def risks(numbers: Floats) -> tuple[Floats, Floats]:
    """The risk of each reading on the low and on the high side; one of the two is 0."""
    logarithm = np.log(np.maximum(numbers, 1.0))
    skew = RISK_SCALE * (logarithm**RISK_POWER - RISK_SHIFT)
    weight = RISK_WEIGHT * skew**2
    return np.where(skew < 0, weight, 0.0), np.where(skew > 0, weight, 0.0)
