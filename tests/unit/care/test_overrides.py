"""What a patient's plan may change in its programme, and what it may not."""

from typing import Any

import msgspec
import pytest

from care.errors import FaultsError
from care.overrides import read_overrides, resolve
from care.programme import Overrides, Programme
from care.programmes import shipped
from care.rules import Limit

PROGRAMMES = {each.id: each for each in shipped()}
HYPERTENSION, FAILURE = PROGRAMMES["hypertension-us"], PROGRAMMES["heart-failure"]
BOUNDS = [{"metric": "systolic", "op": ">=", "value": 170}]
PULSE = {"id": "pulse-mine", "type": "limit", "kind": "blood_pressure", "severity": "low",
         "bounds": [{"metric": "pulse", "op": ">=", "value": 100}]}  # fmt: skip


def change(rule: str, **fields: Any) -> dict[str, Any]:
    return {"rules": [{"rule": rule, "set": fields}]}


def faults(data: dict[str, Any], programme: Programme = HYPERTENSION) -> dict[str, str]:
    with pytest.raises(FaultsError) as caught:
        resolve(programme, read_overrides(data))
    return {fault.pointer: fault.message for fault in caught.value.faults}


@pytest.mark.parametrize("programme", shipped(), ids=lambda each: str(each.id))
def test_without_overrides_the_programme_holds(programme: Programme) -> None:
    found = resolve(programme, Overrides())
    assert found.rules == tuple(rule for rule in programme.rules if rule.enabled)
    assert (found.measures, found.ladders, found.hours, found.silence) == (
        programme.measures, programme.ladders, programme.hours, programme.silence,
    )  # fmt: skip


def test_a_rule_changes_in_the_fields_that_are_named() -> None:
    found = resolve(HYPERTENSION, read_overrides(change("bp-very-high", bounds=BOUNDS)))
    before, after = HYPERTENSION.rules[0], found.rules[0]
    assert after.bounds[0].value == 170  # type: ignore[union-attr]
    assert msgspec.structs.replace(after, bounds=before.bounds) == before  # type: ignore[union-attr]
    assert found.rules[1:] == HYPERTENSION.rules[1:]


def test_a_rule_is_switched_off_and_another_on() -> None:
    off = resolve(HYPERTENSION, read_overrides(change("irregular-pulse", enabled=False)))
    assert "irregular-pulse" not in {rule.id for rule in off.rules}
    on = resolve(PROGRAMMES["copd"], read_overrides(change("spo2-too-much-oxygen", enabled=True)))
    assert "spo2-too-much-oxygen" in {rule.id for rule in on.rules}


def test_rules_are_added() -> None:
    found = resolve(HYPERTENSION, read_overrides({"add_rules": [PULSE]}))
    assert isinstance(found.rules[-1], Limit)


@pytest.mark.parametrize(
    ("data", "pointer", "words"),
    [
        (change("bp-very-hihg", enabled=False), "/rules/0/rule", "did you mean 'bp-very-high'?"),
        (change("bp-very-high", enabeld=False), "/rules/0/set/enabeld", "did you mean 'enabled'?"),
        (change("bp-very-high"), "/rules/0/set", "changes nothing"),
        (change("bp-very-high", id="x"), "/rules/0/set/id", "add another rule instead"),
        (change("bp-very-high", kind="weight"), "/rules/0/set/kind", "add another rule instead"),
        (change("bp-very-high", type="limit"), "/rules/0/set/type", "add another rule instead"),
        (change("bp-very-high", within_min=0), "/rules/0/set/within_min", "a whole number >= 1"),
        (change("bp-very-high", bounds=[{**BOUNDS[0], "metric": "glucose"}]),
         "/rules/0/set/bounds/0/metric", "no metric of blood_pressure"),
        (change("bp-low-on-treatment", bounds=[{"metric": "systolic", "op": "<=", "value": 89}]),
         "/rules/0/set/bounds/0", "inverted"),
        (change("bp-low", bounds=[{"metric": "systolic", "op": "<", "value": 101}]),
         "/rules/0/set/bounds/0", "inverted"),
        ({"rules": [*change("bp-low", latch=False)["rules"] * 2]}, "/rules/1/rule", "twice"),
        ({"add_rules": [{**PULSE, "id": "bp-low"}]}, "/add_rules/0/id", "names another rule"),
        ({"add_rules": [{**PULSE, "severity": "worst"}]}, "/add_rules/0/severity", "none of low"),
        ({"add_rules": [{**PULSE, "id": "p", "severity": "critical"}]},
         "/add_rules/0/bounds/0", "inverted"),
        ({"ladders": []}, "/ladders", "none for low, medium, high, critical"),
        ({"measures": [{"kind": "weight", "slots": [{"name": "a", "start": "08:00",
                                                     "end": "07:00"}]}]},
         "/measures/0/slots/0/end", "not after"),
        ({"silence": {"late_after_hours": 0}}, "/silence/late_after_hours", ">= 1"),
        ({"rule": []}, "/rule", "did you mean 'rules'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_where_it_stands(
    data: dict[str, Any], pointer: str, words: str
) -> None:
    found = faults(data)
    assert words in found.get(pointer, ""), found


def test_what_another_rule_needs_is_not_switched_off_alone() -> None:
    found = faults(change("pulse-shift", enabled=False), FAILURE)
    assert "needs it" in found["/rules/0/set"]
    both = [{"rule": name, "set": {"enabled": False}}
            for name in ("pulse-shift", "weight-3-days-and-pulse",
                         "weight-median-and-pulse")]  # fmt: skip
    resolve(FAILURE, read_overrides({"rules": both}))


def test_all_faults_are_told_at_once() -> None:
    bound = {"metric": "puls", "op": ">", "value": 1}
    data = {"rules": [{"rule": "nothing", "set": {"latch": True}},
                      {"rule": "bp-low", "set": {"severity": "worst"}}],
            "add_rules": [{**PULSE, "bounds": [bound]}]}  # fmt: skip
    assert set(faults(data)) == {
        "/rules/0/rule", "/rules/1/set/severity", "/add_rules/0/bounds/0/metric",
    }  # fmt: skip
