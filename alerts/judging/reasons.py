"""Why a rule speaks, as a code and facts that JSON can hold. The words are judging.words'."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final

from alerts.columns.series import Series
from alerts.columns.verdicts import NO_ROW, Verdicts
from alerts.judging.batch import moment
from alerts.judging.edges import edge_at
from alerts.judging.findings import Fact, Reason
from care.rules import (
    Band,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    Shift,
    Trend,
    WindowMean,
)

Facts = dict[str, Fact]


def number(value: float) -> Fact:
    """HI and LO by name; None where there is no number."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "hi" if value > 0 else "lo"
    return float(value)


def instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


def at_row(series: Series, row: int) -> str:
    return instant(moment(int(series.at[row])))


def onset(rule: Rule, series: Series, verdicts: Verdicts, row: int) -> Reason:
    """Of the breach at this row."""
    facts = judged_at(rule, series, verdicts, row)
    first = NO_ROW if verdicts.first is None else int(verdicts.first[row])
    match rule:
        case ConfirmedLimit() if first == NO_ROW:
            return Reason(code="no_repeat", facts=facts | {"within_min": rule.within_min})
        case ConfirmedLimit():
            earlier = judged_at(rule, series, verdicts, first)
            named = ("metric", "value", "at", "op", "limit")
            return Reason(
                code="confirmed", facts=facts | {f"first_{name}": earlier[name] for name in named}
            )
        case NOfM(flag=str()):
            return Reason(code="n_of_m_flag", facts=facts | _of_rule(rule))
        case _:
            return Reason(code=str(rule.__struct_config__.tag), facts=facts | _of_rule(rule))


def awaiting(
    rule: Rule, series: Series, verdicts: Verdicts, row: int, until: dt.datetime
) -> Reason:
    facts = judged_at(rule, series, verdicts, row)
    return Reason(code="awaiting_repeat", facts=facts | {"until": instant(until)})


def judged_at(rule: Rule, series: Series, verdicts: Verdicts, row: int) -> Facts:
    """What was judged, when, and against which bound."""
    edge = edge_at(rule, int(verdicts.bound[row]))
    facts: Facts = {
        "metric": None if edge is None else edge.metric,
        "value": number(verdicts.value[row]),
        "at": at_row(series, row),
        "readings": int(verdicts.count[row]),
    }
    if edge is not None and edge.bound is not None:
        facts |= {"op": str(edge.bound.op), "limit": edge.bound.value}
    elif edge is not None:
        facts["side"] = "above" if edge.upward else "below"
    if verdicts.baseline is not None:
        facts["baseline"] = number(verdicts.baseline[row])
    if isinstance(rule, Change | Trend) and edge is not None and edge.metric is not None:
        facts["reading"] = number(series.metric(edge.metric)[row])
    return facts


_NAMED: Final[Mapping[type[object], tuple[str, ...]]] = {
    SessionMean: (),
    WindowMean: ("days",),
    Change: ("days", "percent", "baseline"),
    Band: ("days",),
    Trend: ("days",),
    Shift: ("method",),
    NOfM: ("n", "m", "flag", "within_days"),
    GlucoseStatistic: ("days", "statistic"),
    OximetryScale: ("scale", "score"),
}
"""The fields of a rule that its words need."""


def _of_rule(rule: Rule) -> Facts:
    found: Facts = {}
    for name in _NAMED.get(type(rule), ()):
        fact = getattr(rule, name)
        # `baseline` is a number among the facts of a row; here it is how that was come by.
        key = "compared_with" if name == "baseline" else name
        found[key] = str(fact) if isinstance(fact, str) else fact
    return found
