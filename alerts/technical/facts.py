"""What is known of a clinic's gateways, devices and patients at one moment. Nothing is judged."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.technical.line import Line
from care.programme import Plan, Silence
from vitals.kinds import Kind


class Gateway(Struct, frozen=True, kw_only=True):
    """One that is enrolled and not shut out."""

    id: str
    label: str = ""
    transport: str = "mqtt"
    enrolled_at: dt.datetime
    heard_at: dt.datetime | None = None
    """Our clock, when it last said "online", or sent a reading. None: never, as far as we know."""
    online: bool | None = None
    """What it, or the broker in its name, said last. None: nothing."""
    told: bool = False
    """It has spoken for itself: what it did not say is well. A last will says nothing."""
    trouble: str | None = None
    """What keeps it from its work, in its own words, as of then."""
    trouble_at: dt.datetime | None = None
    """Our clock, when it began to say so, as far back as matters."""
    undecodable: int = 0
    """Frames that it keeps for a person, as of then."""


class Sighting(Struct, frozen=True, kw_only=True):
    """What a gateway said last of one device."""

    gateway: str
    last_seen: dt.datetime | None = None
    battery: int | None = None
    clock_drift_s: float | None = None
    trouble: str | None = None


class Wearer(Struct, frozen=True, kw_only=True):
    """A patient whom a device is assigned to now."""

    patient_id: UUID
    since: dt.datetime
    read_at: dt.datetime | None = None
    """When the device last measured this patient."""


class Device(Struct, frozen=True, kw_only=True):
    """One that somebody is measured with."""

    address: str
    label: str = ""
    profile: str = ""
    gateway_id: str | None = None
    """The one it was handed out with."""
    sighting: Sighting | None = None
    wearers: tuple[Wearer, ...] = ()

    @property
    def behind(self) -> str | None:
        """The gateway that hears it: who saw it last, else who was told to look for it."""
        return self.gateway_id if self.sighting is None else self.sighting.gateway

    @property
    def read_at(self) -> dt.datetime | None:
        return max((each.read_at for each in self.wearers if each.read_at), default=None)

    @property
    def seen_at(self) -> dt.datetime | None:
        """On the air, or in a measurement of its."""
        seen = None if self.sighting is None else self.sighting.last_seen
        return max((at for at in (seen, self.read_at) if at is not None), default=None)

    @property
    def since(self) -> dt.datetime:
        """In use from then on."""
        return min(each.since for each in self.wearers)


class Patient(Struct, frozen=True, kw_only=True):
    """Somebody with a device or a plan."""

    id: UUID
    zone: ZoneInfo
    plans: tuple[Plan, ...] = ()
    """Those that held lately and hold now, in order."""
    plan: Plan | None = None
    """In force now."""


class LastReading(Struct, frozen=True):
    """Of one kind, of one patient."""

    measured_at: dt.datetime
    device: str


class Held(Struct, frozen=True, kw_only=True):
    """Readings that are kept and do not count, since somebody last dealt with them."""

    subject_kind: str
    """`device`; `gateway` where the device is none of the clinic's."""
    subject: str
    gateway: str
    ambiguous: bool
    reason: str
    kind: Kind
    count: int
    first_received: dt.datetime
    last_received: dt.datetime
    last_measured: dt.datetime


class Scene(Struct, frozen=True, kw_only=True):
    """One clinic."""

    gateways: Mapping[str, Gateway] = {}
    devices: Mapping[str, Device] = {}
    patients: Mapping[UUID, Patient] = {}
    last: Mapping[tuple[UUID, Kind], LastReading] = {}
    held: tuple[Held, ...] = ()
    line: Line = Line()

    def silence(self, patients: frozenset[UUID]) -> Silence:
        """The strictest of what the patients' plans say."""
        plans = (self.patients[each].plan for each in patients if each in self.patients)
        said = [plan.silence for plan in plans if plan is not None]
        if not said:
            return Silence()
        if len(said) == 1:
            return said[0]
        return Silence(
            gateway_offline_min=min(each.gateway_offline_min for each in said),
            device_unseen_days=min(each.device_unseen_days for each in said),
            battery_low_percent=max(each.battery_low_percent for each in said),
            clock_drift_s=min(each.clock_drift_s for each in said),
        )
