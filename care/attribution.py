"""Whose reading is it? Decided by who had the device when it measured, never by who has it now."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class State(StrEnum):
    """How sure it is whose a reading is."""

    ASSIGNED = "assigned"
    AMBIGUOUS = "ambiguous"  # It belongs to one of several people.
    QUARANTINED = "quarantined"  # It belongs to nobody known.


class Reason(StrEnum):
    """Why nobody is named."""

    UNASSIGNED = "unassigned"  # Nobody had the device then.
    NOT_THIS_PERSON = "not_this_person"  # A user slot that nobody had then.
    AMBIGUOUS_USER = "ambiguous_user"  # People share the device and it did not say who measured.
    FAR_FROM_USUAL = "far_from_usual"  # A weight far off, where others use the device: care.usual.
    NOBODYS = "nobodys"  # Somebody of the clinic has said that it is no patient's.


class Assignment(Struct, frozen=True, kw_only=True):
    """A device, or one user slot of it, is a patient's from `starts_at` until before `ends_at`."""

    id: UUID
    patient_id: UUID
    user_slot: int | None
    """The user number on the device; None where the whole device is one person's."""
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    """None while it lasts."""

    def holds(self, at: dt.datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Attribution(Struct, frozen=True, kw_only=True):
    """An assignment, or the reason for none."""

    state: State
    reason: Reason | None = None
    assignment: Assignment | None = None

    @property
    def patient_id(self) -> UUID | None:
        return None if self.assignment is None else self.assignment.patient_id


def attribute(
    assignments: Iterable[Assignment], *, user: int | None, measured_at: dt.datetime
) -> Attribution:
    """Who of a device's assignments the reading belongs to.

    A slot that is set counts even when it is the only one: on a shared scale, the visitor who
    steps on it without pressing a button is not the patient.
    """
    then = [assignment for assignment in assignments if assignment.holds(measured_at)]
    if not then:
        return _nobody(State.QUARANTINED, Reason.UNASSIGNED)
    if user is None and any(assignment.user_slot is not None for assignment in then):
        return _nobody(State.AMBIGUOUS, Reason.AMBIGUOUS_USER)
    theirs = [each for each in then if each.user_slot is None or each.user_slot == user]
    if not theirs:
        return _nobody(State.QUARANTINED, Reason.NOT_THIS_PERSON)
    if len(theirs) > 1:
        return _nobody(State.AMBIGUOUS, Reason.AMBIGUOUS_USER)
    return Attribution(state=State.ASSIGNED, assignment=theirs[0])


def _nobody(state: State, reason: Reason) -> Attribution:
    return Attribution(state=state, reason=reason)
