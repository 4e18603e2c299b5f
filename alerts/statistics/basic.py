"""What every kind of reading has: numbers that count, mean, SD, coefficient of variation."""

import math

import numpy as np

from alerts.columns.series import Floats


def finite(numbers: Floats) -> Floats:
    """Without absent values, HI and LO."""
    found: Floats = numbers[np.isfinite(numbers)]
    return found


def mean(numbers: Floats) -> float:
    there = finite(numbers)
    return float(there.mean()) if len(there) else math.nan


def deviation(numbers: Floats) -> float:
    """The SD of a sample (n - 1)."""
    there = finite(numbers)
    return float(there.std(ddof=1)) if len(there) > 1 else math.nan


def variation(numbers: Floats) -> float:
    """SD in percent of the mean."""
    middle = mean(numbers)
    return 100 * deviation(numbers) / middle if middle > 0 else math.nan


def median(numbers: Floats) -> float:
    there = finite(numbers)
    return float(np.median(there)) if len(there) else math.nan
