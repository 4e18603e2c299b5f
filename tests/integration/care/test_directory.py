"""The directory in memory follows the tables."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import pytest

from care.directory import Directory
from care.registry import add_device, add_gateway, assign, unassign
from care.snapshot import Snapshot
from store.pool import Connection, Pool
from tests.integration.care.conftest import NOW, Clinic


@asynccontextmanager
async def kept_fresh(directory: Directory) -> AsyncIterator[None]:
    stop = asyncio.Event()
    keeping = asyncio.create_task(directory.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(keeping, 5)


async def soon(condition: Callable[[], bool], *, within_s: float = 60) -> float:
    """Wait for it; how long it took."""
    clock = asyncio.get_running_loop().time
    started = clock()
    while not condition():
        assert clock() - started < within_s
        await asyncio.sleep(0.01)
    return clock() - started


async def test_everything_admission_asks_for_is_there(
    pool: Pool, database: str, conn: Connection, clinic: Clinic
) -> None:
    made = await assign(
        conn,
        clinic.organisation.id,
        device_id=clinic.cuff.id,
        patient_id=clinic.bob.id,
        starts_at=NOW,
    )
    directory = Directory(pool, dsn=database)
    assert await directory.refresh()
    snapshot = directory.snapshot
    gateway = snapshot.gateway("gw-1")
    assert gateway is not None
    assert gateway.organisation_id == clinic.organisation.id
    assert snapshot.gateway("gw-2") is None
    device = snapshot.device(gateway.organisation_id, "a0:b1:c2:d3:e4:f5")
    assert device is not None
    assert device.assignments == (made,)
    assert snapshot.zone(clinic.bob.id) == ZoneInfo("Europe/Berlin")
    assert snapshot.devices_of("gw-1") == [device]
    assert snapshot.devices_of("gw-2") == []


async def test_it_is_not_read_again_while_nothing_changes(
    pool: Pool, database: str, conn: Connection, clinic: Clinic
) -> None:
    directory = Directory(pool, dsn=database)
    assert await directory.refresh()
    before = directory.snapshot
    assert not await directory.refresh()
    assert directory.snapshot is before
    await conn.execute("UPDATE patients SET time_zone = 'UTC' WHERE id = $1", clinic.ann.id)
    assert await directory.refresh()
    await conn.execute("DELETE FROM devices WHERE id = $1", clinic.cuff.id)
    assert await directory.refresh()


async def test_a_change_is_seen_when_it_is_committed(
    pool: Pool, database: str, conn: Connection, clinic: Clinic
) -> None:
    directory = Directory(pool, dsn=database, poll_s=60)
    told: list[Snapshot] = []
    directory.watch(told.append)
    async with kept_fresh(directory):
        await soon(lambda: directory.snapshot.gateway("gw-1") is not None)
        await add_gateway(conn, clinic.organisation.id, gateway_id="gw-2")
        took_s = await soon(lambda: directory.snapshot.gateway("gw-2") is not None)
    assert took_s < 30, "not by the poll"
    assert told[-1] is directory.snapshot


async def test_a_lost_notification_is_made_up_for(
    pool: Pool, database: str, conn: Connection, clinic: Clinic
) -> None:
    directory = Directory(pool, dsn=database, poll_s=0.2)
    async with kept_fresh(directory):
        await soon(lambda: directory.snapshot.gateway("gw-1") is not None)
        await conn.execute("ALTER TABLE gateways DISABLE TRIGGER directory_changed")
        await add_gateway(conn, clinic.organisation.id, gateway_id="gw-2")
        await soon(lambda: directory.snapshot.gateway("gw-2") is not None)


async def test_it_outlives_its_connection(
    pool: Pool, database: str, conn: Connection, clinic: Clinic
) -> None:
    directory = Directory(pool, dsn=database, poll_s=0.2)
    async with kept_fresh(directory):
        await soon(lambda: directory.snapshot.gateway("gw-1") is not None)
        await conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'hearthbeat directory' AND datname = current_database()"
        )
        await add_gateway(conn, clinic.organisation.id, gateway_id="gw-2")
        await soon(lambda: directory.snapshot.gateway("gw-2") is not None)


@pytest.mark.usefixtures("clinic")
async def test_it_stops_when_told(pool: Pool, database: str) -> None:
    async with kept_fresh(Directory(pool, dsn=database, poll_s=60)):
        await asyncio.sleep(0.05)


async def test_ended_assignments_stay_for_late_readings(
    pool: Pool, database: str, conn: Connection, clinic: Clinic
) -> None:
    whose, cuff = clinic.organisation.id, clinic.cuff.id
    await assign(conn, whose, device_id=cuff, patient_id=clinic.ann.id, starts_at=NOW)
    await unassign(conn, whose, device_id=cuff, ends_at=NOW + dt.timedelta(days=1))
    await add_device(conn, whose, address="B0:00")
    directory = Directory(pool, dsn=database)
    await directory.refresh()
    device = directory.snapshot.device(whose, clinic.cuff.address)
    assert device is not None
    assert [each.patient_id for each in device.assignments] == [clinic.ann.id]
