"""What a rule looks for, in one short line for lists, and for docs/programmes.md. English."""

from collections.abc import Iterable

from care.programme import Measure
from care.rules import (
    Band,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    Shift,
    Together,
    Trend,
    WindowMean,
)


def looked_for(rule: Rule) -> str:  # noqa: C901, PLR0911 - one sentence for each type
    """`systolic >= 180 (ends at <= 170), confirmed by a repeat within 30 min`."""
    match rule:
        case Limit():
            return _any(rule.bounds)
        case ConfirmedLimit():
            return f"{_any(rule.bounds)}, confirmed by a repeat within {rule.within_min} min"
        case SessionMean():
            return (
                f"mean of {rule.min_count} or more within {rule.gap_min} min: {_any(rule.bounds)}"
            )
        case WindowMean():
            needs = f"{_days(rule.min_days)} and {rule.min_count} readings"
            return f"mean of {_days(rule.days)}, from {needs} on: {_any(rule.bounds)}"
        case Change():
            unit = " %" if rule.percent else ""
            base = f"from the {rule.baseline} of {_days(rule.days)}"
            return f"change {base}: {_any(rule.bounds, unit)}"
        case Trend():
            return f"slope over {_days(rule.days)}, per week: {_any(rule.bounds)}"
        case NOfM():
            what = rule.flag or _any(rule.bounds)
            return f"{rule.n} of the last {rule.m} readings: {what}"
        case Band():
            return f"{rule.metric} outside {rule.k:g} MAD of {_days(rule.days)} ({rule.side})"
        case Shift():
            return f"{rule.metric} leaves its {rule.method} chart ({rule.side})"
        case GlucoseStatistic():
            return f"{rule.statistic} of {_days(rule.days)} {rule.op} {rule.value:g}"
        case OximetryScale():
            oxygen = ", on oxygen" if rule.on_oxygen else ""
            return f"scale {rule.scale}{oxygen}: {rule.side} score of {rule.score} or more"
        case Together():
            return f"{rule.at_least} of {', '.join(rule.of)} within {rule.within_hours} h"


def asked_for(measure: Measure) -> str:
    """`2 readings 04:00-12:00 and 2 readings 17:00-24:00, each day`."""
    slots = " and ".join(
        f"{slot.readings} {'reading' if slot.readings == 1 else 'readings'} {slot.start}-{slot.end}"
        for slot in measure.slots
    )
    days = "each day" if len(measure.days) == 7 else ", ".join(measure.days)  # noqa: PLR2004
    return f"{slots}, {days}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _any(bounds: Iterable[Bound], unit: str = "") -> str:
    return " or ".join(_one(bound, unit) for bound in bounds)


def _one(bound: Bound, unit: str) -> str:
    clear = ""
    if bound.clear is not None:
        clear = f" (ends at {'<=' if bound.op.upward else '>='} {bound.clear:g})"
    return f"{bound.metric} {bound.op} {bound.value:g}{unit}{clear}"
