"""A queue to look at: patients of all kinds, with readings and alerts in every state."""

import datetime as dt
import random
from typing import Any
from uuid import UUID

from alerts.life import rows
from alerts.life.actions import act
from alerts.life.alert import Alert
from alerts.life.events import Acknowledge, Escalate, Opened, Snooze
from alerts.life.lifecycle import opened
from care.registry import add_patient
from care.rules import Lane, Severity
from store.pool import Connection, Pool
from tests.unit.alerts.factory import POLICY, alert

NAMES = (
    ("Ruth", "Castellano"), ("Desmond", "Okafor"), ("Mei-Ling", "Zhao"), ("Harold", "Lindqvist"),
    ("Consuelo", "Marroquín"), ("Isaac", "Feldman"), ("Yvonne", "Baptiste"),
    ("Walter", "Szymański"),
    ("Aileen", "O'Donnell"), ("Tomasz", "Wójcik"), ("Bernadette", "Oyelaran"),
    ("Giuseppe", "Ferraro"),
)  # fmt: skip
KINDS: tuple[tuple[str, str, str, float, str, float, str], ...] = (
    ("blood_pressure", "systolic", "Severe blood pressure", 192, ">=", 180, "bp-severe"),
    ("oximetry", "spo2", "Very low oxygen saturation", 86, "<", 88, "spo2-very-low"),
    ("weight", "weight", "Weight gain in three days", 82.4, ">=", 1.4, "weight-gain"),
    ("glucose", "glucose", "Very low glucose", 52, "<", 54, "glucose-very-low"),
    ("blood_pressure", "systolic", "High pressure, mean of seven days", 152, ">=", 135, "bp-mean"),
    ("heart_rate", "heart_rate", "Fast pulse", 124, ">", 120, "pulse-fast"),
)  # fmt: skip
SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.HIGH, Severity.MEDIUM, Severity.MEDIUM,
              Severity.LOW)  # fmt: skip


_IDS = random.Random(4)


def made_up() -> UUID:
    """An id that no other row has."""
    return UUID(int=_IDS.getrandbits(128))


async def patients(conn: Connection, organisation: UUID, many: int) -> list[UUID]:
    made: list[UUID] = []
    for number in range(many):
        given, family = NAMES[number % len(NAMES)]
        if number >= len(NAMES):
            family = f"{family} {number}"
        patient = await add_patient(
            conn, organisation, mrn=f"{48200 + number * 37}", given_name=given, family_name=family
        )
        await conn.execute(
            "UPDATE patients SET birth_date = $2, weight_unit = $3 WHERE id = $1", patient.id,
            dt.date(1938 + number * 3 % 40, 1 + number % 12, 9), "lb" if number % 2 else "kg",
        )  # fmt: skip
        made.append(patient.id)
    return made


async def measure(
    conn: Connection, organisation: UUID, patient: UUID, kind: str, metric: str, latest: float,
    *, at: dt.datetime,
) -> None:  # fmt: skip
    """Twelve readings up to `latest`."""
    rng = random.Random(str(patient))
    for number in range(12):
        value = latest * (1 + (0 if number == 0 else rng.uniform(-0.12, 0.02)))
        when = at - dt.timedelta(hours=11 * number)
        await conn.execute(
            f"INSERT INTO readings (id, organisation_id, gateway_id, device, patient_id, kind,"  # noqa: S608
            f" measured_at, utc_offset_s, local_day, time_quality, received_at, attribution,"
            f" {metric}) VALUES ($1, $2, 'hub', $3, $4, $5, $6, 0, $7, 'device', $6,"
            f" 'assigned', $8)",
            made_up(), organisation, f"dev-{patient}", patient, kind, when, when.date(),
            round(value, 1),
        )  # fmt: skip


async def raise_one(
    conn: Connection, organisation: UUID, patient: UUID, number: int, *, now: dt.datetime,
    **changes: Any,
) -> Alert:  # fmt: skip
    kind, metric, label, value, op, limit, rule = KINDS[number % len(KINDS)]
    severity = SEVERITIES[number % len(SEVERITIES)]
    at = now - dt.timedelta(minutes=3 + 11 * number)
    code = "change" if metric == "weight" else "limit"
    facts: dict[str, Any] = {
        "metric": metric, "value": 1.9 if code == "change" else value, "op": op, "limit": limit,
        "at": at.isoformat(),
    }  # fmt: skip
    if code == "change":
        facts |= {"reading": value, "days": 3, "compared_with": "lowest", "percent": False}
    fields: dict[str, Any] = {
        "id": made_up(), "organisation_id": organisation, "patient_id": patient,
        "subject": str(patient), "kind": kind, "metric": metric, "label": label, "rule": rule,
        "severity": severity, "peak": severity, "value": facts["value"], "worst": facts["value"],
        "bound": {"metric": metric, "op": op, "value": limit, "clear": None},
        "reason": {"code": code, "facts": facts}, "onset_at": at, "last_at": at, "opened_at": at,
        "updated_at": at, "readings": 1 + number % 4,
    }  # fmt: skip
    made = opened(alert(**(fields | changes)), Opened(), policy=POLICY)
    async with conn.transaction():
        await rows.save(conn, [made], now=at)
    if fields["subject"] == made.alert.subject:
        await measure(conn, organisation, patient, kind, metric, value, at=at)
    return made.alert


async def technical(conn: Connection, organisation: UUID, *, now: dt.datetime) -> None:
    heard = (now - dt.timedelta(hours=3)).isoformat()
    whole: dict[str, Any] = {
        "patient_id": None, "subject_kind": "gateway", "subject": "hub-north",
        "lane": Lane.TECHNICAL, "rule": "gateway-offline", "label": "Hub offline", "kind": None,
        "metric": None, "value": None, "worst": None, "bound": None, "onset_reading": None,
        "severity": Severity.MEDIUM, "peak": Severity.MEDIUM,
        "reason": {"code": "gateway_offline", "facts": {
            "gateway": "hub-north", "label": "Castellano kitchen", "heard_at": heard,
            "patients": 2}},
    }  # fmt: skip
    await raise_one(conn, organisation, made_up(), 4, now=now, **whole)


async def missing(conn: Connection, organisation: UUID, patient: UUID, *, now: dt.datetime) -> None:
    last = (now - dt.timedelta(days=3)).isoformat()
    await raise_one(
        conn, organisation, patient, 5, now=now, lane=Lane.COMPLIANCE, rule="missed-measurements",
        label="Measurements missed", metric=None, value=None, worst=None, bound=None,
        onset_reading=None, severity=Severity.LOW, peak=Severity.LOW,
        reason={"code": "missed_measurements", "facts": {"measures": [
            {"kind": "weight", "days": 3, "last_at": last, "device": "silent"}]}},
    )  # fmt: skip


async def a_lively_queue(
    pool: Pool, organisation: UUID, nurse: UUID, *, many: int = 12
) -> list[Alert]:
    now = dt.datetime.now(dt.UTC)
    made: list[Alert] = []
    async with pool.acquire() as conn:
        for number, patient in enumerate(await patients(conn, organisation, many)):
            one = await raise_one(conn, organisation, patient, number, now=now)
            if number % 6 == 1:
                one = await act(
                    conn, organisation, one.id, Acknowledge(actor=nurse), version=1, now=now
                )
            elif number % 6 == 3:
                one = await act(
                    conn, organisation, one.id, Acknowledge(actor=nurse), version=1, now=now
                )
                until = now + dt.timedelta(hours=2)
                one = await act(
                    conn, organisation, one.id, Snooze(actor=nurse, until=until), version=2, now=now
                )
            elif number % 6 == 2:
                one = await act(
                    conn,
                    organisation,
                    one.id,
                    Escalate(actor=nurse, reason="no answer"),
                    version=1,
                    now=now,
                )
            if number % 4 == 0:
                await raise_one(conn, organisation, patient, number + 5, now=now, rule="second")
            made.append(one)
        await technical(conn, organisation, now=now)
        await missing(conn, organisation, (await patients_of(conn, organisation))[1], now=now)
    return made


async def patients_of(conn: Connection, organisation: UUID) -> list[UUID]:
    found = await conn.fetch(
        "SELECT id FROM patients WHERE organisation_id = $1 ORDER BY mrn", organisation
    )
    return [row["id"] for row in found]
