"""What rules make of the real recordings (../shared/data): means and repeats keep the peace."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from alerts.columns.series import Series
from alerts.judging.batch import Batch, Chart
from alerts.judging.evaluate import evaluate
from care.rules import Baseline, Change, Limit, NOfM, Rule, Severity, WindowMean
from tests.unit.alerts import recordings
from tests.unit.alerts.charts import LATER, bound, chart, plan
from vitals.kinds import Kind

LONG_AGO = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)


def episodes(readings: Series, kind: Kind, *rules: Rule) -> Counter[str]:
    people = int(readings.segment[-1]) + 1
    charts: Sequence[Chart] = [
        chart(plan(*rules, effective_from=LONG_AGO), patient=index) for index in range(people)
    ]
    ids = [UUID(int=row) for row in range(len(readings))]
    batch = Batch(charts=charts, series={kind: readings}, readings={kind: ids})
    return Counter(str(one.rule) for one in evaluate(batch, now=LATER).findings)


def test_home_pressures_single_limits_against_the_mean_of_a_week() -> None:
    bounds = (bound("systolic", ">=", 135), bound("diastolic", ">=", 85))
    kind, medium = Kind.BLOOD_PRESSURE, Severity.MEDIUM
    found = episodes(
        recordings.pressure(),
        kind,
        Limit(id="single", kind=kind, severity=medium, bounds=bounds),
        WindowMean(
            id="week", kind=kind, severity=medium, min_days=4, min_count=4,
            bounds=(bound("systolic", ">=", 135, 134), bound("diastolic", ">=", 85, 84)),
        ),
        Limit(
            id="severe", kind=kind, severity=medium,
            bounds=(bound("systolic", ">=", 160), bound("diastolic", ">=", 100)),
        ),
    )  # fmt: skip
    assert found == {"single": 46, "week": 3}


def test_glucose_diaries_two_of_three_against_every_high_value() -> None:
    high = (bound("glucose", ">", 250, 220),)
    kind, grave = Kind.GLUCOSE, Severity.HIGH
    readings = recordings.glucose()
    found = episodes(
        readings,
        kind,
        Limit(id="each", kind=kind, severity=grave, bounds=high),
        NOfM(id="two-of-three", kind=kind, severity=grave, bounds=high),
    )
    assert int((readings.values["glucose"] > 250).sum()) == 846
    assert found == {"each": 641, "two-of-three": 180}


def test_healthy_weights_raise_nothing() -> None:
    gain = Change(
        id="gain",
        kind=Kind.WEIGHT,
        severity=Severity.MEDIUM,
        bounds=(bound("weight", ">", 2),),
        baseline=Baseline.LOWEST,
        days=3,
        min_count=1,
    )
    assert episodes(recordings.weight(), Kind.WEIGHT, gain) == {}
