"""Readings that came late, as one item for review: read by a person, paging nobody. Pure.

After an outage a home sends days of readings at once. Each is judged at its own time and counts in
trends and days; but what was high on Tuesday is no emergency on Friday.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from alerts.evaluating.reconcile import NAMESPACE
from alerts.judging.findings import Finding
from alerts.life.alert import UNTOUCHED, Alert, State
from alerts.life.events import Opened, Worse
from alerts.life.lifecycle import Changed, Policy, opened, step
from care.rules import RANK, Lane, Severity

RULE: Final = "late-readings"
ONE_ARRIVAL: Final = dt.timedelta(hours=6)
"""Late readings that arrive no further apart than this are one backlog."""

MILD: Final = Severity.LOW
GRAVEST: Final = Severity.MEDIUM
"""Whatever was found in it: it is looked at on the next working day, and wakes nobody."""

FINDINGS_MOST: Final = 20


class Arrivals(Struct, frozen=True, kw_only=True):
    """A patient's late readings in one backlog, all of them, as the table has them."""

    organisation_id: UUID
    patient_id: UUID
    count: int
    first_measured: dt.datetime
    last_measured: dt.datetime
    first_received: dt.datetime
    last_received: dt.datetime


def backlog(
    arrivals: Arrivals,
    findings: Sequence[Finding],
    standing: Alert | None,
    *,
    now: dt.datetime,
    policy: Policy,
) -> tuple[list[Changed], list[Alert]]:
    """The changes, and facts without news, that make one item of it.

    `findings` are those that rest on late readings alone; `standing` is the item of this backlog,
    or of one no longer than ONE_ARRIVAL before it, if it is still in the queue.
    """
    severity = _severity(findings)
    columns = _columns(arrivals, findings)
    if standing is None:
        alert = _new(arrivals, severity, columns, now=now)
        return [opened(alert, Opened(why="a backlog arrived"), policy=policy)], []
    merged = columns | {"reason": _merged(standing.reason, columns["reason"])}
    moved = replace(standing, **merged)
    if RANK[severity] > RANK[standing.severity]:
        answer = step(moved, Worse(severity=severity), now=now, policy=policy)
        if isinstance(answer, Changed):
            return [answer], []
    return [], [] if moved == standing else [replace(moved, updated_at=now)]


def _severity(findings: Sequence[Finding]) -> Severity:
    worst = max((RANK[finding.severity] for finding in findings), default=0)
    return GRAVEST if worst >= RANK[GRAVEST] else MILD


def _columns(arrivals: Arrivals, findings: Sequence[Finding]) -> dict[str, Any]:
    listed = [
        {
            "rule": finding.rule,
            "label": finding.label,
            "severity": str(finding.severity),
            "at": finding.onset_at.isoformat(),
            "readings": finding.count,
            "reason": {"code": finding.reason.code, "facts": dict(finding.reason.facts)},
        }
        for finding in sorted(
            findings, key=lambda each: (-RANK[each.severity], each.onset_at, each.rule)
        )
    ]
    return {
        "last_at": arrivals.last_measured,
        "readings": arrivals.count,
        "reason": {
            "code": "late_readings",
            "facts": {
                "count": arrivals.count,
                "from": arrivals.first_measured.isoformat(),
                "to": arrivals.last_measured.isoformat(),
                "arrived": arrivals.last_received.isoformat(),
                "found": len(listed),
            },
            "findings": listed[:FINDINGS_MOST],
        },
    }


def _merged(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Findings of earlier parts of the backlog stay; the same episode is listed once, as it is."""
    listed = {(each["rule"], each["at"]): each for each in before.get("findings", ())}
    listed |= {(each["rule"], each["at"]): each for each in after["findings"]}
    ordered = sorted(
        listed.values(),
        key=lambda each: (-RANK[Severity(each["severity"])], each["at"], each["rule"]),
    )
    facts = after["facts"] | {"found": len(ordered)}
    return after | {"facts": facts, "findings": ordered[:FINDINGS_MOST]}


def _new(
    arrivals: Arrivals, severity: Severity, columns: dict[str, Any], *, now: dt.datetime
) -> Alert:
    subject = str(arrivals.patient_id)
    name = f"{arrivals.organisation_id}/patient/{subject}/{RULE}/{arrivals.first_received}"
    return Alert(
        id=uuid5(NAMESPACE, name),
        organisation_id=arrivals.organisation_id,
        patient_id=arrivals.patient_id,
        subject_kind="patient",
        subject=subject,
        lane=Lane.REVIEW,
        rule=RULE,
        label="Late readings",
        plan_version_id=None,
        kind=None,
        metric=None,
        severity=severity,
        peak=severity,
        state=State.OPEN,
        onset_reading=None,
        onset_at=arrivals.first_received,
        value=None,
        worst=None,
        bound=None,
        late=True,
        latch=True,
        opened_at=now,
        updated_at=now,
        **columns,
        **UNTOUCHED,
    )
