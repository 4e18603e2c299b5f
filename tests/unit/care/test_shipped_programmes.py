"""The shipped programmes say what the clinical page says, number by number, with its source."""

import re
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

from alerts.evaluating import backlog
from alerts.rules.bounds import crossed, held
from alerts.technical import items
from care.programme import Programme
from care.programmes import shipped
from care.rule_checks import RESERVED
from care.rules import Bound, GlucoseStatistic, Op, OximetryScale, Rule, Severity

PROGRAMMES = {each.id: each for each in shipped()}
BP = ("hypertension-us", "hypertension-esh", "heart-failure", "post-discharge-30")
NAME = re.compile(r"[a-z]+(-[a-z]+)+$")
SUGGESTED = "Suggested, to be signed off by the programme's clinical lead."

# programmes, rule, metric, op, limit, clear, severity
LIMITS = [
    (BP, "bp-very-high", "systolic", ">=", 180, 170, "critical"),
    (BP, "bp-very-high", "diastolic", ">=", 120, 110, "critical"),
    (("hypertension-us", "hypertension-esh", "post-discharge-30"),
     "bp-high-session", "systolic", ">=", 160, 150, "high"),
    (("hypertension-us", "hypertension-esh", "post-discharge-30"),
     "bp-high-session", "diastolic", ">=", 100, 95, "high"),
    (("hypertension-us",), "bp-above-goal", "systolic", ">=", 130, 128, "medium"),
    (("hypertension-us",), "bp-above-goal", "diastolic", ">=", 80, 79, "medium"),
    (("hypertension-esh",), "bp-above-goal", "systolic", ">=", 135, 133, "medium"),
    (("hypertension-esh",), "bp-above-goal", "diastolic", ">=", 85, 84, "medium"),
    ((*BP, "pregnancy", "postpartum"), "bp-low", "systolic", "<", 90, 95, "high"),
    (BP, "bp-low-on-treatment", "systolic", "<=", 100, 105, "medium"),
    (BP, "bp-drop", "systolic", "<=", -20, -15, "medium"),
    ((*BP, "pregnancy", "postpartum"), "pulse-pressure-odd", "pulse_pressure", ">=", 100, None,
     "low"),
    ((*BP, "pregnancy", "postpartum"), "pulse-pressure-odd", "pulse_pressure", "<", 20, None,
     "low"),
    ((*BP, "pregnancy", "postpartum", "copd"), "pulse-extreme", "pulse", ">=", 131, 125,
     "critical"),
    ((*BP, "pregnancy", "postpartum", "copd"), "pulse-extreme", "pulse", "<=", 40, 45, "critical"),
    ((*BP, "pregnancy", "postpartum", "copd"), "pulse-abnormal", "pulse", ">=", 120, 110, "high"),
    ((*BP, "pregnancy", "postpartum", "copd"), "pulse-abnormal", "pulse", "<=", 45, 50, "high"),
    (("pregnancy", "postpartum"), "bp-severe", "systolic", ">=", 160, 150, "critical"),
    (("pregnancy", "postpartum"), "bp-severe", "diastolic", ">=", 110, 100, "critical"),
    (("pregnancy", "postpartum"), "bp-high", "systolic", ">=", 140, 135, "high"),
    (("pregnancy", "postpartum"), "bp-high", "diastolic", ">=", 90, 85, "high"),
    (("pregnancy", "postpartum"), "bp-jump", "systolic", ">", 20, 15, "medium"),
    (("diabetes-type-1", "diabetes-type-2"), "glucose-very-low", "glucose", "<", 54, 70,
     "critical"),
    (("diabetes-type-1", "diabetes-type-2"), "glucose-low", "glucose", "<", 70, 80, "medium"),
    (("diabetes-type-1", "diabetes-type-2"), "glucose-very-high", "glucose", ">=", 300, 250,
     "high"),
    (("diabetes-type-1", "diabetes-type-2"), "glucose-high-2-of-3", "glucose", ">", 250, 220,
     "high"),
    (("heart-failure", "post-discharge-30"), "weight-gain-3-days", "weight", ">", 2.0, 1.0,
     "medium"),
    (("heart-failure",), "weight-gain-1-day", "weight", ">=", 1.36, 0.9, "medium"),
    (("heart-failure",), "weight-gain-week", "weight", ">=", 2.27, 1.36, "medium"),
    (("heart-failure",), "weight-above-median", "weight", ">=", 1.36, 0.7, "medium"),
    (("heart-failure", "post-discharge-30"), "weight-loss", "weight", "<=", -3.0, -2.0, "medium"),
    (("copd",), "spo2-very-low", "spo2", "<=", 83, 86, "critical"),
    (("post-discharge-30",), "spo2-very-low", "spo2", "<=", 88, 91, "critical"),
    (("post-discharge-30",), "spo2-low", "spo2", "<=", 91, 94, "high"),
    (("copd", "post-discharge-30"), "spo2-below-usual", "spo2", "<=", -4, -2, "medium"),
    (("copd", "postpartum", "post-discharge-30"), "temperature-high", "temperature", ">=", 38.0,
     37.6, "medium"),
    (("copd", "postpartum", "post-discharge-30"), "temperature-extreme", "temperature", ">=", 39.1,
     38.5, "high"),
    (("copd", "postpartum", "post-discharge-30"), "temperature-extreme", "temperature", "<=", 35.0,
     35.5, "high"),
]  # fmt: skip
EACH = [(programme, *rest) for programmes, *rest in LIMITS for programme in programmes]


def rule(programme: str, name: str) -> Rule:
    return next(each for each in PROGRAMMES[programme].rules if each.id == name)


def bounds(programme: Programme) -> list[tuple[str, Bound]]:
    return [(each.id, bound) for each in programme.rules for bound in getattr(each, "bounds", ())]


def test_these_programmes_ship() -> None:
    assert set(PROGRAMMES) == {
        "hypertension-us", "hypertension-esh", "heart-failure", "diabetes-type-1",
        "diabetes-type-2", "copd", "pregnancy", "postpartum", "post-discharge-30",
    }  # fmt: skip


def test_the_table_of_this_test_has_every_limit_that_ships() -> None:
    listed = {(row[0], row[1], row[2], row[3]) for row in EACH}
    there = {
        (programme.id, name, bound.metric, str(bound.op))
        for programme in shipped()
        for name, bound in bounds(programme)
    }
    assert there == listed


@pytest.mark.parametrize(("programme", "name", "metric", "op", "limit", "clear", "severity"), EACH)
def test_a_limit_is_crossed_at_its_number_and_left_at_its_clear_one(
    programme: str, name: str, metric: str, op: str, limit: float, clear: float, severity: str
) -> None:
    found = rule(programme, name)
    assert found.severity == severity
    bound = next(
        each
        for name_, each in bounds(PROGRAMMES[programme])
        if (name_, each.metric, each.op) == (name, metric, op)
    )
    step = 1.0 if metric not in {"weight", "temperature"} else 0.01
    triple = np.array([limit - step, limit, limit + step])
    expected = {
        ">=": [False, True, True], ">": [False, False, True],
        "<=": [True, True, False], "<": [True, False, False],
    }[op]  # fmt: skip
    assert crossed(triple, bound).tolist() == expected
    assert bound.clear == clear
    if clear is not None:
        around = np.array([clear - step, clear, clear + step])
        upward = Op(op).upward
        assert held(around, bound).tolist() == ([False, False, True] if upward else
                                                [True, False, False])  # fmt: skip


@pytest.mark.parametrize("programme", shipped(), ids=lambda each: str(each.id))
def test_every_default_has_its_source_and_is_only_suggested(programme: Programme) -> None:
    assert SUGGESTED in programme.about
    assert not programme.signed_off_by
    assert programme.sources
    assert all(each.source and each.label for each in programme.rules)


@pytest.mark.parametrize("programme", shipped(), ids=lambda each: str(each.id))
def test_ladders_are_those_of_the_clinical_page(programme: Programme) -> None:
    aims = {each.severity: each.acknowledge_min for each in programme.ladders}
    working_day = 600
    assert aims == {
        Severity.CRITICAL: 15, Severity.HIGH: 240, Severity.MEDIUM: working_day,
        Severity.LOW: 5 * working_day,
    }  # fmt: skip
    critical = next(each for each in programme.ladders if each.severity is Severity.CRITICAL)
    assert [(step.after_min, step.to, step.hours) for step in critical.steps[:2]] == [
        (0, "care_team", "working"),
        (15, "on_call", "always"),
    ]
    low = next(each for each in programme.ladders if each.severity is Severity.LOW)
    assert low.steps == ()


def test_the_seven_day_mean_follows_the_protocol() -> None:
    for family in ("hypertension-us", "hypertension-esh"):
        mean = rule(family, "bp-above-goal")
        told = [getattr(mean, name) for name in ("days", "min_days", "min_count", "drop_first_day",
                                                 "protocol_hours")]  # fmt: skip
        assert told == [7, 3, 12, True, True]


def test_copd_is_judged_by_scale_two() -> None:
    low, much = rule("copd", "spo2-low"), rule("copd", "spo2-too-much-oxygen")
    assert isinstance(low, OximetryScale)
    assert isinstance(much, OximetryScale)
    assert (low.scale, low.score, low.side, low.severity) == (2, 1, "low", "high")
    assert (much.scale, much.score, much.side, much.on_oxygen) == (2, 3, "high", True)
    assert not much.enabled


def test_glucose_statistics_have_the_consensus_targets() -> None:
    found = {
        each.statistic: f"{each.op}{each.value:g}"
        for each in PROGRAMMES["diabetes-type-1"].rules
        if isinstance(each, GlucoseStatistic)
    }
    assert found == {
        "in_range_percent": "<70", "cv": ">36", "below_70_percent": ">=4", "lbgi": ">5",
    }  # fmt: skip


def test_nothing_that_pages_rests_on_one_bad_cuff_fit() -> None:
    for programme in shipped():
        for each in programme.rules:
            if each.severity is Severity.CRITICAL and each.kind != "glucose":
                assert type(each).__name__ == "ConfirmedLimit", (programme.id, each.id)


def test_the_files_go_into_the_wheel(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    wheel = next(WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"]))
    packed = {name for name in ZipFile(wheel).namelist() if name.startswith("care/programmes/")}
    assert packed == {f"care/programmes/{each}.toml" for each in PROGRAMMES}


def test_no_rule_of_a_plan_can_be_taken_for_an_item_of_our_own() -> None:
    ours = {value for value in vars(items).values() if isinstance(value, str) and NAME.match(value)}
    assert {*ours, backlog.RULE} == RESERVED
