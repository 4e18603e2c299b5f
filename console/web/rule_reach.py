"""A limit that no reading could ever cross, told in the numbers and units that were typed. Pure."""

from care.rule_checks import reach_of
from care.rules import Change, Rule
from console.web.formats import Units
from console.web.rule_words import metric_label, unit_of
from vitals.metrics import METRICS


def unreachable(rule: Rule, metric: str, value: float, typed: str, units: Units) -> str | None:
    """`value`: what was typed, canonical. None: a reading can cross it."""
    reach = reach_of(rule, metric)
    if reach is None or reach[0] <= value <= reach[1]:
        return None
    moves = isinstance(rule, Change)
    unit, name = unit_of(rule, metric, units), metric_label(metric).lower()
    low, high = (_number(metric, edge, units, moves=moves) for edge in reach)
    what = f"change of {name}" if moves else name
    return f"{typed} {unit} is no {what} that is measured: {low} to {high} {unit}."


def _number(metric: str, value: float, units: Units, *, moves: bool) -> str:
    if metric not in METRICS:
        return f"{value:g}"
    convert = units.convert_difference if moves else units.convert
    return f"{round(convert(metric, value), 1):g}"
