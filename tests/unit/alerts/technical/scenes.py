"""A clinic's facts for tests: one home in which all is well, unless a test says otherwise."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from alerts.life.alert import Alert
from alerts.life.lifecycle import Policy
from alerts.technical.facts import (
    Device,
    Gateway,
    Held,
    LastReading,
    Patient,
    Scene,
    Sighting,
    Wearer,
)
from alerts.technical.items import Judged, Key
from alerts.technical.judging import judge
from alerts.technical.keeping import keep
from care.programme import Measure, Overrides, Plan, Silence, Slot, WorkingHours
from vitals.kinds import Kind

NEW_YORK = ZoneInfo("America/New_York")
NOW = dt.datetime(2026, 11, 19, 13, 0, tzinfo=NEW_YORK)  # A Thursday.
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
ORGANISATION = UUID("10000000-0000-0000-0000-000000000001")
ANN = UUID("20000000-0000-0000-0000-00000000000a")
BOB = UUID("20000000-0000-0000-0000-00000000000b")
HUB, SCALE, CUFF = "home-1", "A0:00:00:00:00:01", "A0:00:00:00:00:02"
MORNING = Slot(name="morning", start="04:00", end="12:00")
WEIGHT = Measure(kind=Kind.WEIGHT, slots=(MORNING,), missing_after_days=2)


def plan(patient: UUID = ANN, **changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "id": UUID(int=patient.int + 1000),
        "organisation_id": ORGANISATION,
        "patient_id": patient,
        "version": 1,
        "effective_from": NOW - 40 * DAY,
        "effective_to": None,
        "programme": "heart-failure",
        "programme_version": 1,
        "overrides": Overrides(),
        "measures": (WEIGHT,),
        "rules": (),
        "ladders": (),
        "hours": WorkingHours(),
        "silence": Silence(),
    } | changes
    return Plan(**fields)


def patient(id_: UUID = ANN, *plans: Plan, zone: ZoneInfo = NEW_YORK) -> Patient:
    versions = plans or (plan(id_),)
    return Patient(id=id_, zone=zone, plans=versions, plan=versions[-1])


def gateway(**changes: Any) -> Gateway:
    fields: dict[str, Any] = {
        "id": HUB,
        "enrolled_at": NOW - 40 * DAY,
        "heard_at": NOW,
        "online": True,
    }
    return Gateway(**(fields | changes))


def sighting(**changes: Any) -> Sighting:
    fields: dict[str, Any] = {
        "gateway": HUB,
        "last_seen": NOW - HOUR,
        "battery": 80,
        "clock_drift_s": 3.0,
    }
    return Sighting(**(fields | changes))


def scale(*wearers: UUID, read_at: dt.datetime | None = NOW - HOUR, **changes: Any) -> Device:
    fields: dict[str, Any] = {
        "address": SCALE,
        "profile": "and-uc-352ble",
        "gateway_id": HUB,
        "sighting": sighting(),
        "wearers": tuple(
            Wearer(patient_id=each, since=NOW - 40 * DAY, read_at=read_at)
            for each in wearers or (ANN,)
        ),
    }
    return Device(**(fields | changes))


def held(reason: str = "implausible:weight", **changes: Any) -> Held:
    fields: dict[str, Any] = {
        "subject_kind": "device",
        "subject": SCALE,
        "gateway": HUB,
        "ambiguous": False,
        "reason": reason,
        "kind": Kind.WEIGHT,
        "count": 1,
        "first_received": NOW - HOUR,
        "last_received": NOW - HOUR,
        "last_measured": NOW - HOUR,
    }
    return Held(**(fields | changes))


def scene(
    *,
    gateways: Iterable[Gateway] | None = None,
    devices: Iterable[Device] | None = None,
    patients: Iterable[Patient] | None = None,
    last: dict[tuple[UUID, Kind], LastReading] | None = None,
    **changes: Any,
) -> Scene:
    hubs = (gateway(),) if gateways is None else gateways
    found = (scale(),) if devices is None else devices
    people = (patient(),) if patients is None else patients
    readings = {(ANN, Kind.WEIGHT): LastReading(NOW - HOUR, SCALE)} if last is None else last
    return Scene(
        gateways={each.id: each for each in hubs},
        devices={each.address: each for each in found},
        patients={each.id: each for each in people},
        last=readings,
        **changes,
    )


def heard(of: Scene, now: dt.datetime) -> Scene:
    """The same, with every hub heard just now."""
    hubs = {name: replace(each, heard_at=now, online=True) for name, each in of.gateways.items()}
    return replace(of, gateways=hubs)


def wanted(of: Scene, *, now: dt.datetime = NOW, kept: dict[Key, Alert] | None = None) -> list[Any]:
    """(rule, subject) of what stands, in order."""
    found = judge(of, kept or {}, now=now)
    return sorted((key.rule, key.subject) for key in found.wanted)


class Queue:
    """What is kept, without a database: sweeps follow each other."""

    def __init__(self) -> None:
        self.kept: dict[Key, Alert] = {}
        self.events: list[str] = []
        self.begun: list[Alert] = []
        self.judged = Judged()

    def sweep(self, of: Scene, *, now: dt.datetime = NOW) -> list[str]:
        """The events that this one brings."""
        self.judged = judge(of, self.kept, now=now)
        found = keep(
            self.judged,
            self.kept,
            organisation_id=ORGANISATION,
            now=now,
            policy_of=lambda _: Policy(),
        )
        for alert in (*found.facts, *(change.alert for change in found.changes)):
            key = Key(alert.subject_kind, alert.subject, alert.rule)
            before = self.kept.get(key)
            if before is None or before.id == alert.id or before.onset_at <= alert.onset_at:
                self.kept[key] = alert
        events = [change.event.name for change in found.changes]
        self.events += events
        self.begun += [change.alert for change in found.changes if change.from_state is None]
        return events

    def one(self, rule: str) -> Alert:
        (found,) = (alert for key, alert in self.kept.items() if key.rule == rule)
        return found

    def change(self, rule: str, **columns: Any) -> None:
        (key,) = (key for key in self.kept if key.rule == rule)
        self.kept[key] = replace(self.kept[key], **columns)
