"""A patient's limits as bands of a chart: as they were in force, in words. Pure.

Only limits that are a number of the metric itself can be drawn: what a rule says of changes, trends
or several things together stands in the plan's words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from alerts.judging.edges import edges
from care.plans import PlanVersion, standing
from care.rules import (
    RANK,
    ConfirmedLimit,
    Lane,
    Limit,
    NOfM,
    Op,
    OximetryScale,
    Rule,
    SessionMean,
    Severity,
    WindowMean,
)
from console.chart.svg.days import microseconds
from console.web.formats import Units

DRAWN: Final = (Limit, ConfirmedLimit, SessionMean, WindowMean, NOfM, OximetryScale)
FOREVER: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One edge of the patient's limits."""

    severity: Severity
    op: Op
    value: float
    """Canonical."""
    of: str
    """What has to be beyond it, where it is not a single reading: "session mean"."""

    def words(self, metric: str, units: Units) -> str:
        """High from 135 (7-day mean)"""
        number = units.number(metric, self.value)
        side = {
            Op.AT_OR_ABOVE: f"from {number}",
            Op.ABOVE: f"above {number}",
            Op.AT_OR_BELOW: f"at or below {number}",
            Op.BELOW: f"below {number}",
        }[self.op]
        return f"{self.severity} {side}" + (f" ({self.of})" if self.of else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The levels of one metric, and from when until when they held."""

    since: int
    until: int
    """Microseconds since 1970; FOREVER where they hold on."""
    plan: int
    """The version that they begin with."""
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From one edge to the next one out, or without end."""

    level: Level
    low: float | None
    high: float | None


def levels(rules: Iterable[Rule], metric: str) -> tuple[Level, ...]:
    """From the lowest to the highest; of two at one place the graver."""
    found: dict[tuple[bool, float], Level] = {}
    for rule in rules:
        if rule.lane is not Lane.MEDICAL or not isinstance(rule, DRAWN):
            continue
        for edge in edges(rule):
            if edge.metric != metric or edge.bound is None:
                continue
            level = Level(
                severity=rule.severity, op=edge.bound.op, value=edge.bound.value, of=_of(rule)
            )
            key = (edge.upward, edge.value)
            if key not in found or RANK[level.severity] > RANK[found[key].severity]:
                found[key] = level
    return tuple(sorted(found.values(), key=lambda each: each.value))


def holdings(versions: Iterable[PlanVersion], metric: str) -> tuple[Holding, ...]:
    """As they followed each other; versions that say the same of this metric are one."""
    spans = [
        Holding(
            since=microseconds(plan.effective_from),
            until=FOREVER if plan.effective_to is None else microseconds(plan.effective_to),
            plan=plan.version,
            levels=levels(plan.rules, metric),
        )
        for plan in standing(versions)
    ]
    made: list[Holding] = []
    for span in spans:
        before = made[-1] if made else None
        if before is not None and before.levels == span.levels and before.until == span.since:
            made[-1] = Holding(
                since=before.since, until=span.until, plan=before.plan, levels=before.levels
            )
        else:
            made.append(span)
    return tuple(made)


def bands(found: Sequence[Level]) -> tuple[Band, ...]:
    """Upward from each edge to the next graver one, and downward the same."""
    up = _graver([each for each in found if each.op.upward])
    down = _graver([each for each in reversed(found) if not each.op.upward])
    return (
        *(
            Band(level=level, low=level.value, high=beyond.value if beyond else None)
            for level, beyond in _with_next(up)
        ),
        *(
            Band(level=level, low=beyond.value if beyond else None, high=level.value)
            for level, beyond in _with_next(down)
        ),
    )


def innermost(found: Sequence[Level]) -> tuple[float | None, float | None]:
    """Between which two numbers a single value is beyond no limit."""
    up = [each.value for each in found if each.op.upward]
    down = [each.value for each in found if not each.op.upward]
    return (max(down) if down else None), (min(up) if up else None)


def _graver(found: Sequence[Level]) -> list[Level]:
    """Going outwards, without those that are milder than one before: they change nothing there."""
    kept: list[Level] = []
    for level in found:
        if not kept or RANK[level.severity] >= RANK[kept[-1].severity]:
            kept.append(level)
    return kept


def _with_next(found: Sequence[Level]) -> list[tuple[Level, Level | None]]:
    return list(zip_longest(found, found[1:]))


def _of(rule: Rule) -> str:
    match rule:
        case SessionMean():
            return "session mean"
        case WindowMean():
            return f"{rule.days}-day mean"
        case NOfM():
            return f"{rule.n} of {rule.m}"
    return ""
