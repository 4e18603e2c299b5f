"""What ingest hands over to be committed, and what it learns of it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from msgspec import Struct

from vitals.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whose a reading is, and how sure that is: one object for all readings of which it holds."""

    organisation_id: UUID
    gateway_id: str
    attribution: str
    """One of store.schema.ATTRIBUTIONS; assigned and reassigned name a patient, others a reason."""
    reason: str | None = None
    device_id: UUID | None = None
    assignment_id: UUID | None = None
    patient_id: UUID | None = None
    packed: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What `store.packing` has made ready of it: it lives as long as the standing does."""


class Row(Struct, frozen=True, gc=False):
    """A reading with what admission found out about it."""

    reading: Reading
    standing: Standing
    local_day: dt.date
    """The day of measurement in the patient's zone; in the gateway's offset without a patient."""
    sent_at: dt.datetime | None = None
    marks: tuple[str, ...] = ()
    """What admission adds to the device's own flags: `late`. No part of the reading's digest."""

    @property
    def organisation_id(self) -> UUID:
        return self.standing.organisation_id

    @property
    def gateway_id(self) -> str:
        return self.standing.gateway_id

    @property
    def attribution(self) -> str:
        return self.standing.attribution

    @property
    def reason(self) -> str | None:
        return self.standing.reason

    @property
    def device_id(self) -> UUID | None:
        return self.standing.device_id

    @property
    def assignment_id(self) -> UUID | None:
        return self.standing.assignment_id

    @property
    def patient_id(self) -> UUID | None:
        return self.standing.patient_id


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of each row of a batch: it is in exactly one of the first three."""

    stored: list[Row]
    duplicates: list[Row]
    """Stored before, or twice in this batch, with the same content: to be receipted again."""
    reused: list[Row]
    """Another reading has this id. Not stored here: it belongs in the dead letters."""
    conflicts: dict[UUID, UUID]
    """Of `stored`: the id of a reading -> the one that claimed its device and instant before.

    Such a row is quarantined with the reason `conflict`, whatever admission said.
    """
