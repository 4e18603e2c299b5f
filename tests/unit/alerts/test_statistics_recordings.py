"""Real readings: how often rules would have spoken, and statistics computed elsewhere.

The numbers of each rule are what a clinic would have had on its screen.
"""

from typing import Any

import numpy as np
import pytest

from alerts.columns.series import Bools, Floats, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.band import band
from alerts.rules.change import change
from alerts.rules.limit import limit
from alerts.rules.shift import shift
from alerts.rules.trend import trend
from alerts.statistics import pressure
from care.rules import Band, Baseline, Bound, Change, Limit, Op, Severity, Shift, Trend
from tests.unit.alerts import recordings
from tests.unit.alerts.columns import onsets
from vitals.kinds import Kind


def bound(metric: str, op: Op, value: float, clear: float | None = None) -> Bound:
    return Bound(metric=metric, op=op, value=value, clear=clear)


def limits(kind: Kind, *bounds: Bound) -> Limit:
    return Limit(id="limit", kind=kind, severity=Severity.MEDIUM, bounds=bounds)


def episodes(series: Series, verdicts: Verdicts) -> int:
    return len(onsets(verdicts.breach, verdicts.hold, verdicts.known, series.segment))


LOW = bound("glucose", Op.BELOW, 70, 80)
HIGH = bound("glucose", Op.ABOVE, 250, 220)


def test_forty_diaries_count_as_they_always_did() -> None:
    series = recordings.glucose()
    values = series.values["glucose"]
    days = set(zip(series.segment, series.local_day, strict=True))
    assert (len(series), len(days)) == (7_329, 2_164)
    assert (int(np.isposinf(values).sum()), int(np.isneginf(values).sum())) == (6, 1)


def test_naive_alerts_of_forty_diaries() -> None:
    series = recordings.glucose()
    verdicts = limit(series, limits(Kind.GLUCOSE, LOW, HIGH))
    assert int(verdicts.breach.sum()) == 1_583
    page = limits(Kind.GLUCOSE, bound("glucose", Op.BELOW, 54), bound("glucose", Op.ABOVE, 300))
    assert int(limit(series, page).breach.sum()) == 606


def test_one_alert_for_each_patient_day_and_side() -> None:
    series = recordings.glucose()
    verdicts = limit(series, limits(Kind.GLUCOSE, LOW, HIGH))
    which = np.flatnonzero(verdicts.breach)
    sides = {(series.segment[row], series.local_day[row], verdicts.bound[row]) for row in which}
    assert len(sides) == 1_288


def test_episodes_with_hysteresis() -> None:
    series = recordings.glucose()
    both = [limit(series, limits(Kind.GLUCOSE, each)) for each in (LOW, HIGH)]
    assert [episodes(series, verdicts) for verdicts in both] == [637, 641]


def test_two_of_the_last_three_above_250() -> None:
    series = recordings.glucose()
    above = series.values["glucose"] > 250
    assert int(above.sum()) == 846
    assert _begun(_two_of_three(above, series), series) == 190


def _two_of_three(crossed: Bools, series: Series) -> Bools:
    rows = np.arange(len(series))
    count = crossed.astype(np.int64)
    for back in (1, 2):
        there = rows - back >= series.first_row
        count[there] += crossed[rows[there] - back]
    return count >= 2


def _begun(state: Bools, series: Series) -> int:
    before = np.concatenate([[False], state[:-1]])
    before[series.first_row] = False
    return int((state & ~before).sum())


@pytest.mark.parametrize(
    ("name", "expected", "within"),
    [("mean", 131.66, 0.005), ("sd", 7.59, 0.005), ("cv", 5.77, 0.005), ("arv", 7.181, 0.0005)],
)
def test_one_persons_pressure_as_the_bp_package_has_it(
    name: str, expected: float, within: float
) -> None:
    series = recordings.pressure()
    found = pressure.summary(series.at, series.values["systolic"])
    assert found.count == 222
    assert getattr(found, name) == pytest.approx(expected, abs=within)


GOAL = (bound("systolic", Op.AT_OR_ABOVE, 135), bound("diastolic", Op.AT_OR_ABOVE, 85))


def test_single_readings_above_goal() -> None:
    series = recordings.pressure()
    assert int(limit(series, limits(Kind.BLOOD_PRESSURE, *GOAL)).breach.sum()) == 92


def test_a_mean_of_seven_days_has_three_onsets() -> None:
    """The mean of the days' means, from four days with readings on, after each day's last."""
    series = recordings.pressure()
    last = np.flatnonzero(np.diff(series.local_day, append=series.local_day[-1] + 1))
    means = [_mean_of_days(series, int(row)) for row in last]
    over = [mean is not None and (mean[0] >= 135 or mean[1] >= 85) for mean in means]
    begun = [
        row for row, now, before in zip(last, over, [False, *over], strict=False) if now > before
    ]
    dates = np.array(series.local_day[begun], dtype="datetime64[D]").astype(str)
    assert list(dates) == ["2019-04-22", "2019-07-09", "2019-07-23"]


def _mean_of_days(series: Series, row: int) -> tuple[float, float] | None:
    today = int(series.local_day[row])
    days = [
        (series.local_day == day) & (np.arange(len(series)) <= row)
        for day in range(today - 6, today + 1)
    ]
    there = [day for day in days if day.any()]
    if len(there) < 4:
        return None
    systolic, diastolic = (
        float(np.mean([_of(series, name)[day].mean() for day in there]))
        for name in ("systolic", "diastolic")
    )
    return systolic, diastolic


def _of(series: Series, name: str) -> Floats:
    return series.values[name]


def gain(op: Op, kilograms: float, days: int) -> Change:
    return Change(
        id="gain",
        kind=Kind.WEIGHT,
        severity=Severity.MEDIUM,
        bounds=(bound("weight", op, kilograms),),
        baseline=Baseline.LOWEST,
        days=days,
        min_count=1,
    )


def dense(series: Series) -> Bools:
    """The two who weighed themselves nearly every day: 54 days in all."""
    people, counts = np.unique(series.segment, return_counts=True)
    found: Bools = np.isin(series.segment, people[counts > 20])
    return found


@pytest.mark.parametrize(
    ("rule", "false_alarms"),
    [
        (gain(Op.AT_OR_ABOVE, 0.9, 1), 1),
        (gain(Op.AT_OR_ABOVE, 1.36, 1), 0),
        (gain(Op.ABOVE, 2.0, 3), 0),
        (gain(Op.AT_OR_ABOVE, 2.27, 7), 0),
    ],
)
def test_healthy_people_hardly_ever_gain_by_a_rule(rule: Change, false_alarms: int) -> None:
    series = recordings.weight()
    verdicts = change(series, rule)
    assert int(dense(series).sum()) == 54
    assert int((verdicts.breach & dense(series)).sum()) == false_alarms


def weight_rule(kind: Any, **fields: Any) -> Any:
    return kind(id="healthy", kind=Kind.WEIGHT, severity=Severity.LOW, **fields)


def test_healthy_people_and_the_other_weight_rules() -> None:
    series = recordings.weight()
    loss = weight_rule(
        Change,
        bounds=(bound("weight", Op.AT_OR_BELOW, -3),),
        percent=True,
        baseline=Baseline.HIGHEST,
        min_count=1,
    )
    median = weight_rule(Change, bounds=(bound("weight", Op.AT_OR_ABOVE, 1.36),))
    slope = weight_rule(Trend, bounds=(bound("weight", Op.AT_OR_ABOVE, 1.0),))
    unusual = weight_rule(Band, metric="weight", floor=1.0)
    found = {
        "loss": int(change(series, loss).breach.sum()),
        "median": int(change(series, median).breach.sum()),
        "slope": int(trend(series, slope).breach.sum()),
        "band": int(band(series, unusual).breach.sum()),
    }
    assert found == {"loss": 0, "median": 0, "slope": 0, "band": 1}


def test_control_charts_of_healthy_people() -> None:
    """Weights of neighbouring days are alike, and a chart takes them for independent."""
    series = recordings.weight()
    charts = {
        method: shift(series, weight_rule(Shift, metric="weight", method=method, min_sd=0.4))
        for method in ("ewma", "cusum")
    }
    assert {name: episodes(series, each) for name, each in charts.items()} == {
        "ewma": 0,
        "cusum": 1,
    }
