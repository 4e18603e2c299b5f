"""`shift`: control charts over a patient's own baseline."""

import math
import statistics
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.columns.verdicts import NO_BOUND
from alerts.rules.band import ABOVE, BELOW
from alerts.rules.shift import cusum, ewma, ewma_limit, shift
from care.rules import Severity, Shift
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

NIST_EWMA_DATA = (
    *(52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5),
    *(49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1),
)
NIST_EWMA = (
    *(50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33),
    *(50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99),
)
NIST_CUSUM_DATA = (
    *(324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600),
    *(324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350),
)


def rule(**fields: Any) -> Shift:
    settings: dict[str, Any] = {"metric": "weight", "baseline_count": 5, **fields}
    return Shift(id="shift", kind=Kind.WEIGHT, severity=Severity.LOW, **settings)


def test_the_ewma_is_smoothed_as_by_hand() -> None:
    """lambda 0.5: 0, then 4 -> 2, 0 -> 1, 1 -> 1."""
    for values, last in (((4,), 2.0), ((4, 0), 1.0), ((4, 0, 1), 1.0)):
        assert ewma(np.array([values[::-1]], dtype=np.float64), 0.5)[0] == last


def test_the_limits_of_an_ewma_widen_until_they_are_settled() -> None:
    first, second, settled = ewma_limit(np.array([1, 2, 1000]), 0.3, 3.0)
    assert first == pytest.approx(0.9)  # One point: 3 * 0.3.
    assert second == pytest.approx(3 * math.sqrt(0.3**2 * (1 + 0.7**2)))
    assert settled == pytest.approx(3 * math.sqrt(0.3 / 1.7))


def test_the_cusum_is_the_recursion_unrolled() -> None:
    """The handbook's example (6.3.2.3): target 325, k 0.3175, h 4.1959."""
    data = np.array(NIST_CUSUM_DATA) - 325
    high, low = 0.0, 0.0
    alarms: list[int] = []
    for row, deviation in enumerate(data, 1):
        high, low = max(0.0, high + deviation - 0.3175), max(0.0, low - deviation - 0.3175)
        newest_first = data[None, :row][:, ::-1]
        everything = np.ones_like(newest_first, dtype=np.bool_)
        assert cusum(newest_first, everything, 0.3175)[0] == pytest.approx(high, abs=1e-9)
        assert cusum(-newest_first, everything, 0.3175)[0] == pytest.approx(low, abs=1e-9)
        alarms += [row] if high > 4.1959 else []
    assert alarms == list(range(14, 21))


BASELINE = (70.0, 71.0, 69.0, 72.0, 68.0)
"""Mean 70, SD sqrt(10 / 4) = 1.5811."""
SD = math.sqrt(2.5)


@pytest.mark.parametrize(("deviation", "breach"), [(2.999, False), (3.0, False), (3.001, True)])
def test_a_first_point_leaves_the_limits_beyond_three_sds(
    deviation: float, *, breach: bool
) -> None:
    for sign, side in ((1, ABOVE), (-1, BELOW)):
        verdicts = shift(series(daily(*BASELINE, 70 + sign * deviation * SD)), rule())
        known, crossed, value = at_end(verdicts)
        assert (known, crossed) == (True, breach)
        assert value == pytest.approx(sign * 0.2 * deviation, abs=1e-6)
        assert verdicts.bound[-1] == (side if breach else NO_BOUND)
        assert verdicts.count[-1] == 6


@pytest.mark.parametrize(("deviation", "breach"), [(1.749, False), (1.75, False), (1.751, True)])
def test_a_cusum_leaves_the_decision_interval(deviation: float, *, breach: bool) -> None:
    for sign, side in ((1, ABOVE), (-1, BELOW)):
        points = daily(*BASELINE, *[70 + sign * deviation * SD] * 4)
        verdicts = shift(series(points), rule(method="cusum"))  # 4 * (1.75 - 0.5) = 5.
        assert list(verdicts.breach[5:8]) == [False] * 3
        assert at_end(verdicts)[1] == breach
        assert verdicts.bound[-1] == (side if breach else NO_BOUND)


def test_a_small_change_that_stays_is_found_and_a_single_one_is_not() -> None:
    spike = shift(series(daily(*BASELINE, 72, 70, 70, 70)), rule())
    assert not spike.breach.any()
    stays = shift(series(daily(*BASELINE, *[72.5] * 10)), rule())
    assert stays.breach[-1]
    assert not stays.breach[:7].any()


def test_one_side_only_where_only_one_is_asked_for() -> None:
    high, low = daily(*BASELINE, *[80.0] * 5), daily(*BASELINE, *[60.0] * 5)
    for method in ("ewma", "cusum"):
        for side, breaches in (("above", (True, False)), ("below", (False, True))):
            found = tuple(
                at_end(shift(series(points), rule(method=method, side=side)))[1]
                for points in (high, low)
            )
            assert found == breaches, (method, side)


def test_the_chart_begins_after_its_baseline() -> None:
    verdicts = shift(series(daily(*BASELINE, 70)), rule())
    assert list(verdicts.known) == [False] * 5 + [True]


def test_a_flat_baseline_does_not_make_noise_news() -> None:
    flat = [70.0] * 5
    assert not at_end(shift(series(daily(*flat, 70.3)), rule(min_sd=0.1)))[1]
    assert at_end(shift(series(daily(*flat, 70.31)), rule(min_sd=0.1)))[1]
    assert not at_end(shift(series(daily(*flat, 70.31)), rule(min_sd=0.2)))[1]


@pytest.mark.parametrize(("pause", "known"), [(6.9, True), (7.0, True), (7.1, False)])
def test_a_long_pause_starts_a_new_chart(pause: float, *, known: bool) -> None:
    verdicts = shift(series([*daily(*BASELINE), (4 + pause, 90)]), rule(max_gap_days=7))
    assert at_end(verdicts)[:2] == (known, known)


def test_what_stays_for_all_the_days_is_the_new_centre() -> None:
    points = daily(*BASELINE * 2, *[80.0, 81.0, 79.0] * 20)
    verdicts = shift(series(points), rule(days=30, min_sd=1))
    assert verdicts.breach[12:20].all()
    assert not verdicts.breach[50:].any()


def test_doubtful_readings_and_hi_are_no_evidence() -> None:
    points = daily(*BASELINE[:3], 200, HI, *BASELINE[3:], 70)
    verdicts = shift(series(points, doubtful=[3]), rule())
    assert list(verdicts.known) == [False] * 7 + [True]
    assert verdicts.value[-1] == 0


def test_a_chart_is_of_the_newest_200_readings_at_most() -> None:
    often = [(minute / 1440, 50.0 if minute < 10 else 70.0) for minute in range(210)]
    verdicts = shift(series(often), rule())
    assert (verdicts.count[-1], verdicts.value[-1]) == (200, 0)


def naive(points: Points, which: Shift) -> list[tuple[float, bool] | None]:
    found: list[tuple[float, bool] | None] = []
    run: list[tuple[float, float]] = []
    for day, value in points:
        if not np.isfinite(value):
            found.append(None)
            continue
        if run and day - run[-1][0] > which.max_gap_days + 1e-9:
            run = []
        run.append((day, value))
        window = [v for d, v in run if day - d <= which.days + 1e-9][-200:]
        found.append(_charted(window, which))
    return found


def _charted(window: list[float], which: Shift) -> tuple[float, bool] | None:
    first, rest = window[: which.baseline_count], window[which.baseline_count :]
    if not rest:
        return None
    centre, sd = statistics.fmean(first), max(statistics.stdev(first), which.min_sd)
    smooth = high = low = 0.0
    for value in rest:
        z = (value - centre) / sd
        smooth = which.smoothing * z + (1 - which.smoothing) * smooth
        high, low = max(0.0, high + z - which.slack), max(0.0, low - z - which.slack)
    if which.method == "cusum":
        value, limit = (high if high >= low else -low), which.decision
    else:
        lam = which.smoothing
        grown = 1 - (1 - lam) ** (2 * len(rest))
        value, limit = smooth, which.width * math.sqrt(lam / (2 - lam) * grown)
    return value, abs(value) > limit


@given(patients=PATIENTS, method=st.sampled_from(["ewma", "cusum"]), days=st.sampled_from([10, 45]))
def test_it_is_what_the_definition_says(patients: list[Points], method: str, days: int) -> None:
    which = rule(method=method, days=days, width=2.0, min_sd=0.5)
    verdicts = shift(series(*patients), which)
    expected = [value for points in patients for value in naive(points, which)]
    assert list(verdicts.known) == [value is not None for value in expected]
    wanted = np.array([np.nan if value is None else value[0] for value in expected])
    # A CUSUM of two equal sums may be said either way.
    np.testing.assert_allclose(np.abs(verdicts.value), np.abs(wanted), atol=2e-6)
    assert list(verdicts.breach) == [bool(value and value[1]) for value in expected]


@given(patients=PATIENTS, method=st.sampled_from(["ewma", "cusum"]))
def test_a_patient_alone_is_as_in_a_batch(patients: list[Points], method: str) -> None:
    which = rule(method=method)
    assert_each_patient_alone_is_as_in_a_batch(lambda rows: shift(rows, which), patients)


@given(patients=PATIENTS, kilograms=st.integers(-50, 200))
def test_another_weight_is_the_same_chart(patients: list[Points], kilograms: int) -> None:
    heavier = [[(day, value + kilograms) for day, value in points] for points in patients]
    assert_same(shift(series(*patients), rule()), shift(series(*heavier), rule()))


def test_the_handbooks_example_of_an_ewma() -> None:
    """6.3.2.4: target 50, lambda 0.3, s 2.0539; limits 52.5884 and 47.4115."""
    data = np.array(NIST_EWMA_DATA) - 50
    ours = [50 + ewma(data[None, :row][:, ::-1], 0.3)[0] for row in range(1, 21)]
    assert [round(value, 2) for value in ours] == list(NIST_EWMA)
    assert 50 + 2.0539 * ewma_limit(np.array([1000]), 0.3, 3.0)[0] == pytest.approx(
        52.5884, abs=2e-4
    )
