"""A dry run counts what the live engine finds, and tells late, doubtful and lost alerts apart."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from alerts.dry_run.comparison import Past
from alerts.dry_run.limits import Limits, always, of_programme, read_limits
from alerts.dry_run.result import DryRunResult, RuleCount
from alerts.dry_run.trial import DryRun, Span
from alerts.judging.batch import Batch, Chart, microseconds
from alerts.judging.build import Row, batch_from
from alerts.judging.evaluate import evaluate
from alerts.judging.findings import Phase
from care.errors import FaultsError
from care.programmes import shipped
from care.rules import Lane, Severity
from tests.unit.alerts.charts import LATER, MORNING, minutes, pressure, systolic_limit
from vitals.kinds import Kind

NEW_YORK = ZoneInfo("America/New_York")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)

HIGH = """
[[rules]]
id = "high"
type = "limit"
kind = "blood_pressure"
severity = "high"
bounds = [{ metric = "systolic", op = ">=", value = 160, clear = 150 }]
"""
TWICE = """
[[rules]]
id = "twice"
type = "confirmed_limit"
kind = "blood_pressure"
severity = "critical"
bounds = [{ metric = "systolic", op = ">=", value = 160 }]
within_min = 30
"""


def limits(text: str) -> Limits:
    return read_limits(text, name="limits.toml")


def batch(plan: Limits, *patients: Sequence[Row]) -> Batch:
    held = always(plan)
    charts = [
        Chart(patient_id=UUID(int=index + 1), plans=(held,)) for index in range(len(patients))
    ]
    return batch_from(charts, patients)


def tried(plan: Limits, *patients: Sequence[Row], **more: Any) -> DryRunResult:
    against: Limits | None = more.pop("against", None)
    past = more.pop("past", None)
    run = DryRun(plan.name, zone=NEW_YORK, now=LATER, **more)
    run.add(
        batch(plan, *patients),
        against=None if against is None else [always(against)] * len(patients),
        past=past,
    )
    read = sum(len(rows) for rows in patients)
    return run.result(read=read, refused={}, against=None if against is None else against.name)


def only(result: DryRunResult) -> RuleCount:
    (rule,) = result.rules
    return rule


def daily(*systolic: float, after: dt.timedelta = dt.timedelta(0)) -> list[Row]:
    return [pressure(after + number * DAY, value) for number, value in enumerate(systolic)]


def test_episodes_single_readings_and_patient_days() -> None:
    twice_a_day = [pressure(HOUR * hours, 165) for hours in (0, 2, 24, 26)]
    result = tried(limits(HIGH), [*twice_a_day, pressure(3 * DAY, 120)], daily(120, 155))
    rule = only(result)
    assert (rule.alerts, rule.crossings, rule.patient_days, rule.patients) == (1, 4, 2, 1)
    assert rule.reduction_percent == 75.0
    assert (result.readings.valid, result.patients, result.patient_days) == (7, 2, 5)
    assert rule.per_patient_week == result.per_patient_week == 1.4


def test_parts_add_up() -> None:
    rows = [daily(165, 120, 170), daily(120, 120), daily(180, 181)]
    whole = tried(limits(HIGH), *rows)
    run = DryRun("limits.toml", zone=NEW_YORK, now=LATER)
    for some in rows:
        run.add(batch(limits(HIGH), some))
    assert run.result(read=7, refused={}) == whole


@pytest.mark.parametrize("programme", shipped(), ids=lambda each: each.id)
def test_it_is_what_the_live_engine_finds(programme: Any) -> None:
    plan = of_programme(programme)
    rows = [
        pressure(minutes(number * 700 + number % 5), 118 + number * 37 % 71, flags=flags)
        for number, flags in enumerate([(), ("irregular_pulse",), (), ("body_movement",)] * 30)
    ]
    found = [
        one
        for one in evaluate(batch(plan, rows), now=LATER).findings
        if one.phase is not Phase.AWAITING_REPEAT
    ]
    result = tried(plan, rows)
    medical = [one for one in found if not one.late and one.lane is not Lane.NEEDS_CHECK]
    assert result.alerts == len(medical)
    assert result.needs_check == sum(one.lane is Lane.NEEDS_CHECK for one in found)
    counts = {each.rule: each.alerts for each in result.rules if each.alerts}
    assert counts == {rule: sum(one.rule == rule for one in medical) for rule in counts}


def test_late_and_doubtful_stand_apart() -> None:
    late = [pressure(DAY, 170, received_after=3 * DAY), pressure(2 * DAY, 120)]
    doubtful = [pressure(DAY, 170, flags=("body_movement",)), pressure(2 * DAY, 120)]
    result = tried(limits(HIGH), late, doubtful)
    assert (result.alerts, result.late, result.needs_check) == (0, 1, 1)
    assert (only(result).alerts, only(result).late, only(result).crossings) == (0, 1, 2)
    assert (result.readings.late, result.readings.doubtful) == (1, {"body_movement": 1})
    # Only what is to be checked has a ladder.
    assert [(each.severity, each.alerts) for each in result.paged] == [(Severity.MEDIUM, 1)]


def test_only_what_begins_in_the_span_counts() -> None:
    rows = daily(165, 165, 120, 165, 120, 165)
    since, until = MORNING + DAY, MORNING + 5 * DAY
    span = Span(since=microseconds(since), until=microseconds(until))
    result = tried(limits(HIGH), rows, span=span)
    assert (result.alerts, result.crossings, result.readings.valid) == (1, 2, 4)


LADDERS = """
[hours]
start = "08:00"
end = "18:00"
[[ladders]]
severity = "low"
[[ladders]]
severity = "medium"
[[ladders]]
severity = "high"
steps = [{ after_min = 0, to = "nurse" }, { after_min = 60, to = "on_call", hours = "always" }]
[[ladders]]
severity = "critical"
steps = [{ after_min = 0, to = "on_call", hours = "always" }]
"""


@pytest.mark.parametrize(
    ("opened", "in_hours", "second_in_hours"),
    [
        ((2026, 11, 2, 7, 59), 0, 1),
        ((2026, 11, 2, 8, 0), 1, 1),
        ((2026, 11, 2, 16, 59), 1, 1),
        ((2026, 11, 2, 17, 0), 1, 0),
        ((2026, 11, 2, 18, 0), 0, 0),
        ((2026, 11, 7, 12, 0), 0, 0),  # A Saturday.
    ],
)
def test_whom_it_would_have_told_and_when(
    opened: tuple[int, int, int, int, int], in_hours: int, second_in_hours: int
) -> None:
    after = dt.datetime(*opened, tzinfo=NEW_YORK).astimezone(dt.UTC) - MORNING
    result = tried(limits(LADDERS + HIGH), [pressure(after, 165)])
    (paged,) = result.paged
    assert (paged.severity, paged.in_hours, paged.out_of_hours) == ("high", in_hours, 1 - in_hours)
    first, second = paged.steps
    # A step of working hours waits for them.
    assert (first.to, first.in_hours, first.out_of_hours) == ("nurse", 1, 0)
    assert (second.to, second.in_hours) == ("on_call", second_in_hours)


def test_silence_confirms_when_the_wait_is_over() -> None:
    """At 17:40 in the clinic; known at 18:10, when it is closed."""
    after = dt.datetime(2026, 11, 2, 17, 40, tzinfo=NEW_YORK).astimezone(dt.UTC) - MORNING
    (paged,) = tried(limits(LADDERS + TWICE), [pressure(after, 165)]).paged
    assert (paged.in_hours, paged.out_of_hours) == (0, 1)


def test_new_and_lost_against_another_plan() -> None:
    rows = daily(165, 120, 185, 120)
    lower = limits(HIGH)
    higher = limits(HIGH.replace("160", "180").replace('"high"', '"very-high"', 1))
    result = tried(higher, rows, against=lower)
    assert result.against is not None
    assert (result.against.alerts, result.against.lost, result.against.new) == (2, 1, 0)
    (lost,) = result.against.lost_by_rule
    assert (lost.rule, lost.alerts, lost.unmatched) == ("high", 2, 1)
    other_way = tried(lower, rows, against=higher).against
    assert other_way is not None
    assert (other_way.new, other_way.lost) == (1, 0)


def test_what_is_left_may_be_milder() -> None:
    rows = daily(165, 120)
    milder = limits(HIGH.replace('severity = "high"', 'severity = "low"'))
    result = tried(milder, rows, against=limits(HIGH)).against
    assert result is not None
    assert (result.lost, result.milder, result.new, result.graver) == (0, 1, 0, 0)


def test_the_other_side_is_no_match() -> None:
    low = HIGH.replace(">=", "<=").replace("160, clear = 150", "90")
    rows = [pressure(minutes(0), 165, 85)]
    diastolic = low.replace("systolic", "diastolic")
    result = tried(limits(HIGH), rows, against=limits(diastolic))
    assert result.against is not None
    assert (result.against.alerts, result.against.new, result.against.lost) == (1, 1, 1)


def test_alerts_that_were_acted_on_and_would_be_lost() -> None:
    onset = microseconds(MORNING)
    kept = Past(id=UUID(int=1), chart=0, rule="old", kind=Kind.BLOOD_PRESSURE,
                severity=Severity.HIGH, upward=True, onset=onset, end=onset + 1)  # fmt: skip
    graver = msgspec.structs.replace(kept, id=UUID(int=2), severity=Severity.CRITICAL)
    lost = msgspec.structs.replace(kept, id=UUID(int=3), chart=1)
    result = tried(limits(HIGH), daily(165, 120), daily(120), past=[kept, graver, lost])
    assert result.acted_on is not None
    assert (result.acted_on.alerts, result.acted_on.lost, result.acted_on.milder) == (3, 1, 1)
    assert result.acted_on.lost_alerts == [str(UUID(int=3))]


def test_nothing_at_all() -> None:
    result = tried(limits(HIGH))
    assert (result.readings.valid, result.since, result.per_patient_week) == (0, None, 0.0)
    assert result.reduction_percent is None


def test_rules_alone_are_enough_for_a_file() -> None:
    plan = limits(HIGH + "[silence]\nlate_after_hours = 2\n")
    assert [rule.id for rule in plan.rules] == ["high"]
    assert plan.silence.late_after_hours == 2
    assert {ladder.steps for ladder in plan.ladders} == {()}


def test_a_file_that_begins_a_programme_must_end_one() -> None:
    with pytest.raises(FaultsError) as refused:
        limits('id = "half"\n' + HIGH)
    assert {fault.key for fault in refused.value.faults} == {
        "version", "title", "measures", "ladders",
    }  # fmt: skip


def test_a_fault_names_file_line_key_and_what_is_allowed() -> None:
    with pytest.raises(FaultsError) as refused:
        limits(HIGH.replace("systolic", "sistolic"))
    said = str(refused.value)
    assert said.startswith("limits.toml:7: rules[0].bounds[0].metric: ")
    assert "did you mean 'systolic'?" in said


def test_a_rule_that_is_off_is_not_tried() -> None:
    assert limits(HIGH + "enabled = false\n").rules == ()
    assert systolic_limit().enabled
