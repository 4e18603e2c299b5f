"""A reading as the API shows it: what was sent, and what became of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from ingest.stored_reading import reading_of


class ReadingAnswer(Struct, frozen=True, kw_only=True):
    """Values are in canonical units: see docs/metrics.md."""

    id: UUID
    patient: UUID | None
    """None where it is nobody's: see `attribution` and `reason`."""
    device: str
    device_id: UUID | None
    assignment_id: UUID | None
    gateway: str
    kind: str
    measured_at: dt.datetime
    """With the offset from UTC that the home had."""
    local_day: dt.date
    """The day of measurement where the patient lives."""
    time_quality: str
    device_time: dt.datetime | None
    """The device's own digits, without a zone."""
    clock_drift_s: float | None
    sent_at: dt.datetime | None
    received_at: dt.datetime
    values: dict[str, float]
    special: dict[str, str]
    flags: list[str]
    context: dict[str, str | float]
    sequence: int | None
    user: int | None
    seq: int | None
    profile: str
    frame: str
    """As received over the air, hexadecimal."""
    attribution: str
    reason: str | None
    conflict_with: UUID | None


def shown(record: Mapping[str, Any]) -> ReadingAnswer:
    """From a row of the readings table."""
    reading = reading_of(record)
    return ReadingAnswer(
        id=reading.id,
        patient=record["patient_id"],
        device=reading.device,
        device_id=record["device_id"],
        assignment_id=record["assignment_id"],
        gateway=record["gateway_id"],
        kind=reading.kind.value,
        measured_at=reading.measured_at,
        local_day=record["local_day"],
        time_quality=reading.time_quality.value,
        device_time=reading.device_time,
        clock_drift_s=reading.clock_drift_s,
        sent_at=record["sent_at"],
        received_at=record["received_at"],
        values=reading.values,
        special={name: special.value for name, special in reading.special.items()},
        flags=list(record["flags"]),
        context=reading.context,
        sequence=reading.sequence,
        user=reading.user,
        seq=reading.seq,
        profile=reading.profile,
        frame=reading.frame,
        attribution=record["attribution"],
        reason=record["reason"],
        conflict_with=record["conflict_with"],
    )
