"""Whether a reading may enter a person's record, whose, and if not, why. Pure; the hot path.

Nothing is dropped here: whatever comes in comes out as a row, at worst a quarantined one.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from care.attribution import Assignment, attribute
from care.snapshot import KnownDevice, KnownGateway, Snapshot
from ingest.judgement import FUTURE_MAX, LATE_AFTER, doubt
from ingest.reasons import LATE, Reason
from store.batch import Row
from store.schema import UNCLAIMED
from vitals.reading import Reading

QUARANTINED: Final = "quarantined"
ASSIGNED: Final = "assigned"
LATE_MARK: Final = (LATE,)
ON_TIME: Final[tuple[str, ...]] = ()


class Admission:
    """The judgement of one moment: who is known, and what time it is."""

    __slots__ = ("_late_before", "_latest", "snapshot")

    def __init__(self, snapshot: Snapshot, *, now: dt.datetime) -> None:
        self.snapshot = snapshot
        self._latest = now + FUTURE_MAX
        self._late_before = now - LATE_AFTER

    def organisation_of(self, gateway_id: str) -> UUID | None:
        """Whose gateway it is; None where nobody's."""
        known = self.snapshot.gateways.get(gateway_id)
        return None if known is None else known.organisation_id

    def admit(
        self, readings: Iterable[Reading], *, gateway_id: str, sent_at: dt.datetime | None
    ) -> list[Row]:
        """The rows for a message of this gateway: the topic says whose it is, not the payload."""
        gateway = self.snapshot.gateways.get(gateway_id)
        if gateway is None or gateway.revoked_at is not None:
            return [_of_stranger(reading, gateway_id, gateway, sent_at) for reading in readings]
        return [self._admit(reading, gateway, sent_at) for reading in readings]

    def _admit(self, reading: Reading, gateway: KnownGateway, sent_at: dt.datetime | None) -> Row:
        """Who had the device then is kept with a doubtful reading too, but names no patient."""
        measured_at = reading.measured_at
        organisation_id = gateway.organisation_id
        device = self.snapshot.device(organisation_id, reading.device)
        reason = doubt(reading, latest=self._latest)
        assignment, state = None, QUARANTINED
        if device is None:
            reason = reason or Reason.UNKNOWN_DEVICE.value
        else:
            assignment, found_state, found_reason = _whose(device, reading)
            if reason is None:
                state, reason = found_state, found_reason
        patient_id = None if assignment is None else assignment.patient_id
        zone = None if patient_id is None else self.snapshot.zones.get(patient_id)
        return Row(
            reading=reading,
            organisation_id=organisation_id,
            gateway_id=gateway.id,
            local_day=(measured_at if zone is None else measured_at.astimezone(zone)).date(),
            attribution=state,
            reason=reason,
            sent_at=sent_at,
            device_id=None if device is None else device.id,
            assignment_id=None if assignment is None else assignment.id,
            patient_id=patient_id if state is ASSIGNED else None,
            marks=LATE_MARK if measured_at < self._late_before else ON_TIME,
        )


def _whose(device: KnownDevice, reading: Reading) -> tuple[Assignment | None, str, str | None]:
    """What care.attribution says; the usual case without its ceremony, as it is most of them."""
    assignments = device.assignments
    if len(assignments) == 1:
        sole = assignments[0]
        if (
            sole.user_slot is None
            and sole.ends_at is None
            and sole.starts_at <= reading.measured_at
        ):
            return sole, ASSIGNED, None
    found = attribute(assignments, user=reading.user, measured_at=reading.measured_at)
    if found.reason is None:
        return found.assignment, ASSIGNED, None
    return found.assignment, found.state.value, found.reason.value


def _of_stranger(
    reading: Reading, gateway_id: str, gateway: KnownGateway | None, sent_at: dt.datetime | None
) -> Row:
    """From a gateway that has no say here, or no longer: kept, and nobody's."""
    unknown = gateway is None
    return Row(
        reading=reading,
        organisation_id=UNCLAIMED if gateway is None else gateway.organisation_id,
        gateway_id=gateway_id,
        local_day=reading.measured_at.date(),
        attribution=QUARANTINED,
        reason=(Reason.UNKNOWN_GATEWAY if unknown else Reason.REVOKED_GATEWAY).value,
        sent_at=sent_at,
    )
