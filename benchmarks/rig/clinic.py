"""A clinic in the database: migrated, with homes enrolled and each cuff assigned to one patient."""

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Final

import asyncpg

from benchmarks.rig import bare_worker
from benchmarks.rig.backlog import Contender
from benchmarks.rig.broker import Broker
from benchmarks.rig.database import Database
from benchmarks.rig.workload import Home
from store import migrate
from store.pool import Connection
from wire import topics

WORKER: Final = "ingest-0"
SINCE: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

ORGANISATION: Final = "INSERT INTO organisations (name) VALUES ('Bench') RETURNING id"
GATEWAY: Final = "INSERT INTO gateways (id, organisation_id, enrolled_at) VALUES ($1, $2, $3)"
PATIENT: Final = """
INSERT INTO patients (organisation_id, mrn, given_name, family_name, time_zone)
VALUES ($1, $2, 'Test', 'Person', 'America/New_York') RETURNING id
"""
DEVICE: Final = """
INSERT INTO devices (organisation_id, address, gateway_id) VALUES ($1, $2, $3) RETURNING id
"""
ASSIGNMENT: Final = """
INSERT INTO device_assignments (organisation_id, device_id, patient_id, starts_at)
VALUES ($1, $2, $3, $4)
"""
CLEAR: Final = """
TRUNCATE readings, reading_keys, evaluation_queue, gateway_progress, dead_letters
RESTART IDENTITY
"""


async def furnish(dsn: str, homes: Sequence[Home]) -> None:
    """Migrate and enrol; only on an empty database."""
    await migrate.upgrade(dsn, now=dt.datetime.now(dt.UTC))
    connection: Connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            organisation = await connection.fetchval(ORGANISATION)
            for home in homes:
                await _enrol(connection, organisation, home)
    finally:
        await connection.close()


async def _enrol(connection: Connection, organisation: object, home: Home) -> None:
    await connection.execute(GATEWAY, home.gateway, organisation, SINCE)
    patient = await connection.fetchval(PATIENT, organisation, f"MRN-{home.number}")
    device = await connection.fetchval(DEVICE, organisation, home.device, home.gateway)
    await connection.execute(ASSIGNMENT, organisation, device, patient, SINCE)


async def clear(connection: Connection) -> None:
    """Empty the tables that readings go into, and start the next run with an empty WAL."""
    await connection.execute(bare_worker.CREATE)
    await connection.execute(f"TRUNCATE {bare_worker.TABLE}")
    await connection.execute(CLEAR)
    await connection.execute("CHECKPOINT")


def worker(broker: Broker, database: Database, *, name: str, bare: bool = False) -> Contender:
    """Our ingest worker in a process of its own, on a session that keeps its backlog; `bare` is
    held to the peers' work.
    """
    module = "benchmarks.rig.bare_worker" if bare else "benchmarks.rig.worker"
    arguments = (str(broker.port), WORKER, database.dsn)

    return Contender(
        name=name,
        command=lambda: [sys.executable, "-m", module, *arguments],
        client_id=WORKER,
        pattern=topics.shared(topics.READINGS_FILTER),
        table=bare_worker.TABLE if bare else "reading_keys",
    )
