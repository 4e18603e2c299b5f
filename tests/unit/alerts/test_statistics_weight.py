"""Weight statistics, by hand."""

import math

import numpy as np
import pytest

from alerts.columns.series import DAY_US
from alerts.statistics import weight


def test_a_week_by_hand() -> None:
    at = np.arange(5, dtype=np.int64) * DAY_US
    found = weight.summary(at, np.array([10.0, 11, 15, 12, 14]))
    assert (found.count, found.median, found.lowest, found.highest) == (5, 12, 10, 15)
    assert found.slope == pytest.approx(7)


def test_what_has_no_number_is_left_out() -> None:
    at = np.arange(3, dtype=np.int64) * 7 * DAY_US
    found = weight.summary(at, np.array([80.0, math.nan, 82.0]))
    assert (found.count, found.slope) == (2, 1)


def test_nothing_has_no_statistics() -> None:
    found = weight.summary(np.zeros(0, dtype=np.int64), np.zeros(0))
    assert found.count == 0
    assert all(math.isnan(value) for value in (found.median, found.lowest, found.slope))
    assert math.isnan(weight.summary(np.zeros(1, dtype=np.int64), np.array([80.0])).slope)


def test_a_slope_is_of_the_newest_five_hundred() -> None:
    at = np.arange(600, dtype=np.int64) * DAY_US
    readings = np.where(np.arange(600) < 100, 500.0, 80.0)
    assert weight.slope(at, readings) == 0
