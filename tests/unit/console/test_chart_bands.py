"""Limits as bands: as they were in force, in words."""

import datetime as dt

import pytest

from care.rules import Bound, Lane, Op, OximetryScale, Severity, WindowMean
from console.chart.bands import FOREVER, bands, holdings, innermost, levels
from console.chart.svg.days import microseconds
from console.web.formats import Units
from tests.unit.console.chart_scenes import SINCE, limit, plan
from vitals.kinds import Kind

METRIC = Units(weight="kg", glucose="mg/dL")


@pytest.mark.parametrize(
    ("op", "words"),
    [
        (">=", "high from 160"),
        (">", "high above 160"),
        ("<=", "high at or below 160"),
        ("<", "high below 160"),
    ],
)
def test_an_edge_says_on_which_side_of_it_it_counts(op: str, words: str) -> None:
    (level,) = levels([limit("systolic", op, 160)], "systolic")
    assert level.words("systolic", METRIC) == words


def test_numbers_are_in_the_patients_units() -> None:
    (level,) = levels([limit("weight", ">=", 80.0, kind=Kind.WEIGHT)], "weight")
    assert level.words("weight", Units(weight="lb")) == "high from 176.4"
    (level,) = levels([limit("glucose", "<", 70, kind=Kind.GLUCOSE)], "glucose")
    assert level.words("glucose", Units(glucose="mmol/L")) == "high below 3.9"


def test_what_is_no_single_reading_is_said() -> None:
    mean = WindowMean(
        id="above-goal",
        kind=Kind.BLOOD_PRESSURE,
        severity=Severity.MEDIUM,
        bounds=(Bound(metric="systolic", op=Op.AT_OR_ABOVE, value=135),),
    )
    (level,) = levels([mean], "systolic")
    assert level.words("systolic", METRIC) == "medium from 135 (7-day mean)"


def test_a_scale_of_news2_is_an_edge_too() -> None:
    scale = OximetryScale(id="spo2", kind=Kind.OXIMETRY, severity=Severity.HIGH)
    (level,) = levels([scale], "spo2")
    assert level.words("spo2", METRIC) == "high at or below 91"


def test_queries_about_a_measurement_and_other_metrics_are_no_bands() -> None:
    odd = limit("systolic", ">=", 250, lane=Lane.NEEDS_CHECK)
    assert levels([odd, limit("diastolic", ">=", 100)], "systolic") == ()


def test_of_two_edges_at_one_place_the_graver_is_drawn() -> None:
    both = [limit("systolic", ">=", 180, "high"), limit("systolic", ">=", 180, "critical")]
    (level,) = levels(both, "systolic")
    assert level.severity is Severity.CRITICAL


def test_bands_go_from_edge_to_edge_and_the_last_has_no_end() -> None:
    found = levels(
        [
            limit("systolic", ">=", 130, "medium"),
            limit("systolic", ">=", 180, "critical"),
            limit("systolic", "<", 90, "high"),
            limit("systolic", "<=", 100, "medium"),
        ],
        "systolic",
    )
    drawn = {(str(band.level.severity), band.low, band.high) for band in bands(found)}
    assert drawn == {
        ("medium", 130, 180),
        ("critical", 180, None),
        ("medium", 90, 100),
        ("high", None, 90),
    }
    assert innermost(found) == (100, 130)


def test_a_milder_edge_further_out_changes_nothing() -> None:
    found = levels(
        [limit("systolic", ">=", 160, "critical"), limit("systolic", ">=", 170, "low")], "systolic"
    )
    assert [(band.low, band.high) for band in bands(found)] == [(160, None)]


def test_without_limits_there_are_no_bands() -> None:
    assert bands(()) == ()
    assert innermost(()) == (None, None)


def test_bands_change_where_the_plan_did() -> None:
    turn = SINCE + dt.timedelta(days=10)
    first = plan(limit("systolic", ">=", 130), until=turn)
    second = plan(limit("systolic", ">=", 135), version=2, since=turn)
    before, after = holdings([second, first], "systolic")
    assert (before.since, before.until) == (microseconds(SINCE), microseconds(turn))
    assert (after.since, after.until, after.plan) == (microseconds(turn), FOREVER, 2)
    assert [each.value for each in (*before.levels, *after.levels)] == [130, 135]


def test_versions_that_say_the_same_of_a_metric_are_one_stretch() -> None:
    turn = SINCE + dt.timedelta(days=10)
    first = plan(limit("systolic", ">=", 130), until=turn)
    second = plan(limit("systolic", ">=", 130), limit("pulse", ">=", 120), version=2, since=turn)
    (only,) = holdings([first, second], "systolic")
    assert (only.since, only.until, only.plan) == (microseconds(SINCE), FOREVER, 1)


def test_a_pause_between_plans_and_withdrawn_versions_draw_nothing() -> None:
    end, again = SINCE + dt.timedelta(days=5), SINCE + dt.timedelta(days=9)
    first = plan(limit("systolic", ">=", 130), until=end)
    gone = plan(limit("systolic", ">=", 99), version=2, since=again, withdrawn_at=SINCE)
    third = plan(limit("systolic", ">=", 130), version=3, since=again)
    found = holdings([first, gone, third], "systolic")
    assert [(each.since, each.plan) for each in found] == [
        (microseconds(SINCE), 1),
        (microseconds(again), 3),
    ]
