"""Episodes of one rule as findings."""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import numpy as np

from alerts.columns.series import Ints
from alerts.columns.verdicts import NO_BOUND, NO_ROW
from alerts.judging.batch import Standing, microseconds, moment
from alerts.judging.edges import Edge, edge_at, edges
from alerts.judging.findings import ClearedWhy, Dismissed, Evidence, Finding, Phase, Reason
from alerts.judging.in_force import NO_PLAN
from alerts.judging.labels import label
from alerts.judging.page import Page
from alerts.judging.reasons import awaiting, judged_at, onset
from alerts.judging.rulings import Judged
from care.rules import ConfirmedLimit, Lane, Rule

_MINUTE: Final = dt.timedelta(minutes=1)


def reported(page: Page, judged: Judged) -> Iterator[tuple[int, Finding]]:
    """(chart, finding) for each episode, and for each value that waits for its repeat."""
    return Report(page, judged).findings()


def lane_of(lane: Lane, *, late: bool) -> Lane:
    """What arrived late is to be read; nobody is called for it."""
    return Lane.REVIEW if late and lane in {Lane.MEDICAL, Lane.NEEDS_CHECK} else lane


class Report:
    """One rule of one page."""

    def __init__(self, page: Page, judged: Judged) -> None:
        self._page = page
        self._judged = judged
        self._standing = page.standing.get(judged.forms.rule, {})

    def findings(self) -> Iterator[tuple[int, Finding]]:
        for index in range(len(self._judged.folded.rows)):
            yield self.episode(index)
        for row in self._judged.folded.pending.tolist():
            yield self.waiting(row)

    def opening(self, row: int) -> Reason:
        """Why the episode that begins with this breach does."""
        rule = self._judged.forms.of(int(self._page.plan_of_row[row]))
        return onset(rule, self._page.series, self._judged.verdicts, row)

    def doubt(self, row: int) -> str | None:
        """Why this reading may be wrong."""
        del row  # Evidence is not doubtful.
        return None

    def episode(self, index: int) -> tuple[int, Finding]:
        page, episodes = self._page, self._judged.folded.episodes
        chart, late = int(episodes.segment[index]), bool(episodes.late[index])
        standing = self._standing[chart] if episodes.continued[index] else None
        last, opened = int(episodes.last_row[index]), int(episodes.opened_row[index])
        place = self._plan_at(chart, last, standing)
        rule = self._judged.forms.of(place)
        edge = self._edge(rule, int(episodes.worst_row[index]), standing)
        cleared_at, cleared_by, why = self._cleared(
            int(episodes.cleared_row[index]), place, page.charts[chart].since
        )
        return chart, Finding(
            patient_id=page.charts[chart].patient_id,
            rule=rule.id,
            kind=page.kind,
            plan_version=self._version(opened, place, standing),
            severity=rule.severity,
            lane=lane_of(rule.lane, late=late),
            label=rule.label or label(rule),
            latch=rule.latch,
            phase=Phase.OPEN if cleared_at is None else Phase.CLEARED,
            continued=standing is not None,
            onset_at=moment(int(episodes.onset_at[index])),
            onset_reading=(
                page.readings[int(episodes.onset_row[index])]
                if standing is None
                else standing.onset_reading
            ),
            last_at=self._last_at(last, standing),
            last_reading=self._last_reading(last, standing),
            cleared_at=cleared_at,
            cleared_by=cleared_by,
            cleared_why=why,
            count=int(episodes.count[index]),
            metric=None if edge is None else edge.metric,
            value=self._value(last, standing),
            worst=float(episodes.worst[index]),
            bound=None if edge is None else edge.bound,
            reason=self._reason(rule, opened, last, standing),
            late=late,
            doubt=None if last == NO_ROW else self.doubt(last),
            readings=self._evidence(self._judged.folded.rows[index]),
        )

    def waiting(self, row: int) -> tuple[int, Finding]:
        page, verdicts = self._page, self._judged.verdicts
        place, chart = int(page.plan_of_row[row]), int(page.series.segment[row])
        rule = self._judged.forms.of(place)
        edge = edge_at(rule, int(verdicts.bound[row]))
        at, late = moment(int(page.series.at[row])), bool(page.late[row])
        until = at + (rule.within_min if isinstance(rule, ConfirmedLimit) else 0) * _MINUTE
        return chart, Finding(
            patient_id=page.charts[chart].patient_id,
            rule=rule.id,
            kind=page.kind,
            plan_version=page.force.plans[place].id,
            severity=rule.severity,
            lane=lane_of(rule.lane, late=late),
            label=rule.label or label(rule),
            latch=rule.latch,
            phase=Phase.AWAITING_REPEAT,
            continued=False,
            onset_at=at,
            onset_reading=page.readings[row],
            last_at=at,
            last_reading=page.readings[row],
            waits_until=until,
            count=1,
            metric=None if edge is None else edge.metric,
            value=float(verdicts.value[row]),
            worst=float(verdicts.value[row]),
            bound=None if edge is None else edge.bound,
            reason=awaiting(rule, page.series, verdicts, row, until),
            late=late,
            readings=self._evidence(np.array([row])),
        )

    def _plan_at(self, chart: int, last: int, standing: Standing | None) -> int:
        """The version in force at the latest bad reading."""
        if last != NO_ROW:
            return int(self._page.plan_of_row[last])
        if standing is None:
            return NO_PLAN
        place = self._page.force.at(chart, microseconds(standing.last_at or standing.onset_at))
        since = self._page.charts[chart].since
        if place == NO_PLAN and since is not None:
            return self._page.force.at(chart, microseconds(since))
        return place

    def _version(self, opened: int, place: int, standing: Standing | None) -> UUID:
        if standing is not None and standing.plan_version is not None:
            return standing.plan_version
        return self._page.force.plans[place if standing else int(self._page.plan_of_row[opened])].id

    def _edge(self, rule: Rule, worst: int, standing: Standing | None) -> Edge | None:
        bound = NO_BOUND if worst == NO_ROW else int(self._judged.verdicts.bound[worst])
        if bound == NO_BOUND and standing is not None:
            for edge in edges(rule):
                if edge.upward is standing.upward and edge.value == standing.limit:
                    return edge
        return edge_at(rule, bound)

    def _value(self, last: int, standing: Standing | None) -> float:
        if last == NO_ROW and standing is not None:
            return standing.value
        return float(self._judged.verdicts.value[last])

    def _last_at(self, last: int, standing: Standing | None) -> dt.datetime:
        if last != NO_ROW or standing is None:
            return moment(int(self._page.series.at[last]))
        return standing.last_at or standing.onset_at

    def _last_reading(self, last: int, standing: Standing | None) -> UUID | None:
        if last != NO_ROW:
            return self._page.readings[last]
        return None if standing is None else standing.last_reading

    def _cleared(
        self, row: int, place: int, since: dt.datetime | None
    ) -> tuple[dt.datetime | None, UUID | None, ClearedWhy | None]:
        page = self._page
        if row != NO_ROW and self._judged.form_of_row[row] >= 0:
            at = moment(int(page.series.at[row]))
            return at, page.readings[row], ClearedWhy.GOOD_AGAIN
        if place == NO_PLAN:
            return since, None, ClearedWhy.PLAN_CHANGED
        end = page.force.last_end(place, self._judged.forms.of_plan)
        if row != NO_ROW or end <= page.now_us:
            return moment(end), None, ClearedWhy.PLAN_CHANGED
        return None, None, None

    def _reason(self, rule: Rule, opened: int, last: int, standing: Standing | None) -> Reason:
        series, verdicts = self._page.series, self._judged.verdicts
        if standing is None:
            return self.opening(opened)
        if standing.reason is not None:
            return standing.reason
        facts = {} if last == NO_ROW else judged_at(rule, series, verdicts, last)
        return Reason(code="continued", facts=facts)

    def _evidence(self, rows: Ints) -> tuple[Evidence, ...]:
        page, values = self._page, self._judged.verdicts.value
        return tuple(
            Evidence(reading=page.readings[row], at=moment(at), value=value)
            for row, at, value in zip(
                rows.tolist(), page.series.at[rows].tolist(), values[rows].tolist(), strict=True
            )
        )


def dismissed(page: Page, judged: Judged) -> Iterator[Dismissed]:
    """First values that crossed, outside of any episode, and were good when measured again."""
    verdicts, series = judged.verdicts, page.series
    if verdicts.first is None:
        return
    counted = np.flatnonzero(verdicts.known)
    crosses = verdicts.bound[counted] != NO_BOUND
    unconfirmed = crosses & (verdicts.first[counted] == NO_ROW) & page.part[counted]
    alerted = {row for rows in judged.folded.rows for row in rows.tolist()}
    for place in np.flatnonzero(unconfirmed[:-1] & ~crosses[1:]).tolist():
        row, again = int(counted[place]), int(counted[place + 1])
        rule = judged.forms.forms[int(judged.form_of_row[row])]
        if row in alerted or not isinstance(rule, ConfirmedLimit):
            continue
        waited = moment(int(series.at[again])) - moment(int(series.at[row]))
        if series.segment[row] == series.segment[again] and waited <= rule.within_min * _MINUTE:
            yield Dismissed(
                patient_id=page.charts[int(series.segment[row])].patient_id,
                rule=rule.id,
                first_at=moment(int(series.at[row])),
                first_reading=page.readings[row],
                first_value=float(verdicts.value[row]),
                repeat_at=moment(int(series.at[again])),
                repeat_reading=page.readings[again],
                repeat_value=float(verdicts.value[again]),
            )
