"""`change`: against one's own readings of the days before."""

import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.columns.series import DAY_US
from alerts.columns.verdicts import NO_BOUND
from alerts.rules.change import change
from care.rules import Baseline, Bound, Change, Op, Severity
from tests.unit.alerts.columns import (
    HI,
    LO,
    PATIENTS,
    Points,
    assert_each_patient_alone_is_as_in_a_batch,
    assert_same,
    at_end,
    daily,
    only,
    series,
)
from vitals.kinds import Kind


def rule(op: Op, value: float, **fields: Any) -> Change:
    clear = fields.pop("clear", None)
    bound = Bound(metric="weight", op=op, value=value, clear=clear)
    settings: dict[str, Any] = {"min_count": 1, **fields}
    return Change(
        id="weight-gain", kind=Kind.WEIGHT, severity=Severity.MEDIUM, bounds=(bound,), **settings
    )


ONE_DAY = rule(Op.AT_OR_ABOVE, 0.9, days=1, baseline=Baseline.LOWEST)
THREE_DAYS = rule(Op.ABOVE, 2.0, days=3, baseline=Baseline.LOWEST)
MEDIAN_WEEK = rule(Op.AT_OR_ABOVE, 1.36, days=7, min_count=3)
DRY = rule(Op.AT_OR_BELOW, -3.0, days=7, baseline=Baseline.HIGHEST, percent=True)


@pytest.mark.parametrize(
    ("which", "before", "below", "at", "above"),
    [
        (ONE_DAY, [60.2], (61.0, False), (61.1, True), (61.2, True)),
        (THREE_DAYS, [82.0, 80.0, 81.0], (81.9, False), (82.0, False), (82.1, True)),
        (MEDIAN_WEEK, [79.0, 80.0, 90.0], (81.35, False), (81.36, True), (81.37, True)),
        (DRY, [79.0, 80.0, 79.0], (77.7, False), (77.6, True), (77.5, True)),
    ],
)
def test_a_bound_is_crossed_at_its_edge_and_not_before(
    which: Change,
    before: list[float],
    below: tuple[float, bool],
    at: tuple[float, bool],
    above: tuple[float, bool],
) -> None:
    for weight, crossed in (below, at, above):
        known, breach, _ = at_end(change(series(daily(*before, weight)), which))
        assert (known, breach) == (True, crossed), weight


def test_a_change_is_said_in_the_unit_or_in_percent_of_the_baseline() -> None:
    assert at_end(change(series(daily(80, 82.5)), ONE_DAY))[2] == 2.5
    assert at_end(change(series(daily(80, 76)), DRY))[2] == -5.0


def test_every_baseline_is_of_the_readings_before_and_never_of_the_reading_itself() -> None:
    weights = series(daily(81, 79, 83, 90))
    for baseline, expected in (
        (Baseline.LOWEST, 11),
        (Baseline.HIGHEST, 7),
        (Baseline.MEDIAN, 9),
        (Baseline.MEAN, 9),
        (Baseline.OLDEST, 9),
    ):
        verdicts = change(weights, rule(Op.ABOVE, 5, days=7, baseline=baseline))
        assert verdicts.value[-1] == expected, baseline
        assert list(verdicts.count) == [0, 1, 2, 3]
        assert not verdicts.known[0]


def test_six_hours_later_than_yesterday_is_still_one_day() -> None:
    for hours, known in ((29.9, True), (30.0, True), (30.1, False)):
        verdicts = change(series([(0, 80.0), (hours / 24, 82.0)]), ONE_DAY)
        assert at_end(verdicts)[:2] == (known, known), hours


def test_too_few_readings_before_say_nothing() -> None:
    assert not at_end(change(series(daily(80, 80, 90)), MEDIAN_WEEK))[0]
    assert at_end(change(series(daily(80, 80, 80, 90)), MEDIAN_WEEK))[:2] == (True, True)


@pytest.mark.parametrize("value", [HI, LO, float("nan")])
def test_what_has_no_number_is_neither_judged_nor_a_baseline(value: float) -> None:
    assert not at_end(change(series(daily(80, value)), ONE_DAY))[0]
    assert not at_end(change(series(daily(value, 80)), ONE_DAY))[0]


def test_a_doubtful_reading_is_neither_judged_nor_a_baseline() -> None:
    somebody_else = series(daily(80, 60, 80.5), doubtful=[1])
    verdicts = change(somebody_else, rule(Op.ABOVE, 2, days=7, baseline=Baseline.LOWEST))
    assert list(verdicts.known) == [False, False, True]
    assert verdicts.value[2] == 0.5


def test_a_gain_goes_on_until_it_is_on_the_good_side_of_the_clear_limit() -> None:
    verdicts = change(
        series([(0, 80), (1, 83), (1.1, 81.6), (1.2, 81.5)]),
        rule(Op.ABOVE, 2, days=3, baseline=Baseline.LOWEST, clear=1.5),
    )
    assert list(verdicts.breach) == [False, True, False, False]
    assert list(verdicts.hold) == [False, True, True, False]


def test_the_bound_named_is_the_one_that_is_crossed() -> None:
    bounds = (
        Bound(metric="weight", op=Op.ABOVE, value=2),
        Bound(metric="weight", op=Op.BELOW, value=-2),
    )
    both = Change(
        id="x", kind=Kind.WEIGHT, severity=Severity.LOW, bounds=bounds, min_count=1, days=1
    )
    verdicts = change(series(daily(80, 83, 83, 80)), both)
    assert list(verdicts.bound) == [NO_BOUND, 0, NO_BOUND, 1]


def test_a_baseline_is_of_the_newest_200_readings_at_most() -> None:
    often = [(minute / 1440, 90.0 if minute < 10 else 80.0) for minute in range(210)]
    highest = rule(Op.ABOVE, 2, days=7, baseline=Baseline.HIGHEST)
    verdicts = change(series([*often, (1, 81)]), highest)
    assert verdicts.value[-1] == 1
    assert verdicts.count[-1] == 200
    assert change(series([*often[:-1], (1, 81)]), highest).value[-1] == -9


def test_nobody_has_nothing() -> None:
    assert len(change(series(), ONE_DAY).known) == 0
    assert not change(series(daily(HI, HI)), ONE_DAY).known.any()


_NAIVE: dict[Baseline, Callable[[list[float]], float]] = {
    Baseline.LOWEST: min,
    Baseline.HIGHEST: max,
    Baseline.MEDIAN: statistics.median,
    Baseline.MEAN: statistics.fmean,
    Baseline.OLDEST: lambda numbers: numbers[0],
}


def naive(points: Points, which: Change) -> list[float | None]:
    """By the definition, reading after reading."""
    found: list[float | None] = []
    for row, (day, value) in enumerate(points):
        span = which.days + 0.25 + 1e-9
        before = [v for d, v in points[:row] if np.isfinite(v) and day - d <= span]
        if not np.isfinite(value) or len(before) < which.min_count:
            found.append(None)
            continue
        base = _NAIVE[which.baseline](before)
        found.append(100 * (value - base) / base if which.percent else value - base)
    return found


@given(
    patients=PATIENTS,
    baseline=st.sampled_from(Baseline),
    days=st.sampled_from([1, 3, 7]),
    min_count=st.integers(1, 4),
    percent=st.booleans(),
)
def test_it_is_what_the_definition_says(
    patients: list[Points], baseline: Baseline, days: int, min_count: int, *, percent: bool
) -> None:
    which = rule(Op.ABOVE, 2, days=days, baseline=baseline, min_count=min_count, percent=percent)
    verdicts = change(series(*patients), which)
    expected = [value for points in patients for value in naive(points, which)]
    assert list(verdicts.known) == [value is not None for value in expected]
    wanted = np.array([np.nan if value is None else value for value in expected], dtype=np.float64)
    np.testing.assert_allclose(verdicts.value, wanted, atol=1e-6)


@given(patients=PATIENTS, baseline=st.sampled_from(Baseline))
def test_a_patient_alone_is_as_in_a_batch(patients: list[Points], baseline: Baseline) -> None:
    which = rule(Op.ABOVE, 2, days=3, baseline=baseline)
    assert_each_patient_alone_is_as_in_a_batch(lambda rows: change(rows, which), patients)


@given(patients=PATIENTS, kilograms=st.integers(-50, 200))
def test_another_weight_changes_no_change(patients: list[Points], kilograms: int) -> None:
    heavier = [[(day, value + kilograms) for day, value in points] for points in patients]
    assert_same(change(series(*patients), THREE_DAYS), change(series(*heavier), THREE_DAYS))


@given(patients=PATIENTS)
def test_readings_older_than_the_window_change_nothing(patients: list[Points]) -> None:
    whole = series(*patients)
    verdicts = change(whole, THREE_DAYS)
    for row in range(len(whole)):
        reach = whole.at >= whole.at[row] - 3 * DAY_US - DAY_US // 4
        near = reach & (whole.segment == whole.segment[row])
        last = change(only(whole, np.flatnonzero(near)[: near[: row + 1].sum()]), THREE_DAYS)
        assert at_end(last)[:2] == (verdicts.known[row], verdicts.breach[row])
