"""`glucose_statistic`: what the readings of some weeks say together."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.columns.series import Floats, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.glucose import COUNTED, glucose_statistic
from alerts.statistics import basic, glucose
from care.rules import GlucoseStatistic, Op, Severity, Statistic
from tests.unit.alerts.columns import (
    HI,
    LO,
    PATIENTS,
    Points,
    at_end,
    daily,
    only,
    part,
    series,
)
from vitals.kinds import Kind


def rule(statistic: Statistic, op: Op, value: float, **fields: Any) -> GlucoseStatistic:
    settings: dict[str, Any] = {"days": 14, "min_days": 1, "min_count": 1, **fields}
    return GlucoseStatistic(
        id="control",
        kind=Kind.GLUCOSE,
        severity=Severity.LOW,
        statistic=statistic,
        op=op,
        value=value,
        **settings,
    )


def rows(*patients: Points, doubtful: tuple[int, ...] = ()) -> Series:
    return series(*patients, metric="glucose", doubtful=doubtful)


def judged(points: Points, which: GlucoseStatistic) -> tuple[bool, bool, float]:
    return at_end(glucose_statistic(rows(points), which))


@pytest.mark.parametrize(("good", "breach"), [(69, True), (70, False), (71, False)])
def test_time_in_range_under_seventy_percent(good: int, *, breach: bool) -> None:
    points = [(n / 10, 100.0 if n < good else 200.0) for n in range(100)]
    answer = judged(points, rule(Statistic.IN_RANGE, Op.BELOW, 70))
    assert answer == (True, breach, good)


@pytest.mark.parametrize(("value", "breach"), [(179.99, False), (180.0, True), (180.01, True)])
def test_a_mean_at_its_bound(value: float, *, breach: bool) -> None:
    answer = judged(daily(value - 60, value, value + 60), rule(Statistic.MEAN, Op.AT_OR_ABOVE, 180))
    assert answer[:2] == (True, breach)
    assert answer[2] == pytest.approx(value)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        (Statistic.MEAN, 150.0),
        (Statistic.GMI, 3.31 + 0.02392 * 150),
        (Statistic.CV, 100 * math.sqrt(5000) / 150),
        (Statistic.ABOVE_180, 50.0),
        (Statistic.ABOVE_250, 0.0),
        (Statistic.BELOW_70, 0.0),
        (Statistic.BELOW_54, 0.0),
        (Statistic.IN_RANGE, 50.0),
        (Statistic.LBGI, glucose.risk_indices(np.array([100.0, 200.0]))[0]),
        (Statistic.HBGI, glucose.risk_indices(np.array([100.0, 200.0]))[1]),
    ],
)
def test_every_statistic_of_two_readings(statistic: Statistic, expected: float) -> None:
    verdicts = glucose_statistic(rows(daily(100, 200)), rule(statistic, Op.ABOVE, 1000))
    assert verdicts.value[-1] == pytest.approx(expected, abs=1e-6)
    assert verdicts.count[-1] == 2


def test_the_window_is_local_days_today_included() -> None:
    which = rule(Statistic.MEAN, Op.ABOVE, 1000, days=2)
    for first, mean in ((0.99, 200.0), (1.0, 150.0)):
        assert judged([(first, 100), (2.99, 200)], which)[2] == (200.0 if first < 1 else mean)


@pytest.mark.parametrize(
    ("days", "count", "known"), [(6, 20, False), (7, 20, True), (7, 19, False)]
)
def test_too_few_days_or_readings_say_nothing(days: int, count: int, *, known: bool) -> None:
    points = sorted((n % days + n / 100, 100.0) for n in range(count))
    which = rule(Statistic.IN_RANGE, Op.BELOW, 70, min_days=7, min_count=20)
    assert judged(points, which)[0] == known


def test_hi_and_lo_count_in_percentages_and_in_no_mean() -> None:
    points = daily(100, HI, LO, 100)
    assert judged(points, rule(Statistic.ABOVE_250, Op.ABOVE, 20)) == (True, True, 25)
    assert judged(points, rule(Statistic.BELOW_54, Op.ABOVE, 20)) == (True, True, 25)
    assert judged(points, rule(Statistic.MEAN, Op.ABOVE, 20)) == (True, True, 100)
    assert not judged(daily(100, HI), rule(Statistic.MEAN, Op.ABOVE, 20))[0]


def test_doubtful_readings_are_no_evidence() -> None:
    verdicts = glucose_statistic(
        rows(daily(100, 500, 100), doubtful=(1,)), rule(Statistic.MEAN, Op.ABOVE, 100)
    )
    assert list(verdicts.known) == [True, False, True]
    assert verdicts.value[2] == 100


def test_one_reading_has_no_variation() -> None:
    assert not judged(daily(100), rule(Statistic.CV, Op.ABOVE, 36))[0]
    assert judged(daily(100, 100, 100), rule(Statistic.CV, Op.ABOVE, 36)) == (True, False, 0)


def test_a_clear_limit_holds_an_episode() -> None:
    points = daily(200, 100, 100, 100, 100)
    verdicts = glucose_statistic(rows(points), rule(Statistic.IN_RANGE, Op.BELOW, 60, clear=70))
    assert list(verdicts.value[:4]) == [0, 50, pytest.approx(66.666667), 75]
    assert list(verdicts.breach[:4]) == [True, True, False, False]
    assert list(verdicts.hold[:4]) == [True, True, True, False]


def test_who_flies_west_does_not_get_a_day_twice() -> None:
    flight = rows([(0, 100.0), (1, 200.0), (1.4, 300.0), (2, 400.0)])
    flight.local_day[2] -= 1  # Landed on the evening of the day before.
    verdicts = glucose_statistic(flight, rule(Statistic.MEAN, Op.ABOVE, 1000, days=1))
    assert list(verdicts.value) == [100, 200, 250, 400]


_FUNCTIONS: dict[Statistic, Callable[[Floats], float]] = {
    Statistic.MEAN: basic.mean,
    Statistic.CV: basic.variation,
    Statistic.GMI: glucose.gmi,
    Statistic.LBGI: lambda numbers: glucose.risk_indices(numbers)[0],
    Statistic.HBGI: lambda numbers: glucose.risk_indices(numbers)[1],
    Statistic.IN_RANGE: lambda numbers: glucose.percent_within(numbers, 70, 180),
    Statistic.BELOW_54: lambda numbers: glucose.percent_below(numbers, 54),
    Statistic.BELOW_70: lambda numbers: glucose.percent_below(numbers, 70),
    Statistic.ABOVE_180: lambda numbers: glucose.percent_above(numbers, 180),
    Statistic.ABOVE_250: lambda numbers: glucose.percent_above(numbers, 250),
}


def naive(points: Points, which: GlucoseStatistic) -> list[float]:
    """By the pages' own statistics, over one window after the other."""
    found = []
    counted = which.statistic in COUNTED
    for row, (day, value) in enumerate(points):
        window = [
            (int(d + 1e-6), v)
            for d, v in points[: row + 1]
            if int(d + 1e-6) > int(day + 1e-6) - which.days
            and (not math.isnan(v) if counted else math.isfinite(v))
        ]
        there = not math.isnan(value) if counted else math.isfinite(value)
        enough = len(window) >= which.min_count and len({d for d, _ in window}) >= which.min_days
        numbers: Floats = np.array([v for _, v in window], dtype=np.float64)
        found.append(_FUNCTIONS[which.statistic](numbers) if there and enough else math.nan)
    return found


@given(
    patients=PATIENTS,
    statistic=st.sampled_from(Statistic),
    days=st.integers(1, 5),
    least=st.integers(1, 3),
)
def test_it_is_what_the_pages_say(
    patients: list[Points], statistic: Statistic, days: int, least: int
) -> None:
    which = rule(statistic, Op.ABOVE, 1000, days=days, min_days=least, min_count=2 * least)
    verdicts = glucose_statistic(rows(*patients), which)
    expected = [value for points in patients for value in naive(points, which)]
    np.testing.assert_allclose(verdicts.value, np.array(expected, dtype=np.float64), atol=2e-6)


@given(patients=PATIENTS, statistic=st.sampled_from(Statistic))
def test_a_patient_alone_is_to_the_last_bit_as_in_a_batch(
    patients: list[Points], statistic: Statistic
) -> None:
    which = rule(statistic, Op.ABOVE, 10, days=4)
    together, begin = glucose_statistic(rows(*patients), which), 0
    for points in patients:
        alone = glucose_statistic(rows(points), which)
        assert_identical(part(together, slice(begin, begin + len(points))), alone)
        begin += len(points)


@given(patients=PATIENTS.filter(lambda patients: any(map(len, patients))))
def test_the_days_before_the_window_change_nothing(patients: list[Points]) -> None:
    which = rule(Statistic.CV, Op.ABOVE, 10, days=3)
    whole = rows(*patients)
    last = len(whole) - 1
    near = np.flatnonzero(
        (whole.segment == whole.segment[last]) & (whole.local_day > whole.local_day[last] - 3)
    )
    assert_identical(
        part(glucose_statistic(whole, which), slice(last, None)),
        part(glucose_statistic(only(whole, near), which), slice(len(near) - 1, None)),
    )


def assert_identical(ours: Verdicts, theirs: Verdicts) -> None:
    for name in ("known", "breach", "hold", "value", "count", "bound"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
