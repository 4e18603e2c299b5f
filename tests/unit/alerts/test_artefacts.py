"""Which readings are in doubt, and why: below, at and above each edge."""

import pytest

from alerts.judging.artefacts import Doubt, doubts
from alerts.judging.build import Row
from alerts.judging.findings import Finding
from care.rules import Baseline, Change, Lane, Rule, Severity
from tests.unit.alerts.charts import (
    bound,
    findings,
    minutes,
    of,
    pressure,
    reading,
    series,
    systolic_limit,
)
from vitals.flags import Flag
from vitals.kinds import Kind

DAY = minutes(24 * 60)


def codes(rows: list[Row]) -> list[Doubt]:
    return [Doubt(code) for code in doubts(series(rows), rows[0].kind).tolist()]


@pytest.mark.parametrize(
    ("kind", "flag", "doubt"),
    [
        (Kind.BLOOD_PRESSURE, Flag.BODY_MOVEMENT, Doubt.BODY_MOVEMENT),
        (Kind.BLOOD_PRESSURE, Flag.CUFF_TOO_LOOSE, Doubt.CUFF_TOO_LOOSE),
        (Kind.BLOOD_PRESSURE, Flag.IMPROPER_POSITION, Doubt.IMPROPER_POSITION),
        (Kind.BLOOD_PRESSURE, Flag.PULSE_ABOVE_RANGE, Doubt.PULSE_OUT_OF_RANGE),
        (Kind.BLOOD_PRESSURE, Flag.IRREGULAR_PULSE, Doubt.NONE),
        (Kind.GLUCOSE, Flag.CONTROL_SOLUTION, Doubt.NOT_THE_PATIENT),
        (Kind.GLUCOSE, Flag.STRIP_ERROR, Doubt.SENSOR_FAULT),
        (Kind.GLUCOSE, Flag.RESULT_TOO_HIGH, Doubt.NONE),
        (Kind.OXIMETRY, Flag.QUESTIONABLE, Doubt.POOR_SIGNAL),
        (Kind.OXIMETRY, Flag.FROM_STORAGE, Doubt.NONE),
        (Kind.HEART_RATE, Flag.NO_SKIN_CONTACT, Doubt.POOR_SIGNAL),
    ],
)
def test_a_devices_own_flags_are_believed(kind: Kind, flag: Flag, doubt: Doubt) -> None:
    assert codes([reading(kind, minutes(0), {}, flags=(flag,))]) == [doubt]


def test_of_several_reasons_the_most_decisive_is_named() -> None:
    both = reading(Kind.GLUCOSE, minutes(0), {}, flags=(Flag.STRIP_ERROR, Flag.CONTROL_SOLUTION))
    assert codes([both]) == [Doubt.NOT_THE_PATIENT]


@pytest.mark.parametrize(
    ("weight", "doubt"),
    [
        (80 * 2.2046, Doubt.UNIT_SWITCHED),
        (80 * 2.2046 * 1.029, Doubt.UNIT_SWITCHED),
        (80 / 2.2046, Doubt.UNIT_SWITCHED),
        (80 * 2.2046 * 1.05, Doubt.SOMEBODY_ELSE),
        (83.9, Doubt.NONE),
        (84.0, Doubt.NONE),
        (84.1, Doubt.SOMEBODY_ELSE),
        (75.9, Doubt.SOMEBODY_ELSE),
    ],
)
def test_a_weight_is_held_against_the_last_seven_days(weight: float, doubt: Doubt) -> None:
    rows = of(Kind.WEIGHT, 80, 80, 80, weight, every=DAY)
    assert codes(rows)[-1] is doubt


def test_a_weight_that_varies_may_vary() -> None:
    rows = of(Kind.WEIGHT, 78, 82, 78, 82, 80, 85, every=DAY)
    assert codes(rows)[-1] is Doubt.NONE


def test_two_readings_are_too_few_to_say_it_is_somebody_else() -> None:
    assert codes(of(Kind.WEIGHT, 80, 80, 90, every=DAY))[-1] is Doubt.NONE


def test_a_weight_that_stays_becomes_the_usual_one() -> None:
    rows = of(Kind.WEIGHT, *([80.0] * 7 + [86.0] * 6), every=DAY)
    found = codes(rows)
    assert found[7:11] == [Doubt.SOMEBODY_ELSE] * 4
    assert found[11:] == [Doubt.NONE] * 2


@pytest.mark.parametrize(
    ("systolic", "diastolic", "doubt"),
    [
        (170, 71, Doubt.NONE),
        (170, 70, Doubt.PULSE_PRESSURE),
        (120, 100, Doubt.NONE),
        (120, 101, Doubt.PULSE_PRESSURE),
        (179, 70, Doubt.PULSE_PRESSURE),
        (180, 70, Doubt.NONE),
    ],
)
def test_a_pulse_pressure_out_of_the_plausible(
    systolic: float, diastolic: float, doubt: Doubt
) -> None:
    assert codes([pressure(minutes(0), systolic, diastolic)]) == [doubt]


def test_a_pulse_pressure_measured_again_is_no_slip() -> None:
    rows = [pressure(minutes(0), 170, 65), pressure(minutes(2), 172, 66)]
    assert codes(rows) == [Doubt.PULSE_PRESSURE, Doubt.NONE]


@pytest.mark.parametrize(
    ("celsius", "doubt"),
    [(85.9, Doubt.NONE), (86, Doubt.FAHRENHEIT), (113, Doubt.FAHRENHEIT), (113.1, Doubt.NONE)],
)
def test_degrees_fahrenheit_are_told_from_celsius(celsius: float, doubt: Doubt) -> None:
    assert codes(of(Kind.TEMPERATURE, celsius)) == [doubt]


@pytest.mark.parametrize(
    ("seconds", "doubt"),
    [(59, Doubt.SAME_ATTEMPT), (60, Doubt.NONE), (61, Doubt.NONE)],
)
def test_the_same_values_within_a_minute_are_one_attempt(seconds: int, doubt: Doubt) -> None:
    rows = of(Kind.GLUCOSE, 260, 260, every=minutes(seconds / 60))
    assert codes(rows) == [Doubt.NONE, doubt]


def test_a_sure_repeat_of_a_doubtful_reading_is_evidence() -> None:
    rows = [
        pressure(minutes(0), 150, flags=(Flag.BODY_MOVEMENT,)),
        pressure(minutes(0.5), 150),
    ]
    assert codes(rows) == [Doubt.BODY_MOVEMENT, Doubt.NONE]


def checks(rules: list[Rule], rows: list[Row]) -> list[Finding]:
    return [one for one in findings(rules, rows) if one.lane is Lane.NEEDS_CHECK]


def test_a_doubtful_crossing_reading_needs_check_and_pages_at_most_medium() -> None:
    rows = [pressure(minutes(0), 200, flags=(Flag.CUFF_TOO_LOOSE,))]
    (found,) = findings([systolic_limit(severity=Severity.CRITICAL)], rows)
    assert found.lane is Lane.NEEDS_CHECK
    assert found.severity is Severity.MEDIUM
    assert found.rule == "check-blood-pressure"
    assert found.doubt == "cuff_too_loose"
    assert (found.value, found.worst) == (200, 200)
    assert not found.latch


def test_a_doubtful_reading_within_the_limits_needs_nothing() -> None:
    rows = [pressure(minutes(0), 130, flags=(Flag.CUFF_TOO_LOOSE,))]
    assert findings([systolic_limit()], rows) == []


def test_a_sure_reading_ends_what_needed_a_check() -> None:
    rows = [pressure(minutes(0), 200, flags=(Flag.CUFF_TOO_LOOSE,)), pressure(minutes(5), 140)]
    (found,) = checks([systolic_limit()], rows)
    assert found.cleared_at == rows[1].measured_at


def test_a_control_solution_is_nobodys_value() -> None:
    rule = systolic_limit()
    rows = [pressure(minutes(0), 200, flags=(Flag.DEMONSTRATION,))]
    assert findings([rule], rows) == []


def test_a_weight_that_may_be_somebody_elses_is_asked_about_and_is_no_gain() -> None:
    gain = Change(
        id="gain",
        kind=Kind.WEIGHT,
        severity=Severity.MEDIUM,
        bounds=(bound("weight", ">", 2),),
        baseline=Baseline.LOWEST,
        days=3,
        min_count=1,
    )
    (found,) = findings([gain], of(Kind.WEIGHT, 80, 80, 80, 90, every=DAY))
    assert found.lane is Lane.NEEDS_CHECK
    assert found.doubt == "somebody_else"
    assert found.value == 90
