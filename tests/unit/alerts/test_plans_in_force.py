"""Plan versions over time, late readings, quiet days, and rules that speak together."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

import pytest

from alerts.judging.batch import Batch, Chart, Standing
from alerts.judging.build import Row
from alerts.judging.evaluate import evaluate, kinds_needed
from alerts.judging.findings import ClearedWhy, Finding, Phase
from care.programme import Plan
from care.rules import Lane, Limit, NOfM, Rule, Severity, Together, WindowMean
from tests.unit.alerts.charts import (
    LATER,
    MORNING,
    batch,
    bound,
    chart,
    findings,
    minutes,
    of,
    plan,
    pressure,
    reading,
    systolic_limit,
)
from vitals.kinds import Kind

BP = Kind.BLOOD_PRESSURE
HOUR = minutes(60)
DAY = 24 * HOUR


def found_under(plans: Sequence[Plan], rows: Sequence[Row]) -> list[Finding]:
    return evaluate(batch((chart(*plans), rows)), now=LATER).findings


def two_versions(
    first: Sequence[Rule], second: Sequence[Rule], *, change: dt.timedelta
) -> list[Plan]:
    at = MORNING + change
    return [
        plan(*second, number=2, effective_from=at),
        plan(*first, number=1, effective_to=at),
    ]


def test_a_reading_is_judged_by_the_version_in_force_when_it_was_measured() -> None:
    plans = two_versions([systolic_limit(160)], [systolic_limit(170)], change=DAY)
    rows = [pressure(after, 165) for after in (0 * DAY, DAY - minutes(2), DAY, 2 * DAY)]
    (found,) = found_under(plans, rows)
    assert found.count == 2
    assert found.cleared_at == MORNING + DAY
    assert found.plan_version == UUID(int=1)
    assert found.bound == bound("systolic", ">=", 160)


def test_an_episode_goes_on_across_versions_with_the_severity_of_the_latest() -> None:
    rules = systolic_limit(160), systolic_limit(150, severity=Severity.CRITICAL)
    plans = two_versions(rules[:1], rules[1:], change=DAY)
    (found,) = found_under(plans, [pressure(0 * DAY, 165), pressure(2 * DAY, 155)])
    assert (found.count, found.phase) == (2, Phase.OPEN)
    assert found.severity is Severity.CRITICAL
    assert found.plan_version == UUID(int=1)


def test_an_episode_ends_with_the_version_that_no_longer_has_its_rule() -> None:
    plans = two_versions([systolic_limit(160)], [], change=DAY)
    for rows in ([pressure(0 * DAY, 165)], [pressure(0 * DAY, 165), pressure(2 * DAY, 165)]):
        (found,) = found_under(plans, rows)
        assert found.cleared_at == MORNING + DAY
        assert found.cleared_why is ClearedWhy.PLAN_CHANGED
        assert found.cleared_by is None
        assert found.count == 1


def test_windows_reach_across_versions() -> None:
    mean = WindowMean(
        id="week",
        kind=BP,
        severity=Severity.MEDIUM,
        bounds=(bound("systolic", ">=", 130),),
        min_days=3,
        min_count=3,
    )
    plans = two_versions([], [mean], change=2 * DAY)
    (found,) = found_under(plans, [pressure(days * DAY, 140) for days in range(3)])
    assert found.onset_at == MORNING + 2 * DAY
    assert found.reason.facts["readings"] == 3


def test_before_any_plan_nothing_is_judged() -> None:
    later = plan(systolic_limit(), effective_from=MORNING + DAY)
    assert found_under([later], [pressure(0 * DAY, 200)]) == []


def test_a_batch_may_hold_patients_of_many_plans() -> None:
    rows = [pressure(0 * DAY, 165)]
    charts = [
        (chart(plan(systolic_limit(limit), number=index), patient=index), rows)
        for index, limit in enumerate((160, 170, 160, 165), 1)
    ]
    found = evaluate(batch(*charts), now=LATER).findings
    assert [one.patient_id.int for one in found] == [1, 3, 4]


@pytest.mark.parametrize(("hours", "late"), [(23, False), (24, False), (24.1, True)])
def test_late_readings_are_for_review(*, hours: float, late: bool) -> None:
    (found,) = findings([systolic_limit()], [pressure(0 * DAY, 170, received_after=hours * HOUR)])
    assert found.late is late
    assert found.lane is (Lane.REVIEW if late else Lane.MEDICAL)


def test_an_episode_with_one_reading_in_time_is_not_late() -> None:
    rows = [pressure(0 * DAY, 170, received_after=3 * DAY), pressure(DAY, 170)]
    (found,) = findings([systolic_limit()], rows)
    assert not found.late


def test_quiet_days_keep_a_flag_from_being_news_again() -> None:
    rule = NOfM(
        id="irregular", kind=BP, severity=Severity.MEDIUM, n=1, m=1, flag="irregular_pulse",
        quiet_days=30,
    )  # fmt: skip
    days = (0, 5, 29, 30, 31)
    rows = [
        row
        for day in days
        for row in (
            pressure(day * DAY, 120, flags=("irregular_pulse",)),
            pressure(day * DAY + HOUR, 120),
        )
    ]
    found = findings([rule], rows)
    assert [one.onset_at for one in found] == [MORNING, MORNING + 30 * DAY]


GAIN = Limit(
    id="gain", kind=Kind.WEIGHT, severity=Severity.MEDIUM, bounds=(bound("weight", ">", 82),)
)
FAST = Limit(
    id="fast", kind=Kind.HEART_RATE, severity=Severity.MEDIUM,
    bounds=(bound("heart_rate", ">=", 100),),
)  # fmt: skip
BOTH = Together(
    id="both", kind=Kind.WEIGHT, severity=Severity.HIGH, of=("gain", "fast"), within_hours=72
)


def heart_rate(after: dt.timedelta, value: float) -> Row:
    return reading(Kind.HEART_RATE, after, {"heart_rate": value})


def weight(after: dt.timedelta, value: float) -> Row:
    return reading(Kind.WEIGHT, after, {"weight": value})


def joint(rows: Sequence[Row]) -> list[Finding]:
    return [one for one in findings([GAIN, FAST, BOTH], rows) if one.rule == "both"]


def test_together_begins_with_the_second_and_ends_with_the_last() -> None:
    rows = [
        weight(0 * DAY, 83),
        heart_rate(DAY, 105),
        weight(2 * DAY, 81),
        heart_rate(3 * DAY, 80),
    ]
    (found,) = joint(rows)
    assert found.severity is Severity.HIGH
    assert (found.onset_at, found.cleared_at) == (MORNING + DAY, MORNING + 3 * DAY)
    assert found.reason.facts["rules"] == ["fast", "gain"]
    assert found.onset_reading == rows[1].reading


@pytest.mark.parametrize(("hours", "count"), [(71, 1), (72, 1), (73, 0)])
def test_together_reaches_back_to_what_cleared_lately(hours: float, count: int) -> None:
    cleared = HOUR
    rows = [weight(0 * DAY, 83), weight(cleared, 81), heart_rate(cleared + hours * HOUR, 105)]
    assert len(joint(rows)) == count


def test_one_rule_twice_is_not_together() -> None:
    assert joint([weight(0 * DAY, 83), weight(HOUR, 81), weight(2 * HOUR, 83)]) == []


def test_kinds_that_are_judged_together_are_looked_at_together() -> None:
    plans = [plan(GAIN, FAST, BOTH, systolic_limit())]
    assert kinds_needed(plans, [Kind.HEART_RATE]) == {Kind.HEART_RATE, Kind.WEIGHT}
    assert kinds_needed(plans, [BP]) == {BP}


def test_what_stands_goes_on_without_readings_and_keeps_its_reason() -> None:
    (before,) = findings([systolic_limit()], [pressure(0 * DAY, 170)])
    standing = Standing(
        rule=before.rule,
        onset_at=before.onset_at,
        onset_reading=before.onset_reading,
        count=before.count,
        worst=before.worst,
        limit=160,
        value=before.value,
        last_at=before.last_at,
        last_reading=before.last_reading,
        plan_version=before.plan_version,
        reason=before.reason,
    )
    again = chart(plan(systolic_limit()), since=MORNING + DAY, standing=[standing])
    (found,) = evaluate(batch((again, [])), now=LATER).findings
    assert found.continued
    assert (found.onset_at, found.onset_reading) == (before.onset_at, before.onset_reading)
    assert (found.count, found.worst, found.value) == (1, 170, 170)
    assert found.reason == before.reason
    assert found.bound == before.bound
    assert found.phase is Phase.OPEN


def test_an_empty_batch_finds_nothing() -> None:
    empty = Batch(charts=[], series={}, readings={})
    assert evaluate(empty, now=LATER).findings == []
    nobody = Chart(patient_id=UUID(int=1), plans=[])
    assert evaluate(batch((nobody, of(BP, 200))), now=LATER).findings == []
