"""What a rule looks for, in the patient's units, as a nurse would say it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from care.rule_words import looked_for
from care.rules import (
    Baseline,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    Op,
    Rule,
    SessionMean,
    Shift,
    Statistic,
    Together,
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
SHIFTS: Final = {"both": "leaves", "above": "stays above", "below": "stays below"}
REACHED: Final = frozenset({Op.AT_OR_ABOVE, Op.AT_OR_BELOW})
"""Sides on which the limit itself counts."""
BASELINES: Final = {Baseline.OLDEST: "the first reading", Baseline.MEAN: "the mean"} | {
    each: f"the {each}" for each in (Baseline.LOWEST, Baseline.HIGHEST, Baseline.MEDIAN)
}


def rule_words(  # noqa: C901, PLR0911 - one sentence for each type
    rule: Rule, units: Units, labels: Mapping[str, str] | None = None
) -> str:
    """Systolic at or above 180 mmHg, confirmed by a repeat within 30 min.

    `labels`: what the plan's rules are called, for a rule that is about others.
    """
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
            days = "day" if rule.days == 1 else f"{rule.days} days"
            base = f"{BASELINES.get(rule.baseline, rule.baseline)} of the {days} before"
            return f"{_any(rule, rule.bounds, units)}, against {base}."
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
        case Shift():
            return f"{metric_label(rule.metric)} {SHIFTS[rule.side]} this patient's usual level."
        case Together():
            many = f"At least {rule.at_least} of these within {rule.within_hours} hours"
            return f"{many}: {'; '.join((labels or {}).get(each, each) for each in rule.of)}."
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
    if isinstance(rule, Change):
        said = " or ".join(_moved(rule, bound, units) for bound in bounds)
        return said[:1].upper() + said[1:]
    return " or ".join(
        f"{metric_label(bound.metric).lower()} {_edge(rule, bound, units)}" for bound in bounds
    )


def _moved(rule: Change, bound: Bound, units: Units) -> str:
    """Weight up by 3.0 lb or more; a loss is negative in the rule, and is none in words."""
    way = "up" if bound.op.upward else "down"
    size = msgspec.structs.replace(bound, value=abs(bound.value))
    amount = _edge(rule, size, units).removeprefix(f"{SIDES[bound.op]} ")
    by = f"by {amount} or more" if bound.op in REACHED else f"by more than {amount}"
    return f"{metric_label(bound.metric).lower()} {way} {by}"


def _edge(rule: Rule, bound: Bound, units: Units) -> str:
    unit = unit_of(rule, bound.metric, units)
    percent = unit == "%" and not (bound.metric in METRICS and units.unit(bound.metric) == "%")
    if percent or bound.metric not in METRICS or not unit:
        number = f"{bound.value:g}"
    else:
        moves = isinstance(rule, Change | Trend)
        number = units.number(bound.metric, bound.value, difference=moves)
    return f"{SIDES[bound.op]} {number} {unit}".rstrip()
