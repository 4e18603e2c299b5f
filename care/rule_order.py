"""Limits against each other: the graver one must be the harder one to cross. Pure."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

from msgspec import Struct

from care.faults import Fault, Path
from care.rules import (
    RANK,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    Trend,
    WindowMean,
)

Placed: TypeAlias = tuple[Path, Rule]
"""A rule and where somebody wrote it; an empty path: not there, but in the programme."""


class _Edge(Struct, frozen=True, kw_only=True):
    """One limit: how far out it lies, on a scale on which further is worse."""

    path: Path
    rule: Rule
    scale: tuple[Any, ...]
    """Only edges on the same scale can be compared."""
    upward: bool
    value: float
    strict: bool
    """Not crossed at the value itself."""
    said: str

    @property
    def reach(self) -> tuple[float, bool]:
        return (self.value if self.upward else -self.value, self.strict)


def check_order(placed: Sequence[Placed]) -> Iterator[Fault]:
    """Inverted limits, limits that say the same twice, and limits that leave no good value."""
    edges = [edge for path, rule in placed if rule.enabled for edge in _edges(path, rule)]
    for one, other in combinations(edges, 2):
        if one.scale != other.scale or one.rule is other.rule:
            continue
        if one.upward == other.upward:
            yield from _inverted(one, other)
        else:
            yield from _crossing(one, other)


def _inverted(one: _Edge, other: _Edge) -> Iterator[Fault]:
    if one.rule.severity == other.rule.severity:
        if one.reach == other.reach and type(one.rule) is type(other.rule):
            yield _fault(one, other, f"{other.said} says the same as rule {one.rule.id!r}")
        return
    mild, grave = sorted((one, other), key=lambda edge: RANK[edge.rule.severity])
    same = grave.reach == mild.reach and type(one.rule) is type(other.rule)
    if grave.reach < mild.reach or same:
        yield _fault(
            mild,
            grave,
            f"{grave.rule.severity} at {grave.said} is inverted: "
            f"{mild.rule.severity} of rule {mild.rule.id!r} is {mild.said}, and must come first",
        )


def _crossing(one: _Edge, other: _Edge) -> Iterator[Fault]:
    low, high = (other, one) if one.upward else (one, other)
    if low.value >= high.value:
        yield _fault(
            one,
            other,
            f"{other.said} and {one.said} of rule {one.rule.id!r} leave no value that is good",
        )


def _fault(known: _Edge, named: _Edge, message: str) -> Fault:
    """At the second of two, unless only the first was written by the person who is told."""
    return Fault(path=named.path or known.path, message=message)


def _edges(path: Path, rule: Rule) -> Iterator[_Edge]:
    if isinstance(rule, OximetryScale):
        yield from _of_scale(path, rule)
    elif isinstance(rule, GlucoseStatistic):
        scale = ("statistic", rule.statistic, rule.days)
        yield _edge(path, ("value",), rule, scale, rule, name=rule.statistic)
    elif isinstance(rule, _BOUNDED):
        for index, bound in enumerate(rule.bounds):
            scale = (*_number(rule), bound.metric)
            yield _edge(path, ("bounds", index), rule, scale, bound, name=bound.metric)


_BOUNDED = (Limit, ConfirmedLimit, SessionMean, WindowMean, Change, Trend, NOfM)


def _number(rule: Rule) -> tuple[Any, ...]:
    """Which number is judged: those of rules that agree in this can be compared."""
    match rule:
        case SessionMean():
            which: tuple[Any, ...] = ("session",)
        case WindowMean():
            which = ("mean", rule.days, rule.protocol_hours)
        case Change():
            which = ("change", rule.days, rule.baseline, rule.percent)
        case Trend():
            which = ("trend", rule.days)
        case NOfM():
            which = ("n of m", rule.n, rule.m)
        case _:
            which = ("reading",)
    return (*which, rule.kind)


def _edge(
    path: Path,
    place: Path,
    rule: Rule,
    scale: tuple[Any, ...],
    bound: Bound | GlucoseStatistic,
    *,
    name: str,
) -> _Edge:
    return _Edge(
        path=_under(path, place),
        rule=rule,
        scale=scale,
        upward=bound.op.upward,
        value=bound.value,
        strict="=" not in bound.op,
        said=f"{name} {bound.op} {bound.value:g}",
    )


def _of_scale(path: Path, rule: OximetryScale) -> Iterator[_Edge]:
    """A higher score is further out, whichever way the saturation went."""
    yield _Edge(
        path=_under(path, ("score",)),
        rule=rule,
        scale=("scale", rule.scale, rule.on_oxygen, rule.side),
        upward=True,
        value=rule.score,
        strict=False,
        said=f"score >= {rule.score}",
    )


def _under(path: Path, place: Path) -> Path:
    """Nothing is under a rule that was not written here."""
    return (*path, *place) if path else ()
