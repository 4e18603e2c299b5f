"""What a patient is told of a number: one plain word, against the limits of their own plan. Pure.

No diagnosis, and nothing that the plan does not say. A limit that an alert would confirm or average
first makes a word at once, for the person who measured is looking at this one number now.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from alerts.rules.oximetry_scale import scale_bounds
from care.programme import Plan
from care.rules import (
    Band,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Lane,
    Limit,
    NOfM,
    Op,
    OximetryScale,
    Rule,
    SessionMean,
    Severity,
    Shift,
    Statistic,
    Together,
    Trend,
    WindowMean,
)
from vitals.kinds import PANELS, Kind


class Word(StrEnum):
    """Keys of the catalogue's `word`."""

    VERY_HIGH = "very_high"
    HIGH = "high"
    A_LITTLE_HIGH = "a_little_high"
    IN_RANGE = "in_range"
    A_LITTLE_LOW = "a_little_low"
    LOW = "low"
    VERY_LOW = "very_low"
    HIGHER_THAN_USUAL = "higher_than_usual"
    LOWER_THAN_USUAL = "lower_than_usual"
    NOT_AS_USUAL = "not_as_usual"
    OUTSIDE = "outside"  # Both too high and too low, as one pressure of two can be.
    AS_EXPECTED = "as_expected"  # The plan has no range for it, only changes, and saw none.


class Side(StrEnum):
    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    word: Word | None
    """None: the plan asks nothing of this kind, so nothing is said."""
    side: Side = Side.NEITHER
    grade: int = 0
    """0 nothing to do, 1 a little, 2 out of range, 3 far out."""
    relative: bool = False
    """Against what is usual for this person, not against a range."""

    @property
    def out(self) -> bool:
        return self.grade > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where a word changes."""

    bound: Bound
    grade: int
    whole: bool = False
    """The scale is in whole numbers: a fraction is dropped first."""

    def crossed(self, value: float) -> bool:
        number = math.floor(value) if self.whole and math.isfinite(value) else value
        limit = self.bound.value
        match self.bound.op:
            case Op.AT_OR_ABOVE:
                return number >= limit
            case Op.ABOVE:
                return number > limit
            case Op.AT_OR_BELOW:
                return number <= limit
            case Op.BELOW:
                return number < limit


GRADES: Final = {Severity.LOW: 1, Severity.MEDIUM: 1, Severity.HIGH: 2, Severity.CRITICAL: 3}
WORDS: Final = {
    (Side.UP, 1): Word.A_LITTLE_HIGH,
    (Side.UP, 2): Word.HIGH,
    (Side.UP, 3): Word.VERY_HIGH,
    (Side.DOWN, 1): Word.A_LITTLE_LOW,
    (Side.DOWN, 2): Word.LOW,
    (Side.DOWN, 3): Word.VERY_LOW,
}
USUAL: Final = {
    Side.UP: Word.HIGHER_THAN_USUAL,
    Side.DOWN: Word.LOWER_THAN_USUAL,
    Side.NEITHER: Word.NOT_AS_USUAL,
}
_GLUCOSE: Final[dict[Statistic, tuple[tuple[Op, float], ...]]] = {
    Statistic.IN_RANGE: ((Op.BELOW, 70), (Op.ABOVE, 180)),
    Statistic.BELOW_54: ((Op.BELOW, 54),),
    Statistic.BELOW_70: ((Op.BELOW, 70),),
    Statistic.ABOVE_180: ((Op.ABOVE, 180),),
    Statistic.ABOVE_250: ((Op.ABOVE, 250),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An alert that rests on this reading."""

    rule: str
    lane: str
    severity: str
    metric: str | None
    bound: Mapping[str, Any] | None


def judged(
    kind: Kind,
    values: Mapping[str, float],
    plan: Plan | None,
    findings: Iterable[Finding] = (),
    *,
    metrics: Sequence[str] | None = None,
) -> Verdict:
    """`values` in canonical units, infinite for HI and LO. `metrics`: the kind's own by default."""
    if plan is None or not asks_for(plan, kind):
        return Verdict(word=None)
    looked_at = [metric.name for metric in PANELS[kind].primary] if metrics is None else metrics
    found = list(edges(plan.rules, kind, looked_at))
    crossed = [edge for edge in found if _crosses(edge, values)]
    if crossed:
        return _worst(crossed)
    unusual = _unusual(plan.rules, kind, looked_at, findings)
    if unusual is not None:
        return unusual
    if found:
        return Verdict(word=Word.IN_RANGE)
    if any(rule.kind is kind and _is_relative(rule) for rule in plan.rules):
        return Verdict(word=Word.AS_EXPECTED)
    return Verdict(word=None)


def asks_for(plan: Plan, kind: Kind) -> bool:
    """Whether a plan says anything of this kind."""
    return any(each.kind is kind for each in (*plan.measures, *plan.rules))


def edges(rules: Iterable[Rule], kind: Kind, metrics: Iterable[str]) -> Iterator[Edge]:
    """Of all rules that set a range, whatever else they wait for."""
    wanted = set(metrics)
    for rule in rules:
        if rule.kind is kind and rule.lane is Lane.MEDICAL:
            yield from (edge for edge in _of_rule(rule) if edge.bound.metric in wanted)


def own_range(plan: Plan, kind: Kind, metric: str) -> tuple[float | None, float | None]:
    """Between which values "in your range" is said; None where nothing is set on that side."""
    found = list(edges(plan.rules, kind, (metric,)))
    up = [edge.bound.value for edge in found if edge.bound.op.upward]
    down = [edge.bound.value for edge in found if not edge.bound.op.upward]
    return max(down, default=None), min(up, default=None)


def _of_rule(rule: Rule) -> Iterator[Edge]:
    match rule:
        case Limit() | ConfirmedLimit() | SessionMean():
            yield from (Edge(bound=each, grade=GRADES[rule.severity]) for each in rule.bounds)
        case WindowMean() | NOfM():
            # One number on the wrong side of a mean's limit is a little beyond it, no more.
            yield from (Edge(bound=each, grade=1) for each in rule.bounds)
        case OximetryScale():
            for each in scale_bounds(rule):
                yield Edge(bound=each, grade=GRADES[rule.severity], whole=True)
        case GlucoseStatistic():
            for op, value in _GLUCOSE.get(rule.statistic, ()):
                yield Edge(bound=Bound(metric="glucose", op=op, value=value), grade=1)
        case _:
            return


def _crosses(edge: Edge, values: Mapping[str, float]) -> bool:
    value = values.get(edge.bound.metric)
    return value is not None and edge.crossed(value)


def _worst(crossed: Sequence[Edge]) -> Verdict:
    grade = max(edge.grade for edge in crossed)
    sides = {edge.bound.op.upward for edge in crossed if edge.grade == grade}
    if len(sides) > 1:
        return Verdict(word=Word.OUTSIDE, grade=grade)
    side = Side.UP if True in sides else Side.DOWN
    return Verdict(word=WORDS[side, grade], side=side, grade=grade)


def _unusual(
    rules: Iterable[Rule], kind: Kind, metrics: Sequence[str], findings: Iterable[Finding]
) -> Verdict | None:
    """What compares with this person's own past is judged by the alert that came of it."""
    relative = {rule.id for rule in rules if rule.kind is kind and _is_relative(rule)}
    told = [
        each
        for each in findings
        if each.rule in relative
        and each.lane == Lane.MEDICAL
        and (each.metric is None or each.metric in metrics)
    ]
    if not told:
        return None
    worst = max(told, key=lambda each: GRADES[Severity(each.severity)])
    side = _side(worst)
    grade = max(GRADES[Severity(worst.severity)], 1)
    return Verdict(word=USUAL[side], side=side, grade=grade, relative=True)


def _is_relative(rule: Rule) -> bool:
    return isinstance(rule, Change | Band | Trend | Shift | Together)


def _side(finding: Finding) -> Side:
    op = (finding.bound or {}).get("op")
    if op not in set(Op):
        return Side.NEITHER
    return Side.UP if Op(op).upward else Side.DOWN
