"""Limits tried on a patient's own past: counts per rule and week, and what to draw.

The past is judged twice by the machinery of `POST /limits/dry-run`, once with the limits that hold
and once with those that are tried; nothing is changed by it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from care.plans import PlanVersion
from care.rules import Lane, Rule
from console.api.dry_run import LimitsTrial, TrialAnswer, TriedEpisode, tried
from console.chart.figure import DrawnFigure
from console.chart.figures import figure
from console.chart.plots import SHOWN
from console.chart.ranges import Range, range_of
from console.chart.record import ChartAlert, Record, load_record
from console.web.formats import Units
from store.pool import Connection
from vitals.kinds import Kind

DAYS: Final = 90
WEEKS: Final = 13
WEEK: Final = dt.timedelta(days=7)
LONG_AGO: Final = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    label: str
    severity: str
    before: int
    after: int

    @property
    def change(self) -> str:
        """+3, -2; empty where it stays."""
        return f"{self.after - self.before:+d}".replace("-", "\u2212") if self.moved else ""

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRow:
    begins: dt.date
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One kind of measurement, as now and as tried."""

    title: str
    before: DrawnFigure
    after: DrawnFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    readings: int
    weeks_measured: float
    before: int
    after: int
    late_before: int
    late_after: int
    """Of readings that came late: nobody would have been called."""
    acted_on: int
    """Alerts of the past that somebody did something about."""
    acted_on_lost: int
    """Of these, those that would not have been raised."""
    acted_on_lost_now: int
    """And those that the limits in force would not raise either."""
    rules: tuple[RuleRow, ...]
    weeks: tuple[WeekRow, ...]
    pairs: tuple[Pair, ...]


async def trial_of(  # noqa: PLR0913 - what is tried, of whom, and how it is shown
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    overrides: Mapping[str, Any],
    *,
    plan: PlanVersion,
    rules: Sequence[Rule],
    units: Units,
    zone: ZoneInfo,
    now: dt.datetime,
) -> Trial:
    """`rules`: what the overrides come to. Raises FaultsError and InvalidError."""
    span = range_of("90d", zone=zone, now=now)
    asked = LimitsTrial(patients=(patient_id,), since=now - dt.timedelta(days=DAYS), to=now)
    then = msgspec.structs.replace(asked, overrides=dict(overrides))
    after = await tried(conn, organisation_id, then, now=now)
    before = await tried(conn, organisation_id, asked, now=now)
    record = await load_record(conn, organisation_id, patient_id, span=span)
    return Trial(
        readings=after.readings.valid,
        weeks_measured=after.patient_weeks,
        before=before.alerts,
        after=after.alerts,
        late_before=before.late,
        late_after=after.late,
        acted_on=after.acted_on.alerts if after.acted_on else 0,
        acted_on_lost=after.acted_on.lost if after.acted_on else 0,
        acted_on_lost_now=before.acted_on.lost if before.acted_on else 0,
        rules=rule_rows(before, after),
        weeks=week_rows(before.episodes, after.episodes, span=span),
        pairs=_pairs(record, plan, rules, before, after, units=units, now=now),
    )


def rule_rows(before: TrialAnswer, after: TrialAnswer) -> tuple[RuleRow, ...]:
    """Rules that are on in either, those that would change first."""
    mine = {each.rule: each for each in before.rules}
    theirs = {each.rule: each for each in after.rules}
    rows = []
    for rule in dict.fromkeys([*mine, *theirs]):
        known = theirs.get(rule) or mine[rule]
        rows.append(
            RuleRow(
                label=known.label or rule,
                severity=known.severity,
                before=mine[rule].alerts if rule in mine else 0,
                after=theirs[rule].alerts if rule in theirs else 0,
            )
        )
    return tuple(sorted(rows, key=lambda row: not row.moved))


def week_rows(
    before: Sequence[TriedEpisode], after: Sequence[TriedEpisode], *, span: Range
) -> tuple[WeekRow, ...]:
    """Weeks of seven days up to today, the last one first."""
    rows = []
    for number in range(WEEKS):
        until = span.until - number * WEEK
        since = until - WEEK
        counts = [
            sum(since <= each.onset_at < until for each in side if raised(each))
            for side in (before, after)
        ]
        begins = since.astimezone(span.zone).date()
        rows.append(WeekRow(begins=begins, before=counts[0], after=counts[1]))
    return tuple(rows)


def raised(episode: TriedEpisode) -> bool:
    """What somebody would have been told of: not late, and no query about the measurement."""
    return not episode.late and episode.lane is Lane.MEDICAL


def _pairs(
    record: Record,
    plan: PlanVersion,
    rules: Sequence[Rule],
    before: TrialAnswer,
    after: TrialAnswer,
    *,
    units: Units,
    now: dt.datetime,
) -> tuple[Pair, ...]:
    """Of the kinds whose rules would be others, and of which there are readings."""
    made = []
    for kind in SHOWN:
        found = record.kinds.get(kind)
        if found is None or not found.inside(record.span).any():
            continue
        if _of(plan.rules, kind) == _of(rules, kind):
            continue
        sides = [
            figure(_as_if(record, plan, side_rules, answer), found, units=units, now=now)
            for side_rules, answer in ((plan.rules, before), (rules, after))
        ]
        made.append(Pair(title=SHOWN[kind].title, before=sides[0], after=sides[1]))
    return tuple(made)


def _of(rules: Sequence[Rule], kind: Kind) -> list[Rule]:
    return [rule for rule in rules if rule.kind == kind]


def _as_if(record: Record, plan: PlanVersion, rules: Sequence[Rule], answer: TrialAnswer) -> Record:
    """The same past, as if these rules had held all the time."""
    always = msgspec.structs.replace(
        plan, rules=tuple(rules), effective_from=LONG_AGO, effective_to=None, withdrawn_at=None
    )
    labels = {rule.id: rule.label or rule.id for rule in rules}
    marks = [
        _mark(number, each, labels.get(each.rule, each.rule))
        for number, each in enumerate(answer.episodes)
        if raised(each)
    ]
    return replace(record, plans=[always], alerts=marks)


def _mark(number: int, episode: TriedEpisode, label: str) -> ChartAlert:
    return ChartAlert(
        id=UUID(int=number),
        kind=episode.kind,
        metric=None,
        lane=episode.lane,
        severity=episode.severity,
        peak=episode.severity,
        state="open",
        label=label,
        onset_at=episode.onset_at,
        cleared_at=episode.cleared_at,
        ended_at=None,
    )
