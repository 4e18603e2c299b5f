"""The dry run on real recordings: the counts that the evidence page and the clinical notes name."""

import pytest

from alerts.dry_run.limits import always, read_limits
from alerts.dry_run.trial import DryRun
from alerts.judging.batch import moment
from tests.unit.hearthbeat.dry_run import evidence
from tests.unit.hearthbeat.dry_run.evidence import GLUCOSE, PRESSURE, example, rule

pytestmark = pytest.mark.skipif(
    not evidence.DATA.exists(), reason="the real recordings (../shared/data) are absent"
)


def test_forty_diaries_have_so_many_valid_readings() -> None:
    result = example(GLUCOSE, "glucose-one-rule")
    assert (result.readings.valid, result.patients, result.patient_days) == (7_329, 40, 2_164)
    assert sum(result.readings.refused.values()) == result.readings.read - 7_329
    assert result.readings.refused["implausible:glucose"] == 2


def test_naive_alerts_and_one_for_each_patient_side_and_day() -> None:
    naive = rule(example(GLUCOSE, "glucose-one-rule"), "low-or-high")
    assert (naive.crossings, naive.patient_days) == (1_583, 1_288)
    low, high = example(GLUCOSE, "glucose-side-by-side").rules
    assert (low.crossings, high.crossings) == (737, 846)
    assert (low.patient_days, high.patient_days) == (627, 661)


def test_latched_episodes_with_hysteresis() -> None:
    result = example(GLUCOSE, "glucose-side-by-side")
    assert [each.alerts for each in result.rules] == [637, 641]
    assert result.reduction_percent == 19.3


def test_two_of_the_last_three_above_250() -> None:
    two = rule(example(GLUCOSE, "glucose-two-of-three"), "high-two-of-three")
    assert (two.crossings, two.alerts, two.reduction_percent) == (846, 190, 77.5)


def test_only_what_somebody_should_be_called_for() -> None:
    assert example(GLUCOSE, "glucose-page").crossings == 606


def test_single_pressures_and_onsets_of_the_mean_of_a_week() -> None:
    result = example(PRESSURE, "pressure-week")
    week = rule(result, "mean-of-the-week")
    assert (result.readings.valid, result.patient_days) == (222, 97)
    assert (week.crossings, week.alerts, week.reduction_percent) == (92, 3, 96.7)
    found = evidence.summary()
    assert (round(found.mean, 2), round(found.sd, 2)) == (131.66, 7.59)
    assert round(found.arv, 3) == 7.181


def test_the_weeks_that_were_high_begin_on_three_days() -> None:
    limits = read_limits((evidence.EXAMPLES / "pressure-week.toml").read_text(), name="week")
    (part,) = evidence.recorded(PRESSURE).columns.parts(always(limits), evidence.ZONE)
    found = DryRun("week", zone=evidence.ZONE, now=evidence.NOW).add(part)
    days = [f"{moment(one.onset):%Y-%m-%d}" for one in found]
    assert days == ["2019-04-22", "2019-07-09", "2019-07-23"]


def test_the_page_is_fresh() -> None:
    _, mark, rest = evidence.PAGE.read_text(encoding="utf-8").partition(evidence.MARK)
    assert mark + rest == evidence.generated(), (
        "run: python -m tests.unit.hearthbeat.dry_run.evidence"
    )
