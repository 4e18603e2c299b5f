"""Patients of every shipped programme: homes of their own, plans, devices, a history."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from benchmarks.rig.stage import Stage
from care.plans import set_plan
from care.programmes import shipped
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

LEVELS: Final[dict[Kind, dict[str, tuple[float, float]]]] = {
    Kind.BLOOD_PRESSURE: {"systolic": (128, 9), "diastolic": (78, 5), "pulse": (72, 6)},
    Kind.WEIGHT: {"weight": (80, 0.4)},
    Kind.GLUCOSE: {"glucose": (120, 22)},
    Kind.OXIMETRY: {"spo2": (95, 1.2), "pulse": (74, 6)},
    Kind.TEMPERATURE: {"temperature": (36.7, 0.25)},
}
"""Mean and SD: most are well, and some are not."""

LONG_AGO: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
QUIET: Final = dt.timedelta(hours=10)
"""Between the end of the history and now: the live readings lie in it."""

PATIENTS: Final = """
INSERT INTO patients (organisation_id, mrn, given_name, family_name, time_zone)
SELECT $1, 'ward-' || i, 'Test', 'Person', 'America/New_York' FROM generate_series(0, $2 - 1) i
RETURNING id, mrn
"""
COPY_PLAN: Final = """
INSERT INTO plan_versions (
    organisation_id, patient_id, version, effective_from, programme, programme_version, overrides,
    resolved, reason
)
SELECT v.organisation_id, p.id, 1, v.effective_from, v.programme, v.programme_version, v.overrides,
    v.resolved, v.reason
FROM plan_versions v, unnest($2::uuid[]) AS p (id)
WHERE v.patient_id = $1 AND p.id <> $1
"""
GATEWAYS: Final = """
INSERT INTO gateways (id, organisation_id, enrolled_at)
SELECT DISTINCT g, $1::uuid, $3::timestamptz FROM unnest($2::text[]) g
"""
DEVICES: Final = """
WITH made AS (
    INSERT INTO devices (organisation_id, address, gateway_id)
    SELECT $1, d.address, d.gateway FROM unnest($2::text[], $3::text[]) AS d (address, gateway)
    RETURNING id, address
)
INSERT INTO device_assignments (organisation_id, device_id, patient_id, starts_at)
SELECT $1, made.id, d.patient, $5
FROM made JOIN unnest($2::text[], $4::uuid[]) AS d (address, patient) USING (address)
"""
HISTORY: Final = """
INSERT INTO readings (
    id, organisation_id, gateway_id, device, patient_id, kind, measured_at, utc_offset_s, local_day,
    time_quality, received_at, attribution, {columns}
)
SELECT gen_random_uuid(), $1, d.gateway, d.address, d.patient, '{kind}', s.at, -18000,
    (s.at - INTERVAL '5 hours')::date, 'device', s.at, 'assigned', {values}
FROM unnest($2::text[], $3::text[], $4::uuid[]) AS d (address, gateway, patient)
CROSS JOIN LATERAL (
    SELECT x + random() * INTERVAL '3 hours' AS at
    FROM generate_series($5::timestamptz, $6::timestamptz, INTERVAL '12 hours') AS x
) s
"""


HEARD: Final = """
INSERT INTO gateway_health (gateway_id, organisation_id, at, received_at, state, devices)
SELECT id, organisation_id, now(), now(), 'online', '[]' FROM gateways
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """One device of one patient, read through one gateway."""

    patient: UUID
    kind: Kind
    device: str
    gateway: str


async def furnish(
    stage: Stage, *, patients: int, days: int, now: dt.datetime, name: str = "ward"
) -> list[Bed]:
    """Two readings a day and device until `now` - QUIET; nothing of it waits to be evaluated."""
    async with stage.connect() as conn:
        organisation = await conn.fetchval(
            "INSERT INTO organisations (name) VALUES ($1) RETURNING id", name
        )
        made = await conn.fetch(PATIENTS, organisation, patients)
        ids = [row["id"] for row in sorted(made, key=lambda row: int(row["mrn"][5:]))]
        beds = await _plans(
            conn, organisation, ids, name=name, since=now - dt.timedelta(days=days + 1)
        )
        await _devices(conn, organisation, beds)
        for kind in LEVELS:
            await _history(conn, organisation, [bed for bed in beds if bed.kind is kind], days, now)
        await conn.execute("DELETE FROM evaluation_queue")
        await conn.execute("VACUUM ANALYZE")
        await conn.execute("CHECKPOINT")
    return beds


async def _plans(
    conn: "asyncpg.Connection[asyncpg.Record]",
    organisation: UUID,
    ids: Sequence[UUID],
    *,
    name: str,
    since: dt.datetime,
) -> list[Bed]:
    """Programmes take turns."""
    programmes = shipped()
    beds: list[Bed] = []
    for place, programme in enumerate(programmes):
        theirs = ids[place :: len(programmes)]
        await set_plan(
            conn,
            organisation,
            theirs[0],
            programme=programme.id,
            overrides={},
            effective_from=since,
            reason="bench",
            actor=None,
            now=since,
            allow_backdate=True,
        )
        await conn.execute(COPY_PLAN, theirs[0], theirs, timeout=600)
        kinds = sorted({rule.kind for rule in programme.rules})
        for number, patient in enumerate(theirs):
            home = len(programmes) * number + place
            high, low = divmod(home, 256)
            beds += [
                Bed(
                    patient=patient,
                    kind=kind,
                    device=f"A0:B1:C3:{list(Kind).index(kind):02X}:{high:02X}:{low:02X}",
                    gateway=f"{name}-{home:05}",
                )
                for kind in kinds
            ]
    return beds


async def _devices(
    conn: "asyncpg.Connection[asyncpg.Record]", organisation: UUID, beds: Sequence[Bed]
) -> None:
    gateways = [bed.gateway for bed in beds]
    await conn.execute(GATEWAYS, organisation, gateways, LONG_AGO)
    await conn.execute(
        DEVICES,
        organisation,
        [bed.device for bed in beds],
        [bed.gateway for bed in beds],
        [bed.patient for bed in beds],
        LONG_AGO,
        timeout=600,
    )


async def _history(
    conn: "asyncpg.Connection[asyncpg.Record]",
    organisation: UUID,
    beds: Sequence[Bed],
    days: int,
    now: dt.datetime,
) -> None:
    if not beds or not days:
        return
    levels = LEVELS[beds[0].kind]
    statement = HISTORY.format(
        kind=beds[0].kind.value,
        columns=", ".join(levels),
        values=", ".join(
            f"round(random_normal({mean}, {spread})::numeric, 1)::float8"
            for mean, spread in levels.values()
        ),
    )
    await conn.execute(
        statement,
        organisation,
        [bed.device for bed in beds],
        [bed.gateway for bed in beds],
        [bed.patient for bed in beds],
        now - dt.timedelta(days=days),
        now - QUIET - dt.timedelta(hours=3),
        timeout=600,
    )


def reading(bed: Bed, at: dt.datetime, dice: random.Random) -> Reading:
    return Reading(
        id=UUID(int=dice.getrandbits(128)),
        device=bed.device,
        kind=bed.kind,
        measured_at=at,
        time_quality=TimeQuality.DEVICE,
        values={
            name: round(dice.gauss(mean, spread), 1)
            for name, (mean, spread) in LEVELS[bed.kind].items()
        },
    )
