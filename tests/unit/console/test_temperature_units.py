"""°C and °F: what is shown, what is typed, and what a thermometer counts, never apart."""

from typing import Any

import numpy as np
import pytest

from care.programme import Overrides
from care.programmes import shipped
from care.rules import Baseline, Bound, Change, Limit, Op, Severity
from console.api.alert_units import in_units
from console.chart.bands import Level
from console.chart.drawing import scale_of
from console.chart.limits_form import Limits, fields_of, overrides_in
from console.chart.plots import Plot
from console.clinic.limits_form import changes, shown
from console.queue import words
from console.web.formats import Units
from console.web.forms import Form
from console.web.rule_words import rule_words
from device_profiles import conversion
from tests.unit.alerts.factory import NOW, alert
from vitals.kinds import Kind

CELSIUS, FAHRENHEIT = Units(), Units(temperature="F")
COPD = next(each for each in shipped() if each.id == "copd")
TENTHS = [each / 10 for each in range(860, 1095)]
"""Every number that a thermometer in °F can show of somebody alive."""


@pytest.mark.parametrize(
    ("celsius", "fahrenheit"),
    [(37.9, "100.2"), (38.0, "100.4"), (38.1, "100.6"), (35.0, "95.0"), (39.1, "102.4"),
     (0.0, "32.0"), (37.0, "98.6")],
)  # fmt: skip
def test_a_temperature_is_shown_as_its_thermometer_shows_it(
    celsius: float, fahrenheit: str
) -> None:
    assert FAHRENHEIT.text("temperature", celsius) == f"{fahrenheit} °F"
    assert CELSIUS.text("temperature", celsius) == f"{celsius:.1f} °C"


@pytest.mark.parametrize(("typed", "kept"), [(100.3, 37.94), (100.4, 38.0), (100.5, 38.06)])
def test_a_typed_number_is_kept_in_celsius(typed: float, kept: float) -> None:
    assert FAHRENHEIT.canonical("temperature", typed) == kept
    assert CELSIUS.canonical("temperature", kept) == kept


def test_a_limit_and_a_reading_of_the_same_number_are_the_same_number() -> None:
    for tenth in TENTHS:
        kept = FAHRENHEIT.canonical("temperature", tenth)
        assert kept == conversion.celsius_from_fahrenheit(tenth)
        assert FAHRENHEIT.number("temperature", kept) == f"{tenth:.1f}"


def test_a_difference_has_no_zero_of_its_own() -> None:
    assert FAHRENHEIT.convert_difference("temperature", 1.0) == 1.8
    assert FAHRENHEIT.canonical_difference("temperature", 1.8) == 1.0
    rise = Change(
        id="rise", kind=Kind.TEMPERATURE, severity=Severity.LOW, days=2, baseline=Baseline.MEDIAN,
        bounds=(Bound(metric="temperature", op=Op.AT_OR_ABOVE, value=1.0),),
    )  # fmt: skip
    assert "up by 1.8 °F or more" in rule_words(rise, FAHRENHEIT)
    assert "up by 1.0 °C or more" in rule_words(rise, CELSIUS)


def test_nothing_else_changes_with_the_thermometer() -> None:
    assert not FAHRENHEIT.converts("weight")
    assert FAHRENHEIT.text("glucose", 99.0) == "99 mg/dL"


def limits_form(**typed: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What is asked for, when nothing but this is typed."""
    held = Limits(programme=COPD, overrides=Overrides())
    form = {number.name: number.text for rule in fields_of(held, FAHRENHEIT)
            for number in rule.numbers}  # fmt: skip
    form |= {rule.switch: "yes" for rule in fields_of(held, FAHRENHEIT) if rule.on}
    return overrides_in(Form(tuple((form | typed).items())), held, FAHRENHEIT)


def test_the_limits_editor_speaks_fahrenheit_and_keeps_celsius() -> None:
    assert limits_form() == ({"rules": [], "add_rules": []}, {})
    held = Limits(programme=COPD, overrides=Overrides())
    shown_ones = {
        number.name: number for rule in fields_of(held, FAHRENHEIT) for number in rule.numbers
    }
    fever = shown_ones["value-0-temperature-high"]
    assert (fever.text, fever.unit) == ("100.4", "°F")
    assert shown_ones["clear-0-temperature-high"].text == "99.7"
    wanted, faults = limits_form(**{"value-0-temperature-high": "100.5"})
    assert faults == {}
    (bound,) = wanted["rules"][0]["set"]["bounds"]
    assert (bound["value"], bound["clear"]) == (38.06, 37.6)


def test_a_number_in_the_other_unit_is_refused_at_its_field_in_this_one() -> None:
    told = "38 °F is no body temperature that is measured: 86 to 109.4 °F."
    _, faults = limits_form(**{"value-0-temperature-high": "38"})
    assert faults == {"value-0-temperature-high": told}


def test_enrolling_speaks_fahrenheit_and_keeps_celsius() -> None:
    form: dict[str, str] = {}
    for rule in shown(COPD, Overrides(), FAHRENHEIT):
        form |= {bound.name: bound.value for bound in rule.bounds}
        if rule.on:
            form[f"on.{rule.id}"] = "yes"
    assert changes(COPD, form, FAHRENHEIT) == {}
    assert form["limit.temperature-extreme.0"] == "102.4"
    (changed,) = changes(COPD, form | {"limit.temperature-high.0": "100.5"}, FAHRENHEIT)["rules"]
    assert changed["set"]["bounds"][0]["value"] == 38.06


def fever(**more: Any) -> Any:
    facts = {"metric": "temperature", "value": 38.06, "op": ">=", "limit": 38.0,
             "at": NOW.isoformat()}  # fmt: skip
    bound = {"metric": "temperature", "op": ">=", "value": 38.0, "clear": 37.6}
    return alert(
        metric="temperature", kind="temperature", value=38.06, worst=38.06, bound=bound,
        reason={"code": "limit", "facts": facts | more},
    )  # fmt: skip


def test_an_alert_is_told_in_the_patients_unit() -> None:
    told = in_units(fever(), FAHRENHEIT)
    assert words.number(told) == "100.5 °F"
    assert words.bound(fever(), told) == "limit at or above 100.4"
    assert in_units(fever(), CELSIUS) == fever()


def test_what_a_rise_was_is_told_as_a_rise() -> None:
    facts = {"metric": "temperature", "value": 1.5, "op": ">=", "limit": 1.0, "reading": 38.0,
             "baseline": 36.5, "days": 2, "compared_with": "median",
             "at": NOW.isoformat()}  # fmt: skip
    for code in ("change", "continued"):
        told = in_units(
            alert(metric="temperature", kind="temperature", value=1.5, worst=1.5, bound=None,
                  reason={"code": code, "facts": facts}),
            FAHRENHEIT,
        )  # fmt: skip
        given = told.reason["facts"]
        assert told.value == pytest.approx(2.7)
        assert (given["value"], given["limit"]) == (pytest.approx(2.7), 1.8)
        assert (given["reading"], given["baseline"]) == (
            pytest.approx(100.4), pytest.approx(97.7),
        )  # fmt: skip


def test_what_was_kept_in_the_wrong_unit_is_told_as_it_was_kept() -> None:
    doubted = fever(value=98.6, doubt="fahrenheit")
    assert in_units(doubted, FAHRENHEIT) is doubted


def test_a_chart_and_its_limits_lie_on_one_axis() -> None:
    plot = Plot(metric="temperature", height=170, narrowest=2)
    values = np.array([36.8, 37.2, 37.0])
    level = Level(severity=Severity.MEDIUM, op=Op.AT_OR_ABOVE, value=38.0, of="")
    axis = scale_of(plot, values, [level], FAHRENHEIT)
    assert axis.low <= 98.24
    assert 100.4 <= axis.high < 104
    assert level.words("temperature", FAHRENHEIT) == "medium from 100.4"
    same = scale_of(plot, values, [level], CELSIUS)
    assert same.low <= 36.8
    assert 38.0 <= same.high < 40


def test_a_limit_is_reached_by_the_reading_that_shows_its_number() -> None:
    """A boundary triple in °F: below, at, above; judged in °C."""
    rule = Limit(
        id="fever", kind=Kind.TEMPERATURE, severity=Severity.MEDIUM,
        bounds=(Bound(metric="temperature", op=Op.AT_OR_ABOVE,
                      value=FAHRENHEIT.canonical("temperature", 100.5)),),
    )  # fmt: skip
    (bound,) = rule.bounds
    met = [
        conversion.celsius_from_fahrenheit(each) >= bound.value for each in (100.4, 100.5, 100.6)
    ]
    assert met == [False, True, True]
