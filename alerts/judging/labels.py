"""Short words for a rule, in a queue row."""

from functools import lru_cache

from alerts.judging.edges import RULES_REMEMBERED, edges
from alerts.judging.numbers import name_of, plain
from care.rules import (
    Band,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    Shift,
    Together,
    Trend,
    WindowMean,
)


@lru_cache(maxsize=RULES_REMEMBERED)
def label(rule: Rule) -> str:
    """Short words for a queue row, where the plan has none of its own."""
    bounds = [edge.bound for edge in edges(rule) if edge.bound is not None]
    said = " or ".join(_bound_words(bound) for bound in bounds)
    return f"{said}{_suffix(rule)}" if said else _without_bounds(rule)


def _without_bounds(rule: Rule) -> str:
    match rule:
        case Together():
            return "Several together"
        case NOfM(flag=str(flag)):
            return flag.replace("_", " ").capitalize()
        case Band():
            return f"{name_of(rule.metric)} unusual"
        case Shift():
            return f"{name_of(rule.metric)} shifted"
    return rule.id


def _bound_words(bound: Bound) -> str:
    return f"{name_of(bound.metric)} {bound.op} {plain(bound.value)}"


def _suffix(rule: Rule) -> str:
    match rule:
        case SessionMean():
            words = ", session mean"
        case WindowMean() | GlucoseStatistic():
            words = f", {rule.days} days"
        case Change():
            words = f" change in {rule.days} days"
        case Trend():
            words = " per week"
        case NOfM():
            words = f", {rule.n} of {rule.m}"
        case ConfirmedLimit():
            words = ", confirmed"
        case OximetryScale():
            words = f" (scale {rule.scale})"
        case _:
            words = ""
    return words
