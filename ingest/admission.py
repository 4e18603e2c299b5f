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
from ingest.owners import ASSIGNED, QUARANTINED, Owner, Owners, told_in
from ingest.reasons import LATE, Reason
from store.batch import Row, Standing
from store.schema import UNCLAIMED
from vitals.reading import Reading

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
        if gateway is None or gateway.revoked_at is not None:
            standing = self._of_stranger(gateway_id, gateway)
            return [
                Row(_named(reading), standing, reading.measured_at.date(), sent_at)
                for reading in readings
            ]
        return [self._admit(reading, gateway, sent_at) for reading in readings]

    def _admit(self, reading: Reading, gateway: KnownGateway, sent_at: dt.datetime | None) -> Row:
        """The usual case without ceremony, as it is most of them."""
        if not reading.device.isupper():
            reading = _named(reading)
        measured_at = reading.measured_at
        zone = measured_at.tzinfo
        latest, late_before = self._limits.get(zone) or self._limits_in(zone)
        marks = LATE_MARK if measured_at < late_before else ON_TIME
        owner = self._owners.of(gateway, reading.device)
        reason = doubt(reading, latest=latest)
        standing = owner.usual(measured_at) if owner and reason is None else None
        if owner is None or standing is None:
            standing, day = self._unusual(reading, gateway, owner, reason)
        else:
            day = measured_at.date() if owner.days is None else owner.days.of(measured_at)
        return Row(reading, standing, day, sent_at, marks)

    def _unusual(
        self, reading: Reading, gateway: KnownGateway, owner: Owner | None, reason: str | None
    ) -> tuple[Standing, dt.date]:
        """Who had the device then is kept with a doubtful reading too, but names no patient."""
        measured_at = reading.measured_at
        if owner is None:
            why = reason or Reason.UNKNOWN_DEVICE.value
            standing = self._owners.nobodys(gateway.organisation_id, gateway.id, why)
            return standing, measured_at.date()
        assignment, state, found_reason = _whose(owner, reading)
        day = self._day(owner, assignment, measured_at) or measured_at.date()
        if reason is not None:
            return owner.standing(QUARANTINED, reason, assignment), day
        return owner.standing(state, found_reason, assignment), day

    def _of_stranger(self, gateway_id: str, gateway: KnownGateway | None) -> Standing:
        """From a gateway that has no say here, or no longer: kept, and nobody's."""
        if gateway is None:
            return self._owners.nobodys(UNCLAIMED, gateway_id, Reason.UNKNOWN_GATEWAY.value)
        organisation, why = gateway.organisation_id, Reason.REVOKED_GATEWAY.value
        return self._owners.nobodys(organisation, gateway_id, why)

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
