"""A small clinic in memory: one gateway, one cuff, one patient; and readings for it."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from care.attribution import Assignment
from care.snapshot import KnownDevice, KnownGateway, Snapshot, snapshot
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
ORGANISATION = UUID("10000000-0000-0000-0000-000000000001")
PATIENT = UUID("20000000-0000-0000-0000-000000000002")
DEVICE_ID = UUID("30000000-0000-0000-0000-000000000003")
ASSIGNMENT_ID = UUID("40000000-0000-0000-0000-000000000004")
ADDRESS = "A0:B1:C2:D3:E4:F5"
LONG_AGO = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)

_numbers = itertools.count(1)


def gateway(name: str = "gw-1", **changes: Any) -> KnownGateway:
    facts: dict[str, Any] = {
        "id": name,
        "organisation_id": ORGANISATION,
        "transport": "mqtt",
        "time_zone": None,
        "revoked_at": None,
        "credential_hash": None,
    }
    return KnownGateway(**(facts | changes))


def assignment(**changes: Any) -> Assignment:
    facts: dict[str, Any] = {
        "id": ASSIGNMENT_ID,
        "patient_id": PATIENT,
        "user_slot": None,
        "starts_at": LONG_AGO,
        "ends_at": None,
    }
    return Assignment(**(facts | changes))


def device(*assignments: Assignment, **changes: Any) -> KnownDevice:
    facts: dict[str, Any] = {
        "id": DEVICE_ID,
        "organisation_id": ORGANISATION,
        "address": ADDRESS,
        "profile": "",
        "passkey": None,
        "gateway_id": "gw-1",
        "assignments": assignments,
    }
    return KnownDevice(**(facts | changes))


def clinic(
    *assignments: Assignment, gateways: tuple[KnownGateway, ...] = (), zone: str = "UTC"
) -> Snapshot:
    """Without assignments, the usual one."""
    return snapshot(
        [gateway(), *gateways],
        [device(*(assignments or (assignment(),)))],
        {PATIENT: ZoneInfo(zone)},
    )


def reading(**changes: Any) -> Reading:
    facts: dict[str, Any] = {
        "id": UUID(int=next(_numbers) << 64),
        "device": ADDRESS,
        "kind": Kind.BLOOD_PRESSURE,
        "measured_at": NOW,
        "time_quality": TimeQuality.DEVICE,
        "values": {"systolic": 128.0, "diastolic": 81.0},
    }
    return Reading(**(facts | changes))
