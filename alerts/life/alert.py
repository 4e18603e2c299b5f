"""An alert as its row has it, and the words of its columns."""

import datetime as dt
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from care.rules import Lane, Severity


class State(StrEnum):
    AWAITING_REPEAT = "awaiting_repeat"  # A first value is out of bounds; a repeat was asked for.
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # Somebody has taken it on.
    SNOOZED = "snoozed"  # Until an instant that the row names.
    ESCALATED = "escalated"  # Open, and the next in line was told.
    RESOLVED = "resolved"  # Dealt with, with an outcome.
    WITHDRAWN = "withdrawn"  # Later facts show that it never was.

    @property
    def standing(self) -> bool:
        """Whether it is in the queue."""
        return self not in {State.RESOLVED, State.WITHDRAWN}

    @property
    def unattended(self) -> bool:
        """Whether somebody still has to take it on: its ladder runs."""
        return self in {State.OPEN, State.ESCALATED}


class Outcome(StrEnum):
    """What came of it."""

    CALLED_PATIENT = "called_patient"
    ADVICE_GIVEN = "advice_given"
    MEDICATION_CHANGED = "medication_changed"
    VISIT_ARRANGED = "visit_arranged"
    SENT_TO_EMERGENCY = "sent_to_emergency"
    WATCH = "watch"
    FALSE_ALARM = "false_alarm"
    MEASUREMENT_ERROR = "measurement_error"
    WRONG_PERSON = "wrong_person"
    DEVICE_FIXED = "device_fixed"
    DATA_ARRIVED = "data_arrived"
    PATIENT_REMINDED = "patient_reminded"
    AUTO_CLEARED = "auto_cleared"  # By Hearthbeat: it had cleared and does not latch.
    OTHER = "other"


class Alert(Struct, frozen=True, kw_only=True):
    """One episode of one rule about one subject, and what was done about it."""

    id: UUID
    organisation_id: UUID
    patient_id: UUID | None
    subject_kind: str
    subject: str
    lane: Lane
    rule: str
    label: str
    plan_version_id: UUID | None
    kind: str | None
    metric: str | None
    severity: Severity
    peak: Severity
    state: State
    onset_reading: UUID | None
    onset_at: dt.datetime
    last_at: dt.datetime
    cleared_at: dt.datetime | None
    cleared_why: str | None
    readings: int
    value: float | None
    worst: float | None
    bound: dict[str, Any] | None
    reason: dict[str, Any]
    late: bool
    latch: bool
    opened_at: dt.datetime
    acknowledged_at: dt.datetime | None
    acknowledged_by: UUID | None
    acknowledge_by: dt.datetime | None
    snoozed_until: dt.datetime | None
    escalation_level: int
    generation: int
    ended_at: dt.datetime | None
    ended_by: UUID | None
    outcome: Outcome | None
    updated_at: dt.datetime
    version: int


UNTOUCHED: Final[dict[str, Any]] = {
    "cleared_at": None,
    "cleared_why": None,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "acknowledge_by": None,
    "snoozed_until": None,
    "escalation_level": 0,
    "generation": 1,
    "ended_at": None,
    "ended_by": None,
    "outcome": None,
    "version": 1,
}
"""What every alert begins with: nobody has looked at it, and its values are not good again."""
