"""The patient's limits as fields of a form, in the patient's units, and back. Pure.

A field that is left as it was keeps its exact value: what is shown is rounded, what holds is not.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from care.programme import Overrides, Programme
from care.rules import Bound, Change, GlucoseStatistic, Rule, Severity, Statistic, Trend
from console.web.formats import Units, capitalised
from console.web.forms import Form
from console.web.rule_reach import unreachable
from console.web.rule_words import (
    label_of,
    labels_of,
    metric_label,
    rule_words,
    statistic_words,
    unit_of,
)
from vitals.metrics import METRICS

NUMBER: Final = re.compile(r"[-\u2212]?[0-9]{1,7}([.,][0-9]{1,4})?")
SIDES: Final = {">=": "at or above", ">": "above", "<=": "at or below", "<": "below"}
EDITED: Final = ("enabled", "bounds", "value", "clear")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberField:
    """One number of a rule: a limit, or from where on the values are good again."""

    name: str
    label: str
    unit: str
    text: str
    usual: str
    """What the programme says, where that is something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFields:
    id: str
    kind: str
    severity: Severity
    label: str
    words: str
    on: bool
    numbers: tuple[NumberField, ...]
    changed: bool
    """Otherwise than in the programme."""
    added: bool
    """In no programme: this patient's alone."""

    @property
    def switch(self) -> str:
        return f"on-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for a patient: the programme's rules with the patient's own numbers."""

    programme: Programme
    overrides: Overrides

    @property
    def usual(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.programme.rules}

    @property
    def rules(self) -> list[Rule]:
        """Switched-off ones too, as they are for the patient; the patient's own last."""
        sets = {each.rule: each.set for each in self.overrides.rules}
        merged = [
            msgspec.convert({**_plain(rule), **sets.get(rule.id, {})}, Rule)
            for rule in self.programme.rules
        ]
        return [*merged, *self.overrides.add_rules]


def fields_of(limits: Limits, units: Units) -> tuple[RuleFields, ...]:
    usual = limits.usual
    labels = labels_of(limits.rules)
    return tuple(_fields(rule, usual.get(rule.id), units, labels) for rule in limits.rules)


def overrides_in(form: Form, limits: Limits, units: Units) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form asks for, as overrides, and faults by field."""
    faults: dict[str, str] = {}
    usual = limits.usual
    changes: list[dict[str, Any]] = []
    added: list[dict[str, Any]] = []
    for rule in limits.rules:
        wanted = _wanted(rule, form, units, faults)
        if rule.id not in usual:
            added.append(wanted)
            continue
        was = _plain(usual[rule.id])
        differs = {name: value for name, value in wanted.items() if value != was.get(name)}
        if differs:
            changes.append({"rule": rule.id, "set": differs})
    kept = msgspec.json.decode(msgspec.json.encode(limits.overrides))
    more = {
        name: kept[name]
        for name in ("measures", "ladders", "silence")
        if kept.get(name) is not None
    }
    return {"rules": changes, "add_rules": added, **more}, faults


def field_at(path: Sequence[str | int], overrides: Mapping[str, Any]) -> str | None:
    """The field of the form that a fault within overrides is about."""
    match [part for part in path if part != "overrides"]:
        case ["rules", int(index), "set", *rest]:
            rule = overrides["rules"][index]["rule"]
        case ["add_rules", int(index), *rest]:
            rule = overrides["add_rules"][index]["id"]
        case _:
            return None
    match rest:
        case ["bounds", int(place), *last]:
            return _name(rule, place, "clear" if last == ["clear"] else "value")
        case ["value" | "clear" as what]:
            return _name(rule, 0, str(what))
        case _:
            return f"on-{rule}"


def number_in(text: str) -> float | None:
    """As people type it, with a point or a comma; None for what is none."""
    if NUMBER.fullmatch(text) is None:
        return None
    return float(text.replace(",", ".").replace("\u2212", "-"))


def _fields(rule: Rule, usual: Rule | None, units: Units, labels: Mapping[str, str]) -> RuleFields:
    return RuleFields(
        id=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        label=label_of(rule),
        words=rule_words(rule, units, labels),
        on=rule.enabled,
        numbers=tuple(_numbers(rule, usual, units)),
        changed=usual is not None and _plain(usual) != _plain(rule),
        added=usual is None,
    )


def _numbers(rule: Rule, usual: Rule | None, units: Units) -> list[NumberField]:
    theirs = dict(enumerate(_bounds(usual))) if usual else {}
    found: list[NumberField] = []
    for place, bound in enumerate(_bounds(rule)):
        before = theirs.get(place)
        label = _subject(rule, bound, units) + (
            "" if isinstance(rule, Change) else f" {SIDES[bound.op]}"
        )
        found.append(
            _number(rule, bound, place, "value", label, bound.value,
                    before.value if before else None, units)
        )  # fmt: skip
        found.append(
            _number(rule, bound, place, "clear", _ends(bound), bound.clear,
                    before.clear if before else None, units)
        )  # fmt: skip
    return found


def _ends(bound: Bound) -> str:
    """Of the number that ends an alert: nobody is to read it as one that begins one."""
    return f"Good again at or {'below' if bound.op.upward else 'above'}"


def _number(
    rule: Rule,
    bound: Bound,
    place: int,
    what: str,
    label: str,
    value: float | None,
    usual: float | None,
    units: Units,
) -> NumberField:
    shown = _text(rule, bound, value, units)
    before = _text(rule, bound, usual, units)
    return NumberField(
        name=_name(rule.id, place, what),
        label=label,
        unit=unit_of(rule, bound.metric, units),
        text=shown,
        usual=before if before and before != shown else "",
    )


def _wanted(rule: Rule, form: Form, units: Units, faults: dict[str, str]) -> dict[str, Any]:
    """The rule as typed; a number that cannot be read is a fault and stays as it was."""
    plain = _plain(rule)
    plain["enabled"] = form.ticked(f"on-{rule.id}")
    bounds = _bounds(rule)
    made = [
        {
            "metric": bound.metric,
            "op": str(bound.op),
            "value": _typed(rule, bound, place, "value", form, units, faults),
            "clear": _typed(rule, bound, place, "clear", form, units, faults),
        }
        for place, bound in enumerate(bounds)
    ]
    if isinstance(rule, GlucoseStatistic):
        plain |= {"value": made[0]["value"], "clear": made[0]["clear"]}
    elif made:
        plain["bounds"] = made
    return plain


def _typed(
    rule: Rule,
    bound: Bound,
    place: int,
    what: str,
    form: Form,
    units: Units,
    faults: dict[str, str],
) -> float | None:
    name = _name(rule.id, place, what)
    now = bound.value if what == "value" else bound.clear
    text = form.text(name)
    if name not in form or text == _text(rule, bound, now, units):
        return now
    if not text and what == "clear":
        return None
    number = number_in(text)
    if number is None:
        faults[name] = "Type a number."
        return now
    value = _canonical(rule, bound, number, units)
    if (fault := unreachable(rule, bound.metric, value, text, units)) is not None:
        faults[name] = fault
        return now
    return value


def _bounds(rule: Rule) -> tuple[Bound, ...]:
    """Every rule's numbers as bounds; of those without any, none."""
    if isinstance(rule, GlucoseStatistic):
        return (Bound(metric="glucose", op=rule.op, value=rule.value, clear=rule.clear),)
    return getattr(rule, "bounds", ())


def _text(rule: Rule, bound: Bound, value: float | None, units: Units) -> str:
    if value is None:
        return ""
    shown = value
    decimals = 1
    if _converts(rule, bound.metric):
        convert = units.convert_difference if _moves(rule) else units.convert
        shown = convert(bound.metric, value)
        decimals = max(units.decimals(bound.metric), 1)
    text = f"{shown:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _canonical(rule: Rule, bound: Bound, number: float, units: Units) -> float:
    if not _converts(rule, bound.metric):
        return number
    back = units.canonical_difference if _moves(rule) else units.canonical
    return round(back(bound.metric, number), 4)


def _converts(rule: Rule, metric: str) -> bool:
    """Percents are percents in any unit."""
    if metric not in METRICS or (isinstance(rule, Change) and rule.percent):
        return False
    return not isinstance(rule, GlucoseStatistic) or rule.statistic is Statistic.MEAN


def _moves(rule: Rule) -> bool:
    """Whether its numbers are how far a value moves."""
    return isinstance(rule, Change | Trend)


def _subject(rule: Rule, bound: Bound, units: Units) -> str:
    if isinstance(rule, GlucoseStatistic):
        return capitalised(statistic_words(rule.statistic, units))
    what = metric_label(bound.metric)
    if isinstance(rule, Change):
        return f"{what} changed by"
    return f"{what} a week" if isinstance(rule, Trend) else what


def _name(rule: str, place: int, what: str) -> str:
    return f"{what}-{place}-{rule}"


def _plain(rule: Rule) -> dict[str, Any]:
    """As JSON has it: lists are lists."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(rule))
    return found
