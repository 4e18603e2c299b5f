"""Alerts for tests: plausible unless a test says otherwise."""

import datetime as dt
from typing import Any
from uuid import UUID

from alerts.life.alert import Alert, State
from alerts.life.lifecycle import Policy
from care.programme import Ladder, Silence, Step
from care.rules import Lane, Severity

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)  # A Monday.
ANA = UUID("40000000-0000-0000-0000-00000000000a")
BEN = UUID("40000000-0000-0000-0000-00000000000b")
ORGANISATION = UUID("10000000-0000-0000-0000-000000000001")
PATIENT = UUID("20000000-0000-0000-0000-000000000002")
LADDERS = (
    Ladder(
        severity=Severity.CRITICAL,
        acknowledge_min=15,
        reopen_after_min=30,
        steps=(
            Step(after_min=0, to="nurse", hours="always"),
            Step(after_min=15, to="on_call", hours="always"),
        ),
    ),
    Ladder(
        severity=Severity.HIGH,
        acknowledge_min=240,
        reopen_after_min=480,
        steps=(Step(after_min=0, to="nurse"), Step(after_min=240, to="clinician")),
    ),
)
POLICY = Policy(ladders=LADDERS, silence=Silence())


def alert(**changes: Any) -> Alert:
    fields: dict[str, Any] = {
        "id": UUID("30000000-0000-0000-0000-000000000003"),
        "organisation_id": ORGANISATION,
        "patient_id": PATIENT,
        "subject_kind": "patient",
        "subject": str(PATIENT),
        "lane": Lane.MEDICAL,
        "rule": "bp-severe",
        "label": "Severe blood pressure",
        "plan_version_id": None,
        "kind": "blood_pressure",
        "metric": "systolic",
        "severity": Severity.CRITICAL,
        "peak": Severity.CRITICAL,
        "state": State.OPEN,
        "onset_reading": UUID(int=9),
        "onset_at": NOW,
        "last_at": NOW,
        "cleared_at": None,
        "cleared_why": None,
        "readings": 1,
        "value": 184.0,
        "worst": 184.0,
        "bound": {"metric": "systolic", "op": ">=", "value": 180},
        "reason": {"code": "limit"},
        "late": False,
        "latch": True,
        "opened_at": NOW,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "acknowledge_by": None,
        "snoozed_until": None,
        "escalation_level": 0,
        "generation": 1,
        "ended_at": None,
        "ended_by": None,
        "outcome": None,
        "updated_at": NOW,
        "version": 1,
    }
    fields |= changes
    state = fields["state"]
    if state is State.SNOOZED and fields["snoozed_until"] is None:
        fields["snoozed_until"] = NOW + dt.timedelta(hours=1)
    if not state.standing and fields["ended_at"] is None:
        fields["ended_at"] = NOW
    return Alert(**fields)
