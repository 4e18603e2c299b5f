"""What a patient's plan changes in its programme: checked as a file is, and put in. Pure."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from care.errors import FaultsError
from care.faults import Fault, listed, meant
from care.programme import Ladder, Measure, Overrides, Programme, Resolved
from care.programme_checks import check_ladders, check_measures, check_reach, check_rules
from care.programme_files import FAULTS_MOST, placed_rules, some, sound, under
from care.rule_order import Placed
from care.rules import Rule
from care.structure import faults_of

FIXED: Final = ("id", "type", "kind")
"""What makes a rule this rule: another one is added beside it instead."""


def read_overrides(data: Mapping[str, Any]) -> Overrides:
    """From plain data, checked by their types only. Raises FaultsError."""
    if faults := some(faults_of(data, Overrides)):
        raise FaultsError(faults)
    return msgspec.convert(data, Overrides)


def resolve(programme: Programme, overrides: Overrides) -> Resolved:
    """What holds for the patient. Raises FaultsError with paths into the overrides."""
    data: dict[str, Any] = msgspec.to_builtins(overrides)
    faults: list[Fault] = []
    placed = [*_changed(programme, overrides, faults),
              *placed_rules(data["add_rules"], ("add_rules",), faults)]  # fmt: skip
    faults += some(check_rules(placed))
    if (measures := sound(data["measures"], Measure, ("measures",), ())) is not None:
        faults += some(check_measures(measures))
    if (ladders := sound(data["ladders"], Ladder, ("ladders",), ())) is not None:
        faults += some(check_ladders(ladders))
        faults += check_reach(ladders, programme.hours)
    if faults:
        raise FaultsError(faults[:FAULTS_MOST])
    return Resolved(
        measures=programme.measures if measures is None else tuple(measures),
        rules=tuple(rule for _, rule in placed if rule.enabled),
        ladders=programme.ladders if ladders is None else tuple(ladders),
        hours=programme.hours,
        silence=overrides.silence or programme.silence,
    )


def _changed(programme: Programme, overrides: Overrides, faults: list[Fault]) -> list[Placed]:
    """The programme's rules with the overrides' fields in them; what cannot be goes to `faults`."""
    rules = {rule.id: rule for rule in programme.rules}
    placed: dict[str, Placed] = {rule.id: ((), rule) for rule in programme.rules}
    for index, override in enumerate(overrides.rules):
        path = ("rules", index, "set")
        if override.rule not in rules:
            message = f"{programme.id} has no rule {override.rule!r}: {listed(rules)}"
            message += meant(override.rule, rules)
            faults.append(Fault(path=("rules", index, "rule"), message=message))
            continue
        if placed[override.rule][0]:
            message = f"{override.rule!r} is changed twice: put all its fields into one"
            faults.append(Fault(path=("rules", index, "rule"), message=message))
            continue
        if not override.set:
            faults.append(Fault(path=path, message="changes nothing"))
        faults += [
            Fault(path=(*path, name), message="cannot be changed: add another rule instead")
            for name in FIXED
            if name in override.set
        ]
        merged = {**msgspec.to_builtins(rules[override.rule]), **override.set}
        found = some(faults_of(merged, Rule, path))
        faults += found
        if not under(path, [*found, *faults]):
            placed[override.rule] = (path, msgspec.convert(merged, Rule))
    return list(placed.values())
