"""What was found against what is kept: which alerts begin, change, clear, or never were. Pure.

Findings are what readings and plans say now; alerts carry besides what people did. One episode is
one alert, however often it is evaluated, and an evaluation that finds what is kept changes nothing.
A resolution cuts an episode: values that stay bad for longer than its quiet time are a new alert.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from alerts.judging.findings import Evidence, Finding, Phase
from alerts.life.alert import UNTOUCHED, Alert, Outcome, State
from alerts.life.events import (
    Cleared,
    Confirmed,
    Event,
    Opened,
    Recurred,
    Reinstated,
    Withdrawn,
    Worse,
)
from alerts.life.lifecycle import Changed, Policy, opened, step
from care.rules import RANK, Severity

NAMESPACE: Final = UUID("9f3b1c52-6a5e-5d0e-9a55-1d1f0c6a2b7e")
FOR_EVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)

PolicyOf = Callable[[Finding | Alert], Policy]
QuietOf = Callable[[Alert], dt.timedelta]


class Proof(Struct, frozen=True, kw_only=True):
    """The readings that an alert rests on, from `since` on: earlier ones stay as they are."""

    alert_id: UUID
    since: dt.datetime | None
    severity: Severity
    readings: tuple[Evidence, ...]


class Proved(Struct, frozen=True, kw_only=True):
    """What an alert rested on before an instant."""

    count: int
    greatest: float | None
    least: float | None
    last_at: dt.datetime
    latest: float | None
    """The number at `last_at`."""
    last_reading: UUID | None = None
    has_worst: bool = False
    """The worst number is among them."""


class Reconciled(Struct, frozen=True, kw_only=True):
    changes: tuple[Changed, ...] = ()
    """New versions, with history."""
    facts: tuple[Alert, ...] = ()
    """Alerts whose numbers moved on, which is no news: no version, no history."""
    proofs: tuple[Proof, ...] = ()


class Sight(Struct, frozen=True, kw_only=True):
    """Of one subject: what an evaluation saw."""

    organisation_id: UUID
    since: dt.datetime | None
    """Judged from here on; None: everything."""
    findings: Sequence[Finding]
    why_not: dict[tuple[str, dt.datetime], str] = {}
    """(rule, onset) -> why a value that was waited on came to nothing."""
    gone: Mapping[UUID, str] = {}
    """Alert -> what became of a reading that it rested on, and that is no longer the subject's."""
    proved: Mapping[UUID, Proved] = {}
    """Of alerts that began before `since` and rested on readings after it: what is left of them
    where those are judged anew."""


def reconcile(
    sight: Sight,
    kept: Iterable[Alert],
    *,
    now: dt.datetime,
    policy_of: PolicyOf,
    quiet_of: QuietOf,
) -> Reconciled:
    """`kept` holds every alert of the subject and the rules looked at that began, or was not over,
    at `since` or later, withdrawn ones too.
    """
    work = _Work(sight, list(kept), now=now, policy_of=policy_of, quiet_of=quiet_of)
    by_rule: dict[str, list[Finding]] = {}
    for finding in sight.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    rules = dict.fromkeys([*by_rule, *(alert.rule for alert in work.kept)])
    for rule in rules:
        work.rule(rule, by_rule.get(rule, []))
    return Reconciled(
        changes=tuple(work.changes), facts=tuple(work.facts), proofs=tuple(work.proofs)
    )


class _Work:
    def __init__(
        self,
        sight: Sight,
        kept: list[Alert],
        *,
        now: dt.datetime,
        policy_of: PolicyOf,
        quiet_of: QuietOf,
    ) -> None:
        self.kept = kept
        self.changes: list[Changed] = []
        self.facts: list[Alert] = []
        self.proofs: list[Proof] = []
        self._sight = sight
        self._now = now
        self._policy_of = policy_of
        self._quiet_of = quiet_of
        self._ids = {alert.id for alert in kept}

    def rule(self, rule: str, findings: Sequence[Finding]) -> None:
        mine = sorted(
            (alert for alert in self.kept if alert.rule == rule), key=lambda alert: alert.onset_at
        )
        standing = [alert for alert in mine if alert.state is not State.WITHDRAWN]
        withdrawn = [alert for alert in mine if alert.state is State.WITHDRAWN]
        for finding in sorted(findings, key=lambda each: each.onset_at):
            chain, merged = _chain([each for each in standing if _meet(each, finding)])
            standing = [each for each in standing if each not in chain and each not in merged]
            for alert in merged:
                self._end(alert, "it is one episode with an earlier alert")
            self._episode(finding, chain, withdrawn)
        for alert in standing:
            if self._sight.since is None or alert.onset_at >= self._sight.since:
                self._vanished(alert)

    def _episode(
        self, finding: Finding, chain: Sequence[Alert], withdrawn: Sequence[Alert]
    ) -> None:
        if not chain:
            self._begin(finding, finding.onset_at, finding.onset_reading, withdrawn)
            return
        for alert, follower in zip(chain, [*chain[1:], None], strict=True):
            if follower is not None:
                self._over_at(alert, follower.onset_at)
        last = chain[-1]
        closed_by_itself = last.outcome is Outcome.AUTO_CLEARED
        if last.state is not State.RESOLVED or (
            closed_by_itself and finding.phase is not Phase.CLEARED
        ):
            self._go_on(last, finding, first=len(chain) == 1)
            return
        again = self._again(last, finding)
        if again is None:
            self._rest(last, finding, first=len(chain) == 1)
        else:
            self._over_at(last, again.at)
            self._begin(finding, again.at, again.reading, withdrawn)

    def _again(self, resolved: Alert, finding: Finding) -> Evidence | None:
        """The first bad value after a resolution and its quiet time."""
        ended = resolved.ended_at or resolved.updated_at
        after = ended + self._quiet_of(resolved)
        return next((each for each in finding.readings if each.at > after), None)

    def _begin(
        self,
        finding: Finding,
        onset_at: dt.datetime,
        onset_reading: UUID | None,
        withdrawn: Sequence[Alert],
    ) -> None:
        before = next((each for each in withdrawn if each.onset_at == onset_at), None)
        if before is not None:
            moved = replace(before, **_facts(before, finding, None, first=True))
            back = self._step(moved, Reinstated())
            self._go_on(back, finding, first=True)
            return
        awaiting = finding.phase is Phase.AWAITING_REPEAT
        alert = self._new(finding, onset_at, onset_reading, awaiting=awaiting)
        change = opened(alert, Opened(), policy=self._policy_of(finding))
        self.changes.append(change)
        self._prove(change.alert, finding, since=onset_at)
        if finding.phase is Phase.CLEARED:
            self._step(change.alert, _cleared(finding))

    def _go_on(self, alert: Alert, finding: Finding, *, first: bool) -> None:
        """The alert as the finding has it; `first`: its onset may lie elsewhere than thought."""
        events = list(_events(alert, finding))
        columns = _facts(alert, finding, self._sight.proved.get(alert.id), first=first)
        moved = replace(alert, **columns)
        self._prove(moved, finding, since=self._sight.since)
        if not events:
            self._fact(alert, columns)
        for event in events:
            moved = self._step(moved, event)

    def _rest(self, resolved: Alert, finding: Finding, *, first: bool) -> None:
        """Resolved, and its episode goes on or ends within the quiet time: only its facts move."""
        columns = _facts(resolved, finding, self._sight.proved.get(resolved.id), first=first)
        if finding.phase is Phase.CLEARED:
            columns |= {"cleared_at": finding.cleared_at, "cleared_why": _why(finding)}
        self._prove(resolved, finding, since=self._sight.since)
        self._fact(resolved, columns)

    def _over_at(self, alert: Alert, at: dt.datetime) -> None:
        if alert.cleared_at is None or alert.cleared_at > at:
            self._fact(alert, {"cleared_at": at, "cleared_why": "followed by another alert"})

    def _fact(self, alert: Alert, columns: dict[str, Any]) -> None:
        moved = replace(alert, **columns)
        if moved != alert:
            self.facts.append(replace(moved, updated_at=self._now))

    def _vanished(self, alert: Alert) -> None:
        """Kept, and not found any more."""
        sight = self._sight
        why = sight.gone.get(alert.id) or sight.why_not.get((alert.rule, alert.onset_at))
        self._end(alert, why or "what is known now does not bear it")

    def _end(self, alert: Alert, why: str) -> None:
        """What a person resolved stays resolved: what was done was done."""
        if alert.state.standing or alert.outcome is Outcome.AUTO_CLEARED:
            self._step(alert, Withdrawn(why=why))

    def _step(self, alert: Alert, event: Event) -> Alert:
        answer = step(alert, event, now=self._now, policy=self._policy_of(alert))
        if not isinstance(answer, Changed):
            return alert
        self.changes.append(answer)
        return answer.alert

    def _prove(self, alert: Alert, finding: Finding, *, since: dt.datetime | None) -> None:
        readings = tuple(each for each in finding.readings if each.at >= alert.onset_at)
        self.proofs.append(
            Proof(alert_id=alert.id, since=since, severity=finding.severity, readings=readings)
        )

    def _new(
        self, finding: Finding, onset_at: dt.datetime, onset_reading: UUID | None, *, awaiting: bool
    ) -> Alert:
        subject = str(finding.patient_id)
        name = (
            f"{self._sight.organisation_id}/patient/{subject}/{finding.rule}/{onset_at.isoformat()}"
        )
        alert_id = uuid5(NAMESPACE, name)
        while alert_id in self._ids:  # An alert whose onset has moved away bears this one's name.
            alert_id = uuid5(alert_id, name)
        self._ids.add(alert_id)
        return Alert(
            id=alert_id,
            organisation_id=self._sight.organisation_id,
            patient_id=finding.patient_id,
            subject_kind="patient",
            subject=subject,
            lane=finding.lane,
            rule=finding.rule,
            label=finding.label,
            plan_version_id=finding.plan_version,
            kind=finding.kind,
            metric=finding.metric,
            severity=finding.severity,
            peak=finding.severity,
            state=State.AWAITING_REPEAT if awaiting else State.OPEN,
            onset_reading=onset_reading,
            onset_at=onset_at,
            last_at=finding.last_at,
            readings=sum(each.at >= onset_at for each in finding.readings) or finding.count,
            value=_number(finding.value),
            worst=_number(finding.worst),
            bound=_bound(finding),
            reason=msgspec.to_builtins(finding.reason),
            late=finding.late,
            latch=finding.latch,
            opened_at=self._now,
            updated_at=self._now,
            **UNTOUCHED,
        )


def _meet(alert: Alert, finding: Finding) -> bool:
    """Whether both are about the same stretch of time."""
    if alert.onset_at == finding.onset_at:
        return True
    end = finding.cleared_at or FOR_EVER
    return alert.onset_at < end and finding.onset_at < (alert.cleared_at or FOR_EVER)


def _chain(alerts: Sequence[Alert]) -> tuple[list[Alert], list[Alert]]:
    """Alerts of one episode in a row, each begun after the one before was resolved; and the rest,
    which late readings have shown to be one with an earlier one.
    """
    chain: list[Alert] = []
    merged: list[Alert] = []
    for alert in alerts:
        ended = chain[-1].ended_at if chain else None
        if not chain or (ended is not None and alert.onset_at >= ended):
            chain.append(alert)
        else:
            merged.append(alert)
    return chain, merged


def _events(alert: Alert, finding: Finding) -> Iterable[Event]:
    if alert.state is State.AWAITING_REPEAT and finding.phase is not Phase.AWAITING_REPEAT:
        yield Confirmed(why=finding.reason.code)
    if finding.phase is not Phase.CLEARED and alert.cleared_at is not None:
        yield Recurred()
    graver = RANK[finding.severity] > RANK[alert.severity]
    if graver or (alert.state is State.SNOOZED and _worse(alert, finding)):
        yield Worse(severity=finding.severity, value=_number(finding.worst))
    if finding.phase is Phase.CLEARED and alert.cleared_at is None:
        yield _cleared(finding)


def _worse(alert: Alert, finding: Finding) -> bool:
    """By number, on the side of the bound; HI and LO, which are no numbers, are always worse."""
    if math.isinf(finding.worst):
        return alert.worst is not None
    if alert.worst is None or math.isnan(finding.worst):
        return False
    upward = finding.bound is None or finding.bound.op.upward
    return finding.worst > alert.worst if upward else finding.worst < alert.worst


def _facts(alert: Alert, finding: Finding, proved: Proved | None, *, first: bool) -> dict[str, Any]:
    """Columns that follow the readings without anybody's doing."""
    columns: dict[str, Any] = {"late": finding.late, "label": finding.label}
    if alert.late != finding.late:
        columns["lane"] = finding.lane
    if finding.readings or not finding.continued:
        columns |= _latest(alert, finding)
    elif proved is not None:
        # What it rested on since then is gone: the rest of it is what it was before.
        columns |= {
            "last_at": proved.last_at,
            "value": proved.latest,
            "worst": _number(finding.worst),
        }
    if first:
        columns |= {
            "readings": finding.count,
            "onset_at": finding.onset_at,
            "onset_reading": finding.onset_reading or alert.onset_reading,
        }
    else:
        newer = sum(each.at > alert.last_at for each in finding.readings)
        columns["readings"] = alert.readings + newer
    if alert.cleared_at is not None and finding.cleared_at is not None:
        columns |= {"cleared_at": finding.cleared_at, "cleared_why": _why(finding)}
    return columns


def _latest(alert: Alert, finding: Finding) -> dict[str, Any]:
    """`bound` is that of the worst number: where that is an old one, it is known already."""
    return {
        "last_at": finding.last_at,
        "value": _number(finding.value),
        "worst": _number(finding.worst),
        "bound": _bound(finding) or alert.bound,
        "reason": msgspec.to_builtins(finding.reason),
    }


def _cleared(finding: Finding) -> Cleared:
    return Cleared(at=finding.cleared_at or finding.last_at, why=_why(finding) or "")


def _why(finding: Finding) -> str | None:
    return None if finding.cleared_why is None else str(finding.cleared_why)


def _bound(finding: Finding) -> dict[str, Any] | None:
    found: dict[str, Any] | None = msgspec.to_builtins(finding.bound)
    return found


def _number(value: float) -> float | None:
    """What a column and JSON can hold; HI and LO stand in the reason."""
    return value if math.isfinite(value) else None
