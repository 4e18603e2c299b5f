"""A programme's limits as fields: what somebody changes for one patient becomes overrides. Pure.

Numbers are shown in the patient's units and kept in canonical ones. A field that says what it said
when it was shown changes nothing, whatever rounding did to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from care.errors import InvalidError
from care.programme import Overrides, Programme
from care.rules import Bound, Change, ConfirmedLimit, Limit, NOfM, Rule, SessionMean, WindowMean
from console.clinic.words import kind_words
from console.web.formats import Units
from console.web.rule_reach import unreachable
from console.web.rule_words import label_of, labels_of, metric_label, rule_words
from vitals.metrics import METRICS

SIGNS: Final = {">=": "at or above", ">": "above", "<=": "at or below", "<": "below"}
PLACES: Final = 4
"""Of a canonical number that was typed in other units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundField:
    name: str
    label: str
    unit: str
    value: str
    """In the patient's units; what the person typed, where they did."""
    usual: str
    """The programme's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFields:
    id: str
    kind: str
    severity: str
    label: str
    words: str
    on: bool
    bounds: tuple[BoundField, ...]
    changed: bool


def shown(
    programme: Programme, overrides: Overrides, units: Units, typed: Mapping[str, str] | None = None
) -> list[RuleFields]:
    """Every rule, in the programme's order."""
    sets = {each.rule: each.set for each in overrides.rules}
    labels = labels_of(programme.rules)
    return [_rule(rule, sets.get(rule.id, {}), units, typed, labels) for rule in programme.rules]


def changes(programme: Programme, typed: Mapping[str, str], units: Units) -> dict[str, Any]:
    """As care.overrides takes them. Raises InvalidError for what is no number."""
    found = []
    for rule in programme.rules:
        fields: dict[str, Any] = {}
        on = f"on.{rule.id}" in typed
        if on != rule.enabled:
            fields["enabled"] = on
        bounds = [
            _bound(rule, index, bound, typed, units) for index, bound in enumerate(_bounds(rule))
        ]
        if tuple(bounds) != _bounds(rule):
            fields["bounds"] = [msgspec.to_builtins(each) for each in bounds]
        if fields:
            found.append({"rule": rule.id, "set": fields})
    return {"rules": found} if found else {}


def _rule(
    rule: Rule,
    changed: Mapping[str, Any],
    units: Units,
    typed: Mapping[str, str] | None,
    labels: Mapping[str, str],
) -> RuleFields:
    bounds = _bounds(rule)
    held = msgspec.convert(changed.get("bounds", bounds), tuple[Bound, ...])
    fields = tuple(
        BoundField(
            name=_name(rule, index),
            label=_label(rule, bound),
            unit=_unit(bound.metric, units),
            value=(typed or {}).get(_name(rule, index), _text(rule, held[index], units)),
            usual=_text(rule, bound, units),
        )
        for index, bound in enumerate(bounds)
    )
    on = bool(changed.get("enabled", rule.enabled))
    return RuleFields(
        id=rule.id,
        kind=kind_words(rule.kind),
        severity=rule.severity,
        label=label_of(rule),
        words=rule_words(rule, units, labels),
        on=on if typed is None else f"on.{rule.id}" in typed,
        bounds=fields,
        changed=bool(changed),
    )


def _label(rule: Rule, bound: Bound) -> str:
    """`Systolic at or above`; of a difference, `Change of weight above`."""
    name = metric_label(bound.metric).lower()
    what = f"change of {name}" if isinstance(rule, Change) else name
    return f"{what} {SIGNS[bound.op]}".capitalize()


def _bounds(rule: Rule) -> tuple[Bound, ...]:
    """Those whose numbers are plain measurements, or differences between them."""
    if isinstance(rule, Limit | ConfirmedLimit | SessionMean | WindowMean | NOfM):
        return rule.bounds
    if isinstance(rule, Change) and not rule.percent:
        return rule.bounds
    return ()


def _bound(rule: Rule, index: int, bound: Bound, typed: Mapping[str, str], units: Units) -> Bound:
    name = _name(rule, index)
    text = typed.get(name, "").replace(",", ".")
    if not text or text == _text(rule, bound, units):
        return bound
    try:
        number = float(text)
    except ValueError as error:
        raise InvalidError(name, "is no number") from error
    if not abs(number) <= 1_000_000:  # noqa: PLR2004 - as care.rules has it; NaN fails too
        raise InvalidError(name, "is no number that anything could reach")
    value = round(_canonical(rule, bound.metric, number, units), PLACES)
    if (fault := unreachable(rule, bound.metric, value, text, units)) is not None:
        raise InvalidError(name, fault)
    # The way back keeps its distance: else a limit could be over before it is crossed.
    clear = None if bound.clear is None else round(bound.clear + value - bound.value, PLACES)
    return msgspec.structs.replace(bound, value=value, clear=clear)


def _name(rule: Rule, index: int) -> str:
    return f"limit.{rule.id}.{index}"


def _text(rule: Rule, bound: Bound, units: Units) -> str:
    return f"{_number(rule, bound, bound.value, units):g}"


def _number(rule: Rule, bound: Bound, value: float, units: Units) -> float:
    if bound.metric not in METRICS:
        return value
    convert = units.convert_difference if isinstance(rule, Change) else units.convert
    # As the Limits tab shows it: 39.1 °C are 102.4 °F and not 102.38, 2 kg are 4.4 lb.
    return round(convert(bound.metric, value), max(units.decimals(bound.metric), 1))


def _canonical(rule: Rule, metric: str, number: float, units: Units) -> float:
    if metric not in METRICS:
        return number
    back = units.canonical_difference if isinstance(rule, Change) else units.canonical
    return back(metric, number)


def _unit(metric: str, units: Units) -> str:
    return units.unit(metric) if metric in METRICS else "mmHg"
