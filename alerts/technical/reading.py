"""A clinic's facts out of the database: a few queries, however many homes there are."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from asyncpg import Record

from alerts.technical.devices import LOOK_BACK
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
from alerts.technical.line import Line, line_of
from care.attribution import Reason
from care.plan_shelf import PlanShelf, plans_between
from care.plans import holds
from care.programme import Plan
from store.pool import Connection
from store.queries import load
from store.schema import UNCLAIMED
from vitals.flags import NOT_A_PATIENT_VALUE
from vitals.kinds import Kind
from wire.messages import DeviceStatus

QUERIES: Final = load("alerts", "technical.sql")

SAMPLE: Final = 500
WITNESSES: Final = 20
"""So many hubs of a sample, those heard last, say when anybody could be heard."""
LINE_LOOK_BACK: Final = dt.timedelta(hours=6)
HELD_LOOK_BACK: Final = dt.timedelta(days=30)
HELD_MOST: Final = 50_000
"""Readings held back that are counted: who sends more is one item all the same."""

_statuses: Final = msgspec.json.Decoder(list[DeviceStatus])


async def read_scene(
    conn: Connection, organisation_id: UUID, *, line: Line, shelf: PlanShelf, now: dt.datetime
) -> Scene:
    """As of `now`, which may lie in the past of the rows. Rows are turned into facts beside the
    event loop: ten thousand homes are not worth a late page.
    """
    since = now - LOOK_BACK
    said = await conn.fetch(QUERIES["gateways"], organisation_id, now, since)
    assigned = await conn.fetch(QUERIES["devices"], organisation_id, now, since)
    found = await conn.fetch(QUERIES["patients"], organisation_id, now)
    plans = await plans_between(conn, [row["id"] for row in found], since, shelf=shelf)
    patients = {row["id"]: _patient(row, plans.get(row["id"], ()), now=now) for row in found}
    last = await _last_readings(conn, patients.values(), since, now=now)
    held = await _held(conn, organisation_id, now=now)
    gateways = {row["id"]: _gateway(row) for row in said}
    devices = await asyncio.to_thread(_devices, assigned, said)
    return Scene(
        gateways=gateways, devices=devices, patients=patients, last=last, held=held, line=line
    )


def _gateway(row: Record) -> Gateway:
    return Gateway(
        id=row["id"],
        label=row["label"],
        transport=row["transport"],
        enrolled_at=row["enrolled_at"],
        heard_at=row["heard_at"],
        online=None if row["state"] is None else row["state"] == "online",
        told=row["told"],
        trouble=row["trouble"],
        trouble_at=row["trouble_at"],
        undecodable=row["undecodable"] or 0,
    )


def _patient(row: Record, plans: Sequence[Plan], *, now: dt.datetime) -> Patient:
    begun = tuple(plan for plan in plans if plan.effective_from <= now)
    return Patient(
        id=row["id"],
        zone=ZoneInfo(row["time_zone"]),
        plans=begun,
        plan=next((plan for plan in begun if holds(plan, now)), None),
    )


def _devices(assigned: Iterable[Record], said: Iterable[Record]) -> dict[str, Device]:
    sightings = _sightings(said)
    wearers: dict[str, list[Wearer]] = defaultdict(list)
    known: dict[str, Record] = {}
    for row in assigned:
        known[row["address"]] = row
        wearers[row["address"]].append(
            Wearer(patient_id=row["patient_id"], since=row["starts_at"], read_at=row["read_at"])
        )
    return {
        address: Device(
            address=address,
            label=row["label"],
            profile=row["profile"],
            gateway_id=row["gateway_id"],
            sighting=sightings.get(address),
            wearers=tuple(wearers[address]),
        )
        for address, row in known.items()
    }


def _sightings(said: Iterable[Record]) -> dict[str, Sighting]:
    """Of each device what was said by the gateway that saw it last."""
    found: dict[str, Sighting] = {}
    for row in said:
        if row["devices"] is None:
            continue
        for status in _statuses.decode(row["devices"]):
            address = status.device.upper()
            seen = _believed(status.last_seen, row["heard_at"])
            before = found.get(address)
            if before is not None and not _later(seen, before.last_seen):
                continue
            found[address] = Sighting(
                gateway=row["id"],
                last_seen=seen,
                battery=status.battery,
                clock_drift_s=status.clock_drift_s,
                trouble=None if status.trouble is msgspec.UNSET else status.trouble,
            )
    return found


def _believed(seen: dt.datetime | None, heard_at: dt.datetime | None) -> dt.datetime | None:
    """By a gateway whose clock is ahead, a device may have been seen in the future."""
    if seen is None or heard_at is None:
        return seen
    return min(seen, heard_at)


def _later(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    return one is not None and (other is None or one > other)


async def _last_readings(
    conn: Connection, patients: Iterable[Patient], since: dt.datetime, *, now: dt.datetime
) -> dict[tuple[UUID, Kind], LastReading]:
    wanted = [
        (patient.id, measure.kind)
        for patient in patients
        if patient.plan is not None
        for measure in patient.plan.measures
    ]
    if not wanted:
        return {}
    rows = await conn.fetch(
        QUERIES["last_readings"],
        [patient for patient, _ in wanted],
        [str(kind) for _, kind in wanted],
        now,
        since,
    )
    return {
        (patient, Kind(kind)): LastReading(measured_at, device)
        for patient, kind, measured_at, device in rows
    }


async def _held(conn: Connection, organisation_id: UUID, *, now: dt.datetime) -> tuple[Held, ...]:
    alone = await conn.fetchval(QUERIES["alone"], UNCLAIMED)
    rows = await conn.fetch(
        QUERIES["held"],
        organisation_id,
        [organisation_id, UNCLAIMED] if alone else [organisation_id],
        now - HELD_LOOK_BACK,
        now,
        [*sorted(NOT_A_PATIENT_VALUE), Reason.NOBODYS.value],
        HELD_MOST,
    )
    return tuple(Held(**{**row, "kind": Kind(row["kind"])}) for row in rows)


async def read_line(conn: Connection, *, now: dt.datetime) -> Line:
    """Of all clinics: they have one broker and one ingest."""
    since = now - LINE_LOOK_BACK
    rows = await conn.fetch(QUERIES["line"], since, now, SAMPLE, WITNESSES)
    witnesses = rows[0]["witnesses"] if rows else 0
    return line_of([row["at"] for row in rows], witnesses=witnesses, now=now)
