"""The physical limit: the same rows into the same tables, straight from arrays, nothing asked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from benchmarks.rig.workload import Home
from store.digest import digest
from store.pool import Connection
from vitals.reading import Reading

PER_TRANSACTION: Final = 500

READINGS: Final = """
INSERT INTO readings (
    id, organisation_id, gateway_id, device, device_id, assignment_id, patient_id, kind,
    measured_at, utc_offset_s, local_day, time_quality, device_time, clock_drift_s, sent_at,
    received_at, seq, user_slot, frame, profile, attribution, systolic, diastolic, mean, pulse
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[],
    $9::timestamptz[], $10::int4[], $11::date[], $12::text[], $13::timestamp[], $14::float8[],
    $15::timestamptz[], $16::timestamptz[], $17::int8[], $18::int2[], $19::bytea[], $20::text[],
    $21::text[], $22::float8[], $23::float8[], $24::float8[], $25::float8[]
)
"""
KEYS: Final = """
INSERT INTO reading_keys (id, measured_at, digest, received_at)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $4::timestamptz[])
"""
QUEUE: Final = """
INSERT INTO evaluation_queue
    (organisation_id, reading_id, measured_at, patient_id, kind, attribution, enqueued_at)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[],
    $7::timestamptz[]
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One transaction's arrays."""

    readings: list[list[Any]]
    keys: list[list[Any]]
    queue: list[list[Any]]


def prepared(made: Sequence[Reading], homes: Sequence[Home], *, now: dt.datetime) -> list[Limit]:
    """Arrays for all of `made`, outside of what is measured."""
    gateways = {home.device: (home.gateway, UUID(int=home.number + 1)) for home in homes}
    return [
        _limit(made[start : start + PER_TRANSACTION], gateways, now)
        for start in range(0, len(made), PER_TRANSACTION)
    ]


async def insert_all(connection: Connection, batches: Sequence[Limit]) -> None:
    for batch in batches:
        async with connection.transaction():
            await connection.execute(READINGS, *batch.readings)
            await connection.execute(KEYS, *batch.keys)
            await connection.execute(QUEUE, *batch.queue)


def _limit(
    part: Sequence[Reading], gateways: dict[str, tuple[str, UUID]], now: dt.datetime
) -> Limit:
    ordered = sorted(part, key=lambda each: (each.measured_at, each.device))
    rows = [_row(each, *gateways[each.device], now) for each in ordered]
    columns = [list(column) for column in zip(*rows, strict=True)]
    ids, organisations, kinds, instants = columns[0], columns[1], columns[7], columns[8]
    patients, received, attributions = columns[6], columns[15], columns[20]
    keys = sorted(
        zip(ids, instants, map(digest, ordered), received, strict=True), key=lambda key: key[0]
    )
    return Limit(
        readings=columns,
        keys=[list(column) for column in zip(*keys, strict=True)],
        queue=[organisations, ids, instants, patients, kinds, attributions, received],
    )


def _row(each: Reading, gateway: str, patient: UUID, now: dt.datetime) -> tuple[Any, ...]:
    offset = each.measured_at.utcoffset() or dt.timedelta()
    values = [each.values[name] for name in ("systolic", "diastolic", "mean", "pulse")]
    return (
        *(each.id, patient, gateway, each.device, patient, patient, patient, str(each.kind)),
        *(each.measured_at, int(offset.total_seconds()), each.measured_at.date()),
        *(str(each.time_quality), each.device_time, each.clock_drift_s, now, now, each.seq),
        *(each.user, bytes.fromhex(each.frame), each.profile, "assigned", *values),
    )
