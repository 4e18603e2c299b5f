"""Whether a reading may enter a person's record, whose, and if not, why. Pure; the hot path.

Nothing is dropped here: whatever comes in comes out as a row, at worst a quarantined one.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from care.attribution import Assignment, attribute
from care.snapshot import KnownGateway, Snapshot
from ingest.judgement import FUTURE_MAX, LATE_AFTER, doubt
from ingest.owners import Owner, Owners, told_in
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

    __slots__ = ("_late_before", "_latest", "_limits", "_owners", "snapshot")

    def __init__(
        self, snapshot: Snapshot, *, now: dt.datetime, owners: Owners | None = None
    ) -> None:
        """`owners` is what earlier batches learnt of the same snapshot."""
        self.snapshot = snapshot
        self._owners = Owners(snapshot) if owners is None else owners
        self._latest = now + FUTURE_MAX
        self._late_before = now - LATE_AFTER
        self._limits: dict[dt.tzinfo | None, tuple[dt.datetime, dt.datetime]] = {}

    def organisation_of(self, gateway_id: str) -> UUID | None:
        """Whose gateway it is; None where nobody's."""
        known = self.snapshot.gateways.get(gateway_id)
        return None if known is None else known.organisation_id

    def admit(
        self, readings: Iterable[Reading], *, gateway_id: str, sent_at: dt.datetime | None
    ) -> list[Row]:
        """The rows for a message of this gateway: the topic says whose it is, not the payload."""
        gateway = self.snapshot.gateways.get(gateway_id)
        named = map(_named, readings)
        if gateway is None or gateway.revoked_at is not None:
            return [_of_stranger(reading, gateway_id, gateway, sent_at) for reading in named]
        return [self._admit(reading, gateway, sent_at) for reading in named]

    def _admit(self, reading: Reading, gateway: KnownGateway, sent_at: dt.datetime | None) -> Row:
        """Who had the device then is kept with a doubtful reading too, but names no patient."""
        measured_at = reading.measured_at
        zone = measured_at.tzinfo
        latest, late_before = self._limits.get(zone) or self._limits_in(zone)
        owner = self._owners.of(gateway, reading.device)
        reason = doubt(reading, latest=latest)
        assignment, patient_id, state, day = None, None, QUARANTINED, None
        if owner is None:
            reason = reason or Reason.UNKNOWN_DEVICE.value
        else:
            assignment, found_state, found_reason = _whose(owner, reading)
            day = self._day(owner, assignment, measured_at)
            if reason is None:
                state, reason = found_state, found_reason
                patient_id = assignment.patient_id if assignment and state is ASSIGNED else None
        return Row(
            reading=reading,
            organisation_id=gateway.organisation_id,
            gateway_id=gateway.id,
            local_day=day or measured_at.date(),
            attribution=state,
            reason=reason,
            sent_at=sent_at,
            device_id=None if owner is None else owner.device.id,
            assignment_id=None if assignment is None else assignment.id,
            patient_id=patient_id,
            marks=LATE_MARK if measured_at < late_before else ON_TIME,
        )

    def _limits_in(self, zone: dt.tzinfo | None) -> tuple[dt.datetime, dt.datetime]:
        """The newest and the oldest moment that count as now, told in the readings' offset."""
        self._limits[zone] = limits = told_in(self._latest, zone), told_in(self._late_before, zone)
        return limits

    def _day(
        self, owner: Owner, assignment: Assignment | None, measured_at: dt.datetime
    ) -> dt.date | None:
        """The patient's day of measurement; None where the patient or the zone is not known."""
        if assignment is None:
            return None
        if assignment is owner.sole:
            return None if owner.days is None else owner.days.of(measured_at)
        zone = self.snapshot.zones.get(assignment.patient_id)
        return None if zone is None else measured_at.astimezone(zone).date()


def _whose(owner: Owner, reading: Reading) -> tuple[Assignment | None, str, str | None]:
    """What care.attribution says; the usual case without its ceremony, as it is most of them."""
    sole = owner.had_it(reading.measured_at)
    if sole is not None:
        return sole, ASSIGNED, None
    found = attribute(owner.device.assignments, user=reading.user, measured_at=reading.measured_at)
    if found.reason is None:
        return found.assignment, ASSIGNED, None
    return found.assignment, found.state.value, found.reason.value


def _named(reading: Reading) -> Reading:
    """Device addresses have one spelling here, or one measurement could stand in two rows."""
    device = reading.device.upper()
    return reading if device == reading.device else replace(reading, device=device)


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
