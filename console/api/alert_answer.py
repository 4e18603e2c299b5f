"""An alert as the API shows it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.explanation import explained
from alerts.life import rows
from alerts.life.alert import Alert, Outcome, State
from alerts.life.priority import Priority, priority
from care.rules import Lane, Severity
from console.api.alert_units import in_units
from console.web.formats import Units

CANONICAL: Final = Units()


class ClaimAnswer(Struct, frozen=True, kw_only=True):
    """Somebody is looking at this row of the queue."""

    user: UUID
    username: str
    until: dt.datetime


class AlertAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    version: int
    """Send it with every change: 412 when it is not this any more."""
    state: State
    severity: Severity
    peak: Severity
    lane: Lane
    patient: UUID | None
    subject_kind: str
    subject: str
    rule: str
    label: str
    why: str
    """In words, in the patient's zone."""
    reason: dict[str, Any]
    """The same as code and facts."""
    plan_version: UUID | None
    """The plan version that raised it."""
    kind: str | None
    metric: str | None
    value: float | None
    worst: float | None
    bound: dict[str, Any] | None
    readings: int
    late: bool
    onset_reading: UUID | None
    onset_at: dt.datetime
    last_at: dt.datetime
    cleared_at: dt.datetime | None
    cleared_why: str | None
    opened_at: dt.datetime
    acknowledge_by: dt.datetime | None
    acknowledged_at: dt.datetime | None
    acknowledged_by: UUID | None
    acknowledged_name: str | None
    snoozed_until: dt.datetime | None
    escalation_level: int
    ended_at: dt.datetime | None
    outcome: Outcome | None
    claim: ClaimAnswer | None
    priority: Priority


class AlertPage(Struct, frozen=True, kw_only=True):
    items: list[AlertAnswer]
    next: str | None


def shown(
    row: Mapping[str, Any], *, zone: ZoneInfo, now: dt.datetime, units: Units = CANONICAL
) -> AlertAnswer:
    """A row of console/sql/alerts.sql. `units`: of the words; numbers are canonical."""
    claim = None
    if row["claim_user"] is not None:
        claim = ClaimAnswer(
            user=row["claim_user"], username=row["claim_name"], until=row["claim_until"]
        )
    return answer_of(
        rows.from_row(row),
        zone=zone,
        now=now,
        claim=claim,
        acknowledged_name=row["acknowledged_name"],
        units=units,
    )


def answer_of(
    alert: Alert,
    *,
    zone: ZoneInfo,
    now: dt.datetime,
    claim: ClaimAnswer | None,
    acknowledged_name: str | None,
    units: Units = CANONICAL,
) -> AlertAnswer:
    return AlertAnswer(
        id=alert.id,
        version=alert.version,
        state=alert.state,
        severity=alert.severity,
        peak=alert.peak,
        lane=alert.lane,
        patient=alert.patient_id,
        subject_kind=alert.subject_kind,
        subject=alert.subject,
        rule=alert.rule,
        label=alert.label,
        why=explained(in_units(alert, units), zone=zone),
        reason=alert.reason,
        plan_version=alert.plan_version_id,
        kind=alert.kind,
        metric=alert.metric,
        value=alert.value,
        worst=alert.worst,
        bound=alert.bound,
        readings=alert.readings,
        late=alert.late,
        onset_reading=alert.onset_reading,
        onset_at=alert.onset_at,
        last_at=alert.last_at,
        cleared_at=alert.cleared_at,
        cleared_why=alert.cleared_why,
        opened_at=alert.opened_at,
        acknowledge_by=alert.acknowledge_by,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
        acknowledged_name=acknowledged_name,
        snoozed_until=alert.snoozed_until,
        escalation_level=alert.escalation_level,
        ended_at=alert.ended_at,
        outcome=alert.outcome,
        claim=claim,
        priority=priority(alert, now=now),
    )
