"""What a rule looks for, in the patient's units, as a nurse would say it. Pure."""

from collections.abc import Iterable
from typing import Final

from care.rule_words import looked_for
from care.rules import (
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    Op,
    Rule,
    SessionMean,
    Statistic,
    Trend,
    WindowMean,
)
from console.web.formats import Units
from vitals.metrics import METRICS

SIDES: Final = {
    Op.AT_OR_ABOVE: "at or above",
    Op.ABOVE: "above",
    Op.AT_OR_BELOW: "at or below",
    Op.BELOW: "below",
}


def rule_words(rule: Rule, units: Units) -> str:  # noqa: PLR0911 - one sentence for each type
    """Systolic at or above 180 mmHg, confirmed by a repeat within 30 min."""
    match rule:
        case Limit():
            return f"A reading with {_any(rule, rule.bounds, units)}."
        case ConfirmedLimit():
            within = f"confirmed by a repeat within {rule.within_min} min"
            return f"A reading with {_any(rule, rule.bounds, units)}, {within}."
        case SessionMean():
            what = f"The mean of {rule.min_count} readings or more at one sitting"
            return f"{what}: {_any(rule, rule.bounds, units)}."
        case WindowMean():
            needs = f"from {rule.min_days} days and {rule.min_count} readings on"
            return f"The mean of {rule.days} days, {needs}: {_any(rule, rule.bounds, units)}."
        case Change():
            base = f"the {rule.baseline} of the {rule.days} days before"
            return f"Against {base}: {_any(rule, rule.bounds, units)}."
        case Trend():
            return f"Over {rule.days} days, each week: {_any(rule, rule.bounds, units)}."
        case NOfM() if rule.flag is None:
            often = f"{rule.n} of the last {rule.m} readings"
            return f"{often} with {_any(rule, rule.bounds, units)}."
        case NOfM():
            said = str(rule.flag).replace("_", " ")
            return f"{rule.n} of the last {rule.m} readings marked {said} by the device."
        case GlucoseStatistic():
            what = rule.statistic.replace("_percent", ", percent of readings").replace("_", " ")
            edge = Bound(metric="glucose", op=rule.op, value=rule.value)
            return f"Of {rule.days} days: {what} {_edge(rule, edge, units)}."
        case _:
            words = looked_for(rule)
            return f"{words[0].upper()}{words[1:]}."


def metric_label(metric: str) -> str:
    if metric in METRICS:
        return METRICS[metric].label
    return metric.replace("_", " ").capitalize()


def unit_of(rule: Rule, metric: str, units: Units) -> str:
    if isinstance(rule, Change) and rule.percent:
        return "%"
    if isinstance(rule, GlucoseStatistic) and rule.statistic is not Statistic.MEAN:
        return "%" if rule.statistic.endswith("percent") or rule.statistic in {"gmi", "cv"} else ""
    if metric not in METRICS:
        return "mmHg" if metric == "pulse_pressure" else ""
    return units.unit(metric)


def _any(rule: Rule, bounds: Iterable[Bound], units: Units) -> str:
    return " or ".join(
        f"{metric_label(bound.metric).lower()} {_edge(rule, bound, units)}" for bound in bounds
    )


def _edge(rule: Rule, bound: Bound, units: Units) -> str:
    unit = unit_of(rule, bound.metric, units)
    percent = unit == "%" and not (bound.metric in METRICS and units.unit(bound.metric) == "%")
    if percent or bound.metric not in METRICS or not unit:
        number = f"{bound.value:g}"
    else:
        number = units.number(bound.metric, bound.value)
    return f"{SIDES[bound.op]} {number} {unit}".rstrip()
