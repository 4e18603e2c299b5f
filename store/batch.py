"""What ingest hands over to be committed, and what it learns of it."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from vitals.reading import Reading


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """A reading with what admission found out about it."""

    reading: Reading
    organisation_id: UUID
    gateway_id: str
    local_day: dt.date
    """The day of measurement in the patient's zone; in the gateway's offset without a patient."""
    attribution: str
    """One of store.schema.ATTRIBUTIONS; assigned and reassigned name a patient, others a reason."""
    reason: str | None = None
    sent_at: dt.datetime | None = None
    device_id: UUID | None = None
    assignment_id: UUID | None = None
    patient_id: UUID | None = None
    marks: tuple[str, ...] = ()
    """What admission adds to the device's own flags: `late`. No part of the reading's digest."""


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
