"""`trend`: the slope of readings, per week."""

import itertools
import statistics
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alerts.columns.series import DAY_US
from alerts.rules.trend import theil_sen, trend
from care.rules import Bound, Op, Severity, Trend
from tests.unit.alerts.columns import (
    HI,
    PATIENTS,
    Points,
    assert_each_patient_alone_is_as_in_a_batch,
    assert_same,
    at_end,
    daily,
    series,
)
from vitals.kinds import Kind


def rule(op: Op = Op.AT_OR_ABOVE, value: float = 1.0, **fields: Any) -> Trend:
    bound = Bound(metric="weight", op=op, value=value, clear=fields.pop("clear", None))
    return Trend(
        id="weight-trend", kind=Kind.WEIGHT, severity=Severity.LOW, bounds=(bound,), **fields
    )


def climbing(per_week: float, readings: int = 10) -> Points:
    return [(day, 80 + per_week * day / 7) for day in range(readings)]


@pytest.mark.parametrize(("slope", "breach"), [(0.99, False), (1.0, True), (1.01, True)])
def test_a_slope_is_per_week_and_crosses_at_the_edge(slope: float, *, breach: bool) -> None:
    known, crossed, value = at_end(trend(series(climbing(slope)), rule()))
    assert (known, crossed) == (True, breach)
    assert value == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize(("slope", "breach"), [(-0.99, False), (-1.0, True), (-1.01, True)])
def test_a_loss_is_a_negative_slope(slope: float, *, breach: bool) -> None:
    assert at_end(trend(series(climbing(slope)), rule(Op.AT_OR_BELOW, -1.0)))[1] == breach


def test_the_example_of_five_readings_by_hand() -> None:
    # Days 0 1 2 3 4, weights 10 11 15 12 14. The ten slopes per day, in order: -3 0.333 1/2 2/3 1
    # 1 1 2 2.5 4; their median is 1, per week 7.
    verdicts = trend(series(daily(10, 11, 15, 12, 14)), rule(min_count=5, days=7, max_gap_days=1))
    assert at_end(verdicts)[2] == 7
    assert verdicts.count[-1] == 5


def test_one_wrong_reading_does_not_bend_it() -> None:
    points = list(climbing(0.7, 14))
    points[6] = (points[6][0], 160.0)
    _, breach, value = at_end(trend(series(points), rule()))
    assert not breach
    assert value == pytest.approx(0.7, abs=0.2)


@pytest.mark.parametrize(("readings", "known"), [(6, False), (7, True), (8, True)])
def test_too_few_readings_have_no_slope(readings: int, *, known: bool) -> None:
    assert at_end(trend(series(climbing(2, readings)), rule()))[0] == known


def test_a_long_pause_starts_anew() -> None:
    first, gap = daily(*[80.0] * 10), 9.0
    for pause, count in ((2.9, 16), (3.0, 16), (3.1, 6)):
        second = daily(*[83.0] * 6, start=gap + pause)
        verdicts = trend(series([*first, *second]), rule(min_count=5, days=30, max_gap_days=3))
        known = verdicts.count[-1] == count
        # The six after the longer pause reach over five days: not a third of thirty.
        assert known == (pause <= 3), pause
        assert verdicts.known[-1] == (pause <= 3)


def test_readings_of_one_evening_have_no_slope() -> None:
    evening = [(hour / 24, 80 + hour / 10) for hour in range(12)]
    assert not trend(series(evening), rule()).known.any()
    days = 14 / 3
    for reach, known in ((days - 0.01, False), (days + 0.01, True)):
        spread = [(reach * part / 9, 80.0) for part in range(10)]
        assert at_end(trend(series(spread), rule()))[0] == known, reach


def test_readings_at_one_instant_make_no_pair_and_no_error() -> None:
    assert np.isnan(theil_sen(*_window([(1, 80), (1, 81), (1, 82)])))[0]
    assert theil_sen(*_window([(0, 80), (0, 82), (7, 83)]))[0] == 2  # Of 3 and 1.
    assert np.isnan(theil_sen(*_window([(1, 80)])))[0]


def _window(points: Points) -> Any:
    at = np.array([round(day * DAY_US) for day, _ in points], dtype=np.int64)
    numbers = np.array([value for _, value in points], dtype=np.float64)
    return at, numbers, np.array([0]), np.array([len(points)])


def test_doubtful_readings_and_hi_are_no_evidence() -> None:
    points = [*climbing(0, 8), (8, 200.0), (9, HI)]
    verdicts = trend(series(points, doubtful=[8]), rule())
    assert list(verdicts.known) == [False] * 6 + [True, True, False, False]
    assert not verdicts.breach.any()


def test_readings_older_than_the_days_do_not_count() -> None:
    points = [*daily(*[90.0] * 7), *daily(*[80.0] * 15, start=7)]
    known, _, value = at_end(trend(series(points), rule()))
    assert (known, value) == (True, 0)


def test_at_most_sixty_readings_count() -> None:
    points = [(hour / 4, 80.0 + (hour if hour < 40 else 0)) for hour in range(100)]
    verdicts = trend(series(points), rule(days=60, min_count=3))
    assert not verdicts.known[-1]  # Sixty readings four times a day reach over 15 days, not 20.
    verdicts = trend(series(points), rule(days=40, min_count=3))
    assert (verdicts.count[-1], verdicts.value[-1]) == (60, 0)


def test_the_clear_limit_holds_an_episode() -> None:
    points = [*climbing(1.1, 10), *[(day, 81.2) for day in range(10, 25)]]
    verdicts = trend(series(points), rule(clear=0.5))
    slopes = verdicts.value[verdicts.known]
    np.testing.assert_array_equal(verdicts.breach[verdicts.known], slopes >= 1)
    np.testing.assert_array_equal(verdicts.hold[verdicts.known], slopes > 0.5)
    assert ((slopes > 0.5) & (slopes < 1)).any()
    assert slopes[-1] == 0


def naive_slope(points: Points) -> float | None:
    slopes = [
        7 * (later[1] - sooner[1]) / (later[0] - sooner[0])
        for sooner, later in itertools.combinations(points, 2)
        if later[0] > sooner[0]
    ]
    return statistics.median(slopes) if slopes else None


def naive(points: Points, which: Trend) -> list[float | None]:
    found: list[float | None] = []
    series_of: list[tuple[float, float]] = []
    for day, value in points:
        if not np.isfinite(value):
            found.append(None)
            continue
        if series_of and day - series_of[-1][0] > which.max_gap_days + 1e-9:
            series_of = []
        series_of.append((day, value))
        window = [(d, v) for d, v in series_of if day - d <= which.days + 1e-9][-60:]
        reach = window[-1][0] - window[0][0]
        enough = len(window) >= which.min_count and reach >= which.days / 3 - 1e-9
        found.append(naive_slope(window) if enough else None)
    return found


@given(patients=PATIENTS, days=st.sampled_from([3, 7, 14]), gap=st.sampled_from([1, 3, 10]))
def test_it_is_what_the_definition_says(patients: list[Points], days: int, gap: int) -> None:
    which = rule(days=days, max_gap_days=gap, min_count=3)
    verdicts = trend(series(*patients), which)
    expected = [value for points in patients for value in naive(points, which)]
    assert list(verdicts.known) == [value is not None for value in expected]
    wanted = np.array([np.nan if value is None else value for value in expected], dtype=np.float64)
    np.testing.assert_allclose(verdicts.value, wanted, atol=2e-6)


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 2000)).map(lambda p: (p[0] / 4, p[1] / 10)),
        min_size=2,
        max_size=70,
    )
)
def test_theil_sen_is_the_median_of_all_slopes(points: list[tuple[float, float]]) -> None:
    points.sort()
    expected = naive_slope(points)
    assume(expected is not None)
    assert theil_sen(*_window(points))[0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(patients=PATIENTS)
def test_a_patient_alone_is_as_in_a_batch(patients: list[Points]) -> None:
    which = rule(min_count=3, days=7)
    assert_each_patient_alone_is_as_in_a_batch(lambda rows: trend(rows, which), patients)


@given(patients=PATIENTS, kilograms=st.integers(-50, 200), days=st.integers(-3000, 3000))
def test_another_weight_at_another_time_has_the_same_slope(
    patients: list[Points], kilograms: int, days: int
) -> None:
    other = [[(day + days, value + kilograms) for day, value in points] for points in patients]
    which = rule(min_count=3, days=7, value=1.0001)
    assert_same(trend(series(*patients), which), trend(series(*other), which))
