"""Doubtful readings that would have said something: for a person to check, at most medium.

They are folded like a rule's, one for each kind of measurement: an item goes on while doubtful
values come, and clears with a reading of which there is no doubt.
"""

from collections.abc import Iterator
from typing import Final

import msgspec.structs
import numpy as np
from typing_extensions import override

from alerts.columns.series import Bools, Floats
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.judging.artefacts import ALONE, SILENT, Doubt
from alerts.judging.edges import excess
from alerts.judging.findings import Finding, Reason
from alerts.judging.in_force import Forms
from alerts.judging.page import Page
from alerts.judging.reasons import judged_at
from alerts.judging.report import Report
from alerts.judging.rulings import settled
from alerts.rules.bounds import judged
from alerts.rules.oximetry_scale import scale_bounds
from care.programme import Plan
from care.rules import (
    RANK,
    Bound,
    ConfirmedLimit,
    Lane,
    Limit,
    NOfM,
    OximetryScale,
    Rule,
    RuleId,
    Severity,
)
from vitals.kinds import PANELS, Kind

LABEL: Final = "Needs check"


def rule_of(kind: Kind) -> RuleId:
    """What an alert about doubtful readings of the kind names as its rule."""
    return "check-" + kind.value.replace("_", "-")


def checked(page: Page) -> Iterator[tuple[int, Finding]]:
    telling = _telling(page)
    rule = rule_of(page.kind)
    if telling.any() or rule in page.standing:
        forms = _forms(page)
        verdicts, beyond = _verdicts(page, forms, telling)
        yield from _CheckReport(page, settled(page, forms, verdicts, beyond)).findings()


def _telling(page: Page) -> Bools:
    """Doubtful, and not merely silent."""
    found: Bools = ~np.isin(page.codes, np.array(SILENT, dtype=np.int8))
    return found


def _forms(page: Page) -> Forms:
    """One rule for each plan: all the bounds that its rules set for single readings."""
    forms: dict[Rule, int] = {}
    known: dict[int, int] = {}  # Plans share their rules: care.plan_shelf.
    for plan in page.force.plans:
        if id(plan.rules) not in known:
            known[id(plan.rules)] = forms.setdefault(_rule(plan, page.kind), len(forms))
    places = [known[id(plan.rules)] for plan in page.force.plans]
    return Forms(
        rule=rule_of(page.kind), forms=list(forms), of_plan=np.array([*places, -1], dtype=np.int64)
    )


def _rule(plan: Plan, kind: Kind) -> Limit:
    rules = [rule for rule in plan.rules if rule.enabled and rule.kind is kind]
    gravest_first = sorted(rules, key=lambda rule: -RANK[rule.severity])
    bounds = [bound for rule in gravest_first for bound in _bounds(rule)]
    medium = not bounds or RANK[gravest_first[0].severity] > RANK[Severity.LOW]
    return Limit(
        id=rule_of(kind),
        kind=kind,
        severity=Severity.MEDIUM if medium else Severity.LOW,
        label=LABEL,
        lane=Lane.NEEDS_CHECK,
        latch=False,
        bounds=tuple(dict.fromkeys(bounds)),
    )


def _bounds(rule: Rule) -> tuple[Bound, ...]:
    """What one reading can cross. A reading in doubt is gone when the next is not."""
    match rule:
        case Limit() | ConfirmedLimit() | NOfM():
            return tuple(msgspec.structs.replace(bound, clear=None) for bound in rule.bounds)
        case OximetryScale():
            return scale_bounds(rule)
        case _:
            return ()


def _verdicts(page: Page, forms: Forms, telling: Bools) -> tuple[Verdicts, Floats]:
    series = page.series
    length = len(series)
    form_of_row = forms.at_rows(page.plan_of_row)
    breach = telling & np.isin(page.codes, np.array(ALONE, dtype=np.int8)) & (form_of_row >= 0)
    value = series.metric(PANELS[page.kind].primary[0].name)
    bound = np.full(length, NO_BOUND, dtype=np.int64)
    beyond = np.full(length, -np.inf)
    for form, rule in enumerate(forms.forms):
        mine = telling & (form_of_row == form)
        if isinstance(rule, Limit) and rule.bounds and mine.any():
            columns = [series.metric(one.metric) for one in rule.bounds]
            _, crosses, _, numbers, which = judged(columns, rule.bounds)
            mine &= crosses
            breach = breach | mine
            value = np.where(mine, numbers, value)
            bound = np.where(mine, which, bound)
    verdicts = Verdicts(
        known=breach | ~(series.doubt | np.isnan(value)),
        breach=breach,
        hold=breach,
        value=value,
        bound=bound,
        count=np.ones(length, dtype=np.int64),
    )
    for form, rule in enumerate(forms.forms):
        mine = form_of_row == form
        beyond = np.where(mine, excess(rule, verdicts), beyond)
    return verdicts, beyond


class _CheckReport(Report):
    @override
    def opening(self, row: int) -> Reason:
        page, judged = self._page, self._judged
        rule = judged.forms.of(int(page.plan_of_row[row]))
        facts = judged_at(rule, page.series, judged.verdicts, row)
        facts["metric"] = facts["metric"] or PANELS[page.kind].primary[0].name
        return Reason(code="doubt", facts=facts | {"doubt": self.doubt(row)})

    @override
    def doubt(self, row: int) -> str | None:
        return Doubt(int(self._page.codes[row])).name.lower()
