"""A programme's limits as fields of a form: what is typed becomes overrides."""

import pytest

from care.errors import InvalidError
from care.overrides import read_overrides, resolve
from care.programme import Overrides, Programme
from care.programmes import shipped
from console.clinic.limits_form import changes, shown
from console.web.formats import Units

AMERICAN = Units(weight="lb", glucose="mg/dL", temperature="F")
METRIC = Units(weight="kg", glucose="mmol/L")


def programme(name: str) -> Programme:
    return next(each for each in shipped() if each.id == name)


def as_shown(known: Programme, units: Units) -> dict[str, str]:
    """What the form sends when nobody touches it."""
    form: dict[str, str] = {}
    for rule in shown(known, Overrides(), units):
        form |= {bound.name: bound.value for bound in rule.bounds}
        if rule.on:
            form[f"on.{rule.id}"] = "yes"
    return form


@pytest.mark.parametrize("known", shipped(), ids=lambda each: each.id)
@pytest.mark.parametrize("units", [AMERICAN, METRIC], ids=["lb", "kg"])
def test_a_form_that_nobody_touched_changes_nothing(known: Programme, units: Units) -> None:
    assert changes(known, as_shown(known, units), units) == {}


@pytest.mark.parametrize("known", shipped(), ids=lambda each: each.id)
@pytest.mark.parametrize("units", [AMERICAN, METRIC], ids=["lb", "kg"])
def test_every_number_may_be_moved_a_little_and_the_plan_still_stands(
    known: Programme, units: Units
) -> None:
    form = as_shown(known, units)
    for name in [each for each in form if each.startswith("limit.")]:
        moved = form | {name: str(float(form[name]) * 1.005)}
        wanted = read_overrides(changes(known, moved, units))
        assert len(wanted.rules) == 1
        resolve(known, wanted)


def test_pounds_are_kept_as_kilograms_and_shown_again_as_typed() -> None:
    known = programme("heart-failure")
    form = as_shown(known, AMERICAN)
    name = next(each for each in form if "weight" in each)
    wanted = read_overrides(changes(known, form | {name: "5"}, AMERICAN))
    (bound,) = wanted.rules[0].set["bounds"]
    assert bound["value"] == pytest.approx(2.268, abs=0.001)
    fields = {each.name: each for rule in shown(known, wanted, AMERICAN) for each in rule.bounds}
    assert fields[name].value == "5"
    assert fields[name].usual != "5"


def test_what_ends_an_item_keeps_its_distance_from_what_begins_it() -> None:
    known = programme("hypertension-us")
    form = as_shown(known, METRIC)
    rule = next(each for each in known.rules for bound in getattr(each, "bounds", ())
                if bound.clear is not None)  # fmt: skip
    name = f"limit.{rule.id}.0"
    wanted = read_overrides(changes(known, form | {name: str(float(form[name]) + 5)}, METRIC))
    before = as_shown(known, METRIC)[name]
    after = wanted.rules[0].set["bounds"][0]
    (was,) = [each for each in known.rules if each.id == rule.id]
    clear = was.bounds[0].clear  # type: ignore[union-attr]
    assert clear is not None
    assert after["value"] - after["clear"] == float(before) - clear


def test_a_rule_is_switched_off_by_its_tick() -> None:
    known = programme("hypertension-us")
    form = as_shown(known, METRIC)
    rule = next(each for each in known.rules if each.enabled)
    del form[f"on.{rule.id}"]
    assert changes(known, form, METRIC) == {"rules": [{"rule": rule.id, "set": {"enabled": False}}]}


@pytest.mark.parametrize("typed", ["x", "1e99", "nan", "inf", "--5", "1,000,0"])
def test_what_is_no_number_is_told_at_its_field(typed: str) -> None:
    known = programme("hypertension-us")
    form = as_shown(known, METRIC)
    name = next(each for each in form if each.startswith("limit."))
    with pytest.raises(InvalidError) as refused:
        changes(known, form | {name: typed}, METRIC)
    assert refused.value.field == name


def test_a_comma_is_a_decimal_point() -> None:
    known = programme("heart-failure")
    form = as_shown(known, METRIC)
    name = next(each for each in form if "weight" in each)
    wanted = changes(known, form | {name: "3,5"}, METRIC)
    assert wanted["rules"][0]["set"]["bounds"][0]["value"] == 3.5
