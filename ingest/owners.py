"""What the directory says of each device, laid out for judging its readings. Remembered, exact."""

import datetime as dt
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from care.attribution import Assignment
from care.snapshot import KnownDevice, KnownGateway, Snapshot
from store.batch import Standing

ASSIGNED: Final = "assigned"
QUARANTINED: Final = "quarantined"

REMEMBERED_MAX: Final = 50_000
DAY: Final = dt.timedelta(days=1)
LAST_MOMENT: Final = dt.timedelta(microseconds=1)


def told_in(moment: dt.datetime, offset: dt.tzinfo | None) -> dt.datetime:
    """The same moment by another fixed offset, else as it is: two datetimes that share their tzinfo
    object compare like numbers; others ask both, which cost a judgement a third of its time.
    """
    if not isinstance(offset, dt.timezone):
        return moment
    try:
        return moment.astimezone(offset)
    except OverflowError:  # The ends of the calendar: it compares as well as it is.
        return moment


class LocalDays:
    """The calendar day of moments in one zone. A device's readings mostly come day by day."""

    __slots__ = ("_day", "_from", "_offset", "_until", "_zone")

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offset: dt.tzinfo | None = None
        """Of the moments that the remembered day holds for; None: none is remembered."""
        self._day: dt.date
        self._from: dt.datetime
        self._until: dt.datetime

    def of(self, moment: dt.datetime) -> dt.date:
        if moment.tzinfo is self._offset and self._from <= moment < self._until:
            return self._day
        return self._learn(moment)

    def _learn(self, moment: dt.datetime) -> dt.date:
        """Remembers the day where it begins and ends by one offset: a day on which clocks change
        may begin twice (St. John's did so, a minute after midnight), and is worked out each time.
        """
        local = moment.astimezone(self._zone)
        day, offset = local.date(), local.utcoffset() or dt.timedelta()
        begins = dt.datetime.combine(day, dt.time(), tzinfo=dt.timezone(offset))
        ends = begins + DAY
        self._offset = None
        steady = self._shifted(begins) == self._shifted(ends - LAST_MOMENT) == offset
        if steady and isinstance(moment.tzinfo, dt.timezone):
            self._offset, self._day = moment.tzinfo, day
            self._from, self._until = begins.astimezone(self._offset), ends.astimezone(self._offset)
        return day

    def _shifted(self, moment: dt.datetime) -> dt.timedelta | None:
        return moment.astimezone(self._zone).utcoffset()


class Owner:
    """A device, and the one person who has had it all along, where it is so simple."""

    __slots__ = ("_gateway", "_offset", "_since", "_standings", "_usual", "days", "device", "sole")

    def __init__(self, device: KnownDevice, snapshot: Snapshot, gateway: KnownGateway) -> None:
        self.device = device
        self.sole = _sole(device)
        zone = None if self.sole is None else snapshot.zones.get(self.sole.patient_id)
        self.days = None if zone is None else LocalDays(zone)
        """Of the sole owner, where their zone is known."""
        self._gateway = gateway
        self._standings: dict[tuple[str, str | None, UUID | None], Standing] = {}
        self._usual = None if self.sole is None else self.standing(ASSIGNED, None, self.sole)
        self._offset: dt.tzinfo | None = None
        self._since = dt.datetime.max.replace(tzinfo=dt.UTC)

    def standing(self, state: str, reason: str | None, assignment: Assignment | None) -> Standing:
        """The same object for the same answer: much is remembered by it further down."""
        key = (state, reason, None if assignment is None else assignment.id)
        known = self._standings.get(key)
        if known is None:
            named = assignment if state == ASSIGNED else None
            self._standings[key] = known = Standing(
                organisation_id=self._gateway.organisation_id,
                gateway_id=self._gateway.id,
                attribution=state,
                reason=reason,
                device_id=self.device.id,
                assignment_id=None if assignment is None else assignment.id,
                patient_id=None if named is None else named.patient_id,
            )
        return known

    def usual(self, moment: dt.datetime) -> Standing | None:
        """Of a reading of that moment that nobody doubts, where it is the sole owner's."""
        if moment.tzinfo is not self._offset:
            self._offset = moment.tzinfo
            if self.sole is not None:
                self._since = told_in(self.sole.starts_at, moment.tzinfo)
        return self._usual if self._since <= moment else None

    def had_it(self, moment: dt.datetime) -> Assignment | None:
        """The sole owner, if already so at that moment."""
        return None if self.usual(moment) is None else self.sole


class Owners:
    """By gateway and the device's address as it was sent, for as long as a snapshot holds."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[tuple[str, str], Owner] = {}
        self._strangers: dict[tuple[UUID, str, str], Standing] = {}

    def of(self, gateway: KnownGateway, device: str) -> Owner | None:
        """None where the gateway's organisation has no such device."""
        return self._known.get((gateway.id, device)) or self._look_up(gateway, device)

    def nobodys(self, organisation: UUID, gateway_id: str, reason: str) -> Standing:
        """Of readings that are not known to come from any device of this organisation."""
        key = (organisation, gateway_id, reason)
        known = self._strangers.get(key)
        if known is None:
            if len(self._strangers) >= REMEMBERED_MAX:
                self._strangers.clear()
            self._strangers[key] = known = Standing(
                organisation_id=organisation,
                gateway_id=gateway_id,
                attribution=QUARANTINED,
                reason=reason,
            )
        return known

    def _look_up(self, gateway: KnownGateway, address: str) -> Owner | None:
        device = self.snapshot.device(gateway.organisation_id, address)
        if device is None:
            return None
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
        self._known[gateway.id, address] = owner = Owner(device, self.snapshot, gateway)
        return owner


def _sole(device: KnownDevice) -> Assignment | None:
    if len(device.assignments) != 1:
        return None
    (only,) = device.assignments
    return only if only.user_slot is None and only.ends_at is None else None
