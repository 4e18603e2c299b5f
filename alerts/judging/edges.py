"""The edges of a rule: what its verdicts' `bound` points at, and how far beyond it a value is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from alerts.columns.series import Floats
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.oximetry_scale import scale_bounds
from care.rules import (
    Band,
    Bound,
    GlucoseStatistic,
    NOfM,
    OximetryScale,
    Rule,
    Shift,
    Together,
)

RULES_REMEMBERED: Final = 4096
"""Rules never change, and a batch has thousands of episodes of a few of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    metric: str | None
    upward: bool
    value: float
    """0 where the edge is not a number of the plan's: it moves with the patient's own."""
    bound: Bound | None


@lru_cache(maxsize=RULES_REMEMBERED)
def edges(rule: Rule) -> Sequence[Edge]:
    match rule:
        case Band() | Shift():
            return [
                Edge(metric=rule.metric, upward=upward, value=0.0, bound=None)
                for upward in (True, False)
            ]
        case GlucoseStatistic():
            # Prefixed: "mean" is the mean arterial pressure.
            metric = f"glucose_{rule.statistic}"
            bound = Bound(metric=metric, op=rule.op, value=rule.value, clear=rule.clear)
            return [_edge(bound)]
        case Together():
            return [Edge(metric=None, upward=True, value=0.0, bound=None)]
        case NOfM(flag=str()):
            return [Edge(metric=None, upward=True, value=0.0, bound=None)]
        case OximetryScale():
            return [_edge(bound) for bound in scale_bounds(rule)]
        case _:
            return [_edge(bound) for bound in rule.bounds]


def _edge(bound: Bound) -> Edge:
    return Edge(metric=bound.metric, upward=bound.op.upward, value=bound.value, bound=bound)


def excess(rule: Rule, verdicts: Verdicts) -> Floats:
    """For each row how far its value is beyond the bound it crosses; -inf where it crosses none."""
    found = np.full(len(verdicts.bound), -np.inf)
    for index, edge in enumerate(edges(rule)):
        here = np.flatnonzero(verdicts.bound == index)
        value = verdicts.value[here]
        found[here] = value - edge.value if edge.upward else edge.value - value
    return found


def edge_at(rule: Rule, bound: int) -> Edge | None:
    found = edges(rule)
    return found[bound] if bound != NO_BOUND and bound < len(found) else None
