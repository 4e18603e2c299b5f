"""Which plan version is in force at each row, and which form of a rule is judged by there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Ints, Series
from alerts.judging.batch import Chart, microseconds
from care.programme import Plan
from care.rules import Rule, RuleId
from vitals.kinds import Kind

NO_PLAN: Final = -1
_ALWAYS: Final = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Versions:
    """The plan versions of a batch's charts, one after the other, each chart's by time."""

    plans: Sequence[Plan]
    chart: Ints
    """Of each plan."""
    begins: Ints
    ends: Ints
    """Microseconds since 1970 UTC; the end is not in it."""

    def at_rows(self, series: Series) -> Ints:
        """For each row the place of its plan, or NO_PLAN."""
        found = np.full(len(series), NO_PLAN, dtype=np.int64)
        low = np.searchsorted(series.segment, self.chart).tolist()
        high = np.searchsorted(series.segment, self.chart, side="right").tolist()
        for place, (first, end) in enumerate(zip(low, high, strict=True)):
            if first < end:
                begin, over = np.searchsorted(
                    series.at[first:end], (self.begins[place], self.ends[place])
                )
                found[first + begin : first + over] = place
        return found

    def at(self, chart: int, instant_us: int) -> int:
        """The place of the plan that is in force, or NO_PLAN."""
        mine = (self.chart == chart) & (self.begins <= instant_us) & (self.ends > instant_us)
        places = np.flatnonzero(mine)
        return int(places[0]) if len(places) else NO_PLAN

    def last_end(self, place: int, of_plan: Ints) -> int:
        """When this plan's form of a rule ends, versions that go on with the rule counted.

        `of_plan`: see Forms.
        """
        if of_plan[place] < 0:
            return int(self.begins[place])
        end = int(self.ends[place])
        for later in range(place + 1, len(self.plans)):
            goes_on = self.chart[later] == self.chart[place] and self.begins[later] <= end
            if not goes_on or of_plan[later] < 0:
                break
            end = int(self.ends[later])
        return end


def versions(charts: Sequence[Chart]) -> Versions:
    ordered = [
        (index, plan)
        for index, chart in enumerate(charts)
        for plan in sorted(chart.plans, key=lambda plan: plan.effective_from)
    ]
    return Versions(
        plans=[plan for _, plan in ordered],
        chart=np.array([index for index, _ in ordered], dtype=np.int64),
        begins=np.array([microseconds(plan.effective_from) for _, plan in ordered], np.int64),
        ends=np.array(
            [
                _ALWAYS if plan.effective_to is None else microseconds(plan.effective_to)
                for _, plan in ordered
            ],
            np.int64,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forms:
    """One rule id of one kind, in the forms that plans give it."""

    rule: RuleId
    forms: Sequence[Rule]
    of_plan: Ints
    """For each plan, and last for NO_PLAN, its place in `forms`; -1 where it has no such rule."""

    def at_rows(self, plan_of_row: Ints) -> Ints:
        return self.of_plan[plan_of_row]

    def of(self, plan: int) -> Rule:
        return self.forms[int(self.of_plan[plan])]


def forms_of(plans: Sequence[Plan], kind: Kind | None = None) -> list[Forms]:
    """Of all rules of the kind, in the order of the plans. Equal rules are one form."""
    found: dict[RuleId, tuple[dict[Rule, int], list[tuple[list[int], int]]]] = {}
    for rules, places in _sharing(plans):
        for rule in rules:
            if rule.enabled and (kind is None or rule.kind is kind):
                forms, uses = found.setdefault(rule.id, ({}, []))
                uses.append((places, forms.setdefault(rule, len(forms))))
    result = []
    for rule_id, (forms, uses) in found.items():
        of_plan = np.full(len(plans) + 1, -1, dtype=np.int64)
        for places, form in uses:
            of_plan[places] = form
        result.append(Forms(rule=rule_id, forms=list(forms), of_plan=of_plan))
    return result


def _sharing(plans: Sequence[Plan]) -> list[tuple[Sequence[Rule], list[int]]]:
    """Plans by the rules that they share (care.plan_shelf): comparing rules costs more."""
    found: dict[int, tuple[Sequence[Rule], list[int]]] = {}
    for place, plan in enumerate(plans):
        found.setdefault(id(plan.rules), (plan.rules, []))[1].append(place)
    return list(found.values())


def since_mask(charts: Sequence[Chart], series: Series) -> Bools:
    """Rows that are judged; the others are only looked back at."""
    begins = [-_ALWAYS if c.since is None else microseconds(c.since) for c in charts]
    return series.at >= np.array(begins, dtype=np.int64)[series.segment]
