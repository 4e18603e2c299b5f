"""What a rule looks for, in the patient's units, as a nurse would say it. Pure.

Every page that lists rules takes its sentences from here: so do commands about one patient.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from alerts.rules.oximetry_scale import scale_bounds
from care.programme import Measure
from care.rule_words import asked_for
from care.rules import (
    Band,
    Baseline,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    Op,
    OximetryScale,
    Rule,
    SessionMean,
    Shift,
    Statistic,
    Together,
    Trend,
    WindowMean,
)
from console.web.formats import Units, capitalised, counted
from vitals.metrics import METRICS

SIDES: Final = {
    Op.AT_OR_ABOVE: "at or above",
    Op.ABOVE: "above",
    Op.AT_OR_BELOW: "at or below",
    Op.BELOW: "below",
}
SHIFTS: Final = {"both": "leaves", "above": "stays above", "below": "stays below"}
DAYS_OF_A_WEEK: Final = 7
REACHED: Final = frozenset({Op.AT_OR_ABOVE, Op.AT_OR_BELOW})
"""Sides on which the limit itself counts."""
BEYOND: Final = {"both": "outside", "above": "above", "below": "below"}
INDICES: Final = {
    Statistic.MEAN: "mean",
    Statistic.GMI: "glucose management indicator (GMI)",
    Statistic.CV: "coefficient of variation (CV)",
    Statistic.LBGI: "low blood glucose index (LBGI)",
    Statistic.HBGI: "high blood glucose index (HBGI)",
}
SHARES: Final = {
    Statistic.BELOW_54: (SIDES[Op.BELOW], 54.0),
    Statistic.BELOW_70: (SIDES[Op.BELOW], 70.0),
    Statistic.ABOVE_180: (SIDES[Op.ABOVE], 180.0),
    Statistic.ABOVE_250: (SIDES[Op.ABOVE], 250.0),
}
"""Of readings, in mg/dL."""
BASELINES: Final = {Baseline.OLDEST: "the first reading", Baseline.MEAN: "the mean"} | {
    each: f"the {each}" for each in (Baseline.LOWEST, Baseline.HIGHEST, Baseline.MEDIAN)
}


def rule_words(  # noqa: C901, PLR0911, PLR0912 - one sentence for each type
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
            what = f"The mean of {counted(rule.min_count, 'reading')} or more at one sitting"
            return f"{what}: {_any(rule, rule.bounds, units)}."
        case WindowMean():
            days, count = counted(rule.min_days, "day"), counted(rule.min_count, "reading")
            what = f"The mean of {counted(rule.days, 'day')}, from {days} and {count} on"
            return f"{what}: {_any(rule, rule.bounds, units)}."
        case Change():
            days = "day" if rule.days == 1 else f"{rule.days} days"
            base = f"{BASELINES.get(rule.baseline, rule.baseline)} of the {days} before"
            return f"{_any(rule, rule.bounds, units)}, against {base}."
        case Trend():
            return f"Over {counted(rule.days, 'day')}, each week: {_any(rule, rule.bounds, units)}."
        case NOfM() if rule.flag is None:
            often = f"{rule.n} of the last {rule.m} readings"
            return f"{often} with {_any(rule, rule.bounds, units)}."
        case NOfM():
            said = str(rule.flag).replace("_", " ")
            return f"{rule.n} of the last {rule.m} readings marked {said} by the device."
        case GlucoseStatistic():
            edge = Bound(metric="glucose", op=rule.op, value=rule.value)
            what = statistic_words(rule.statistic, units)
            return f"Of {counted(rule.days, 'day')}: {what} {_edge(rule, edge, units)}."
        case Band():
            usual = f"this patient's usual range of the {counted(rule.days, 'day')} before"
            return f"{metric_label(rule.metric)} {BEYOND[rule.side]} {usual}."
        case OximetryScale():
            oxygen = ", on oxygen" if rule.on_oxygen else ""
            scale = f"score {rule.score} or more on scale {rule.scale}{oxygen}"
            return f"A reading with {_any(rule, scale_bounds(rule), units)} ({scale})."
        case Shift():
            return f"{metric_label(rule.metric)} {SHIFTS[rule.side]} this patient's usual level."
        case Together():
            many = f"At least {rule.at_least} of these within {counted(rule.within_hours, 'hour')}"
            return f"{many}: {'; '.join((labels or {}).get(each, each) for each in rule.of)}."


def labels_of(rules: Iterable[Rule]) -> dict[str, str]:
    """What rules are called, by their ids."""
    return {rule.id: label_of(rule) for rule in rules}


def label_of(rule: Rule) -> str:
    """Its own words; made from its id where a file gives none."""
    return rule.label or capitalised(rule.id.replace("-", " "))


def measure_words(measure: Measure) -> str:
    """2 readings 04:00 to 12:00 and 2 readings 17:00 to midnight, each day."""
    days = {day: day.capitalize() for day in measure.days}
    said = asked_for(measure).replace("-", " to ").replace("24:00", "midnight")
    if len(measure.days) < DAYS_OF_A_WEEK:
        for day, named in days.items():
            said = said.replace(f" {day}", f" {named}")
    return said


def statistic_words(statistic: Statistic, units: Units) -> str:
    """Readings below 54 mg/dL; low blood glucose index (LBGI)."""
    if statistic in SHARES:
        side, value = SHARES[statistic]
        return f"readings {side} {units.text('glucose', value)}"
    if statistic is Statistic.IN_RANGE:
        low, high = units.number("glucose", 70.0), units.text("glucose", 180.0)
        return f"readings from {low} to {high}"
    return INDICES[statistic]


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
