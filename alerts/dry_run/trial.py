"""What a plan would have raised: readings of many patients in, part by part, counts out. Pure.

It is the live engine (judging.evaluate) that judges. A part is a batch of whole patients; of what
was added only counts are kept, so that any number of patients fits.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from alerts.columns.series import Bools, Ints, Series
from alerts.dry_run.comparison import Episodes, Movement, Past
from alerts.dry_run.naive import crossings
from alerts.dry_run.paging import Paging
from alerts.dry_run.raised import STANDING, Raised, of_finding, raised
from alerts.dry_run.result import (
    ActedOn,
    Comparison,
    DryRunResult,
    ReadingCount,
    RuleCount,
    per_week,
    reduction,
)
from alerts.judging.artefacts import Doubt
from alerts.judging.batch import Batch, Chart, microseconds, moment
from alerts.judging.evaluate import looked_at
from alerts.judging.findings import Finding
from alerts.judging.in_force import versions
from alerts.judging.labels import label
from alerts.judging.needs_check import checked
from alerts.judging.page import Page
from alerts.judging.report import reported
from alerts.judging.together import together
from care.programme import Plan
from care.rules import Lane, Rule, RuleId, Together
from vitals.kinds import Kind

LOST_SHOWN: Final = 100
_DAYS: Final = 1 << 22
"""Between patients, in a numbering of days."""


class Span(Struct, frozen=True, kw_only=True):
    """[since, until) of what is counted; readings outside are only looked back at."""

    since: int = -STANDING
    until: int = STANDING


@dataclass(slots=True)
class _Found:
    """What one plan raises of one part."""

    raised: list[Raised] = field(default_factory=list)
    crossings: dict[RuleId, tuple[int, int]] = field(default_factory=dict)
    """Rule -> readings that cross; patient-days with such, each side by itself."""
    doubts: Ints = field(default_factory=lambda: np.zeros(len(Doubt), dtype=np.int64))
    late: int = 0


class DryRun:
    def __init__(
        self, name: str, *, zone: ZoneInfo, now: dt.datetime, span: Span | None = None
    ) -> None:
        """`zone` is the clinic's, for its working hours."""
        self._name = name
        self._now_us = microseconds(now)
        self._span = span or Span()
        self._zone = zone
        self._paging = Paging(zone)
        self._rules: dict[RuleId, Rule] = {}
        self._alerts: Counter[RuleId] = Counter()
        self._late: Counter[RuleId] = Counter()
        self._patients: Counter[RuleId] = Counter()
        self._crossings: defaultdict[RuleId, list[int]] = defaultdict(lambda: [0, 0])
        self._doubts = np.zeros(len(Doubt), dtype=np.int64)
        self._valid = self._late_readings = self._needs_check = 0
        self._kinds: Counter[Kind] = Counter()
        self._seen = self._days = 0
        self._first, self._last = STANDING, -STANDING
        self._other: str | None = None
        self._new, self._lost = Movement(), Movement()
        self._acted = Movement()
        self._given_up: list[UUID] = []
        self._asked_past = False

    def add(
        self,
        batch: Batch,
        *,
        against: Sequence[Plan] | None = None,
        past: Iterable[Past] | None = None,
    ) -> list[Raised]:
        """Whole patients, each chart with one plan; `against[i]` is another plan for chart i."""
        plans = [chart.plans[0] for chart in batch.charts]
        for plan in {id(plan): plan for plan in plans}.values():
            self._rules.update((rule.id, rule) for rule in plan.rules if rule.id not in self._rules)
        self._count_readings(batch)
        found = self._found(batch)
        self._count(found, plans)
        if against is not None:
            self._compare(found.raised, self._raised_by(batch, against))
        if past is not None:
            self._look_for(past, found.raised)
        return found.raised

    def _found(self, batch: Batch) -> _Found:
        found, told = _Found(), list[tuple[int, Finding]]()
        force = versions(batch.charts)
        members = _members(force.plans)
        for page, results in looked_at(batch, force, self._now_us):
            here = self._inside(page.series)
            found.doubts += np.bincount(page.codes[here], minlength=len(Doubt))
            found.late += int(np.count_nonzero(page.late & here))
            for judged in results:
                found.raised += raised(page, judged)
                rows, side = crossings(page, judged)
                of = here[rows]
                found.crossings[judged.forms.rule] = _counted(page, rows[of], side[of])
                if judged.forms.rule in members:
                    told += reported(page, judged)
            found.raised += _of_findings(checked(page))
        found.raised += _of_findings(together(batch, force, told, now_us=self._now_us))
        found.raised = [one for one in found.raised if self._counts(one.onset)]
        return found

    def _raised_by(self, batch: Batch, plans: Sequence[Plan]) -> list[Raised]:
        charts = [
            Chart(patient_id=chart.patient_id, plans=(plan,))
            for chart, plan in zip(batch.charts, plans, strict=True)
        ]
        return self._found(replace(batch, charts=charts)).raised

    def _counts(self, at_us: int) -> bool:
        return self._span.since <= at_us < self._span.until

    def _inside(self, series: Series) -> Bools:
        found: Bools = (series.at >= self._span.since) & (series.at < self._span.until)
        return found

    def _count_readings(self, batch: Batch) -> None:
        days = []
        for kind, series in batch.series.items():
            here = self._inside(series)
            at = series.at[here]
            self._valid += len(at)
            self._kinds[kind] += len(at)
            days.append(series.segment[here] * _DAYS + series.local_day[here])
            if len(at):
                self._first = min(self._first, int(at.min()))
                self._last = max(self._last, int(at.max()))
        every = np.unique(np.concatenate(days)) if days else np.zeros(0, dtype=np.int64)
        self._days += len(every)
        # Days before 1970 are negative: the floor of what is left still belongs to the patient.
        self._seen += len(np.unique((every + _DAYS // 2) // _DAYS))

    def _count(self, found: _Found, plans: Sequence[Plan]) -> None:
        self._doubts += found.doubts
        self._late_readings += found.late
        with_alert: set[tuple[RuleId, int]] = set()
        for one in found.raised:
            if one.late:
                self._late[one.rule] += 1
            elif one.lane is Lane.NEEDS_CHECK:
                self._needs_check += 1
            else:
                self._alerts[one.rule] += 1
                with_alert.add((one.rule, one.chart))
        self._patients.update(rule for rule, _ in with_alert)
        for rule, (rows, days) in found.crossings.items():
            self._crossings[rule][0] += rows
            self._crossings[rule][1] += days
        self._paging.add(found.raised, plans)

    def _compare(self, ours: Sequence[Raised], theirs: Sequence[Raised]) -> None:
        self._new.add(ours, Episodes(theirs))
        self._lost.add(theirs, Episodes(ours))

    def _look_for(self, past: Iterable[Past], ours: Sequence[Raised]) -> None:
        self._asked_past = True
        if acted := list(past):
            self._given_up += self._acted.add(acted, Episodes(ours))

    def result(
        self, *, read: int, refused: Mapping[str, int], against: str | None = None
    ) -> DryRunResult:
        """`read` and `refused` are the caller's: what it did not hand over it counted itself."""
        alerts, days = sum(self._alerts.values()), self._days
        crossing = sum(rows for rows, _ in self._crossings.values())
        return DryRunResult(
            limits=self._name,
            since=moment(self._first) if self._valid else None,
            until=moment(self._last) if self._valid else None,
            readings=ReadingCount(
                read=read,
                valid=self._valid,
                refused=dict(sorted(refused.items())),
                doubtful={
                    doubt.name.lower(): int(self._doubts[doubt])
                    for doubt in Doubt
                    if doubt is not Doubt.NONE and self._doubts[doubt]
                },
                late=self._late_readings,
            ),
            patients=self._seen,
            patient_days=days,
            patient_weeks=round(days / 7, 1),
            alerts=alerts,
            per_patient_week=per_week(alerts, days),
            late=sum(self._late.values()),
            needs_check=self._needs_check,
            crossings=crossing,
            reduction_percent=reduction(alerts, crossing),
            rules=[self._of_rule(rule) for rule in self._rules.values()],
            kinds_without_rules=self._without_rules(),
            paged=self._paging.told(),
            against=self._comparison(against),
            acted_on=self._past() if self._asked_past else None,
        )

    def _without_rules(self) -> dict[Kind, int]:
        judged = {rule.kind for rule in self._rules.values()}
        return {
            kind: self._kinds[kind] for kind in Kind if kind not in judged and self._kinds[kind]
        }

    def _of_rule(self, rule: Rule) -> RuleCount:
        alerts = self._alerts[rule.id]
        rows, days = self._crossings[rule.id]
        return RuleCount(
            rule=rule.id,
            type=str(rule.__struct_config__.tag),
            kind=rule.kind,
            severity=rule.severity,
            lane=rule.lane,
            label=rule.label or label(rule),
            alerts=alerts,
            late=self._late[rule.id],
            patients=self._patients[rule.id],
            per_patient_week=per_week(alerts, self._days),
            crossings=rows,
            patient_days=days,
            reduction_percent=reduction(alerts, rows),
        )

    def _comparison(self, name: str | None) -> Comparison | None:
        if name is None:
            return None
        theirs = self._lost.alerts.total()
        return Comparison(
            name=name,
            alerts=theirs,
            per_patient_week=per_week(theirs, self._days),
            new=self._new.unmatched.total(),
            graver=self._new.milder.total(),
            lost=self._lost.unmatched.total(),
            milder=self._lost.milder.total(),
            new_by_rule=self._new.told(),
            lost_by_rule=self._lost.told(),
        )

    def _past(self) -> ActedOn:
        return ActedOn(
            alerts=self._acted.alerts.total(),
            lost=len(self._given_up),
            milder=self._acted.milder.total(),
            lost_by_rule=self._acted.told(),
            lost_alerts=[str(one) for one in self._given_up[:LOST_SHOWN]],
        )


def _members(plans: Iterable[Plan]) -> frozenset[RuleId]:
    """Rules whose episodes others look at."""
    different = {id(plan): plan for plan in plans}
    return frozenset(
        one
        for plan in different.values()
        for rule in plan.rules
        if isinstance(rule, Together)
        for one in rule.of
    )


def _of_findings(found: Iterable[tuple[int, Finding]]) -> list[Raised]:
    made = (of_finding(chart, finding) for chart, finding in found)
    return [one for one in made if one is not None]


def _counted(page: Page, rows: Ints, side: Ints) -> tuple[int, int]:
    series = page.series
    days = (series.segment[rows] * _DAYS + series.local_day[rows]) * 2 + side
    return len(rows), len(np.unique(days))
