"""`together`: other rules' episodes at once, or nearly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np

from alerts.columns.series import MICROSECONDS
from alerts.judging.batch import Batch, Chart, Standing, microseconds, moment
from alerts.judging.findings import ClearedWhy, Fact, Finding, Phase, Reason
from alerts.judging.in_force import NO_PLAN, Forms, Versions, forms_of
from alerts.judging.labels import label
from alerts.judging.reasons import instant
from alerts.judging.report import lane_of
from care.rules import Lane, RuleId, Together

_HOUR_US: Final = 3600 * MICROSECONDS
_NEVER: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An episode of one of the rules."""

    rule: RuleId
    begin: int
    end: int
    """Microseconds since 1970 UTC; `_NEVER` while open."""
    finding: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A span in which they are together."""

    begin: int
    end: int
    members: Sequence[Member]
    """All that were open within it, or lately before it began; by their begin."""


def joint_spans(
    members: Sequence[Member], rule: Together, *, since: int, standing: Standing | None
) -> Iterator[Joint]:
    """A span begins where an episode begins and enough rules have one open, or had one lately.

    It goes on until none of them is open. Only what begins at `since` or later, or is `standing`.
    """
    ordered = sorted(members, key=lambda one: (one.begin, one.rule))
    done = -_NEVER
    if standing is not None and standing.cleared_at is None:
        still = [one for one in ordered if one.begin < since <= one.end]
        joint = _from(since, still, ordered)
        done = joint.end
        yield replace(joint, begin=microseconds(standing.onset_at))
    elif standing is not None and standing.cleared_at is not None:
        done = microseconds(standing.cleared_at)
    for trigger in ordered:
        if trigger.begin < since or trigger.begin <= done:
            continue
        begin, lately = trigger.begin, rule.within_hours * _HOUR_US
        near = [one for one in ordered if one.begin <= begin <= one.end + lately]
        if len({one.rule for one in near}) >= rule.at_least:
            joint = _from(begin, near, ordered)
            done = joint.end
            yield joint


def _from(begin: int, near: Sequence[Member], ordered: Sequence[Member]) -> Joint:
    """Until none of those that began on the way is open."""
    found = list(near)
    end = max((one.end for one in found), default=begin)
    for one in ordered:
        if begin < one.begin <= end:
            found.append(one)
            end = max(end, one.end)
    return Joint(begin=begin, end=max(begin, end), members=found)


def together(
    batch: Batch, force: Versions, found: Sequence[tuple[int, Finding]], *, now_us: int
) -> Iterator[tuple[int, Finding]]:
    """Findings of all charts whose plans have such rules; `found` are those of the other rules."""
    wanted = [one for one in forms_of(force.plans) if isinstance(one.forms[0], Together)]
    if not wanted:
        return
    by_chart: dict[int, list[Finding]] = {}
    for chart, finding in found:
        if finding.phase is not Phase.AWAITING_REPEAT and finding.lane is not Lane.NEEDS_CHECK:
            by_chart.setdefault(chart, []).append(finding)
    for forms in wanted:
        for chart in np.unique(force.chart[forms.of_plan[:-1] >= 0]).tolist():
            scene = _Scene(
                batch.charts[chart], chart, force, forms, by_chart.get(chart, []), now_us
            )
            for finding in scene.findings():
                yield chart, finding


class _Scene:
    """One patient, one such rule."""

    def __init__(
        self,
        chart: Chart,
        index: int,
        force: Versions,
        forms: Forms,
        findings: Sequence[Finding],
        now_us: int,
    ) -> None:
        self._chart = chart
        self._index = index
        self._force = force
        self._forms = forms
        self._findings = findings
        self._now_us = now_us
        self._since = -_NEVER if chart.since is None else microseconds(chart.since)
        mine = (one for one in chart.standing if one.rule == forms.rule)
        self._standing = next(mine, None)

    def findings(self) -> Iterator[Finding]:
        for form, rule in enumerate(self._forms.forms):
            if not isinstance(rule, Together):
                continue
            standing = self._standing
            for joint in joint_spans(
                self._members(rule), rule, since=self._since, standing=standing
            ):
                handed = standing if joint.begin < self._since else None
                place = self._force.at(self._index, joint.begin)
                if place == NO_PLAN:
                    place = self._force.at(self._index, self._since)
                if place != NO_PLAN and int(self._forms.of_plan[place]) == form:
                    yield self._finding(rule, joint, place, handed)

    def _members(self, rule: Together) -> list[Member]:
        members = [
            Member(
                rule=one.rule,
                begin=microseconds(one.onset_at),
                end=_NEVER if one.cleared_at is None else microseconds(one.cleared_at),
                finding=one,
            )
            for one in self._findings
            if one.rule in rule.of
        ]
        members += [
            Member(
                rule=one.rule,
                begin=microseconds(one.onset_at),
                end=microseconds(one.cleared_at),
                finding=None,
            )
            for one in self._chart.standing
            if one.rule in rule.of and one.cleared_at is not None
        ]
        return members

    def _finding(
        self, rule: Together, joint: Joint, place: int, standing: Standing | None
    ) -> Finding:
        plan_end = self._force.last_end(place, self._forms.of_plan)
        end = min(joint.end, plan_end)
        cleared = end <= self._now_us
        here = [one.finding for one in joint.members if one.finding is not None]
        trigger = next((one for one in here if microseconds(one.onset_at) == joint.begin), None)
        rules = sorted({one.rule for one in joint.members})
        late = all(one.late for one in here) and (standing is None or standing.late)
        latest = max(here, key=lambda one: one.last_at, default=None)
        return Finding(
            patient_id=self._chart.patient_id,
            rule=rule.id,
            kind=rule.kind,
            plan_version=self._force.plans[place].id,
            severity=rule.severity,
            lane=lane_of(rule.lane, late=late),
            label=rule.label or label(rule),
            latch=rule.latch,
            phase=Phase.CLEARED if cleared else Phase.OPEN,
            continued=standing is not None,
            onset_at=moment(joint.begin),
            onset_reading=self._onset_reading(trigger, standing),
            last_at=latest.last_at if latest else moment(joint.begin),
            last_reading=latest.last_reading if latest else None,
            cleared_at=moment(end) if cleared else None,
            cleared_why=self._why(joint.end, plan_end) if cleared else None,
            count=sum(one.count for one in here),
            metric=None,
            value=float(len(rules)),
            worst=float(len(rules)),
            bound=None,
            reason=self._reason(joint, rules, place, standing),
            late=late,
        )

    def _onset_reading(self, trigger: Finding | None, standing: Standing | None) -> UUID | None:
        if standing is not None:
            return standing.onset_reading
        return None if trigger is None else trigger.onset_reading

    def _why(self, joint_end: int, plan_end: int) -> ClearedWhy:
        return ClearedWhy.GOOD_AGAIN if joint_end <= plan_end else ClearedWhy.PLAN_CHANGED

    def _reason(
        self, joint: Joint, rules: list[str], place: int, standing: Standing | None
    ) -> Reason:
        if standing is not None and standing.reason is not None:
            return standing.reason
        labels = {one.id: one.label or label(one) for one in self._force.plans[place].rules}
        facts: dict[str, Fact] = {
            "at": instant(moment(joint.begin)),
            "rules": rules,
            "labels": [labels.get(rule, rule) for rule in rules],
        }
        return Reason(code="together", facts=facts)
