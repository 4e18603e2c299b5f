"""Backup and restore on a real database."""

import asyncio
import datetime as dt
import tarfile
from pathlib import Path

import pytest

from care.registry import add_device, add_gateway, add_organisation, add_patient, list_patients
from hearthbeat.backup import backup, restore, tables
from hearthbeat.errors import BackupError
from store.pool import connect, open_pool
from tests.integration.alerts.clinic import HOUR, MINUTE, Clinic, make

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def quiet(_: str, __: int) -> None:
    return None


async def fill(url: str) -> None:
    conn = await connect(url, application_name="test")
    try:
        clinic = await add_organisation(conn, name="North \\ \\N clinic", time_zone="Europe/Berlin")
        await add_patient(conn, clinic.id, mrn="1", given_name="Ä\\N", family_name="O'Neil")
        await add_gateway(conn, clinic.id, gateway_id="gw-1")
        await add_device(conn, clinic.id, address="A0:00:00:00:00:01", gateway_id="gw-1")
        await conn.execute(
            "insert into evaluation_queue (organisation_id, reading_id, measured_at, kind,"
            " attribution) select $1, gen_random_uuid(), now(), 'weight', 'assigned'"
            " from generate_series(1, 3)",
            clinic.id,
        )
        await conn.execute(
            "insert into readings (id, organisation_id, gateway_id, device, kind, measured_at,"
            " utc_offset_s, local_day, time_quality, received_at, attribution, reason, weight,"
            " special, flags, frame) select gen_random_uuid(), $1, 'gw-1', 'D', 'weight',"
            " timestamptz '1988-03-01' + n * interval '40 days', 0, '1988-03-01', 'device', now(),"
            " 'quarantined', 'unassigned', 70.123456789, '{\"a\": \"\\\\\"}', '{x,y}', '\\x00ff'"
            " from generate_series(1, 400) n",
            clinic.id,
        )
    finally:
        await conn.close()


async def contents(url: str) -> dict[str, list[str]]:
    conn = await connect(url, application_name="test")
    try:
        return {
            table.name: sorted(
                row[0]
                for row in await conn.fetch(f"select t::text from {table.name} t")  # noqa: S608
            )
            for table in tables()
        }
    finally:
        await conn.close()


async def test_what_was_backed_up_comes_back_as_it_was(
    database: str, second_database: str, tmp_path: Path
) -> None:
    await fill(database)
    file = tmp_path / "clinic.backup"
    manifest = await backup(database, file, now=NOW, progress=quiet)
    assert {part.name: part.rows for part in manifest.tables}["readings"] == 400
    assert file.stat().st_mode & 0o077 == 0
    await restore(second_database, file, progress=quiet)
    assert await contents(second_database) == await contents(database)


async def test_numbers_go_on_after_a_restore(
    database: str, second_database: str, tmp_path: Path
) -> None:
    await fill(database)
    await backup(database, tmp_path / "b", now=NOW, progress=quiet)
    await restore(second_database, tmp_path / "b", progress=quiet)
    conn = await connect(second_database, application_name="test")
    try:
        number = await conn.fetchval(
            "insert into evaluation_queue (organisation_id, reading_id, measured_at, kind,"
            " attribution) values (gen_random_uuid(), gen_random_uuid(), now(), 'weight',"
            " 'assigned') returning position"
        )
        highest = await conn.fetchval("select max(position) from evaluation_queue")
    finally:
        await conn.close()
    assert number == highest


async def test_a_database_with_rows_is_refused_and_stays_as_it_is(
    database: str, tmp_path: Path
) -> None:
    await fill(database)
    await backup(database, tmp_path / "b", now=NOW, progress=quiet)
    before = await contents(database)
    with pytest.raises(BackupError, match="the database is not empty: there are rows in"):
        await restore(database, tmp_path / "b", progress=quiet)
    assert await contents(database) == before


async def test_a_damaged_backup_changes_nothing(
    database: str, second_database: str, tmp_path: Path
) -> None:
    await fill(database)
    file = tmp_path / "b"
    await backup(database, file, now=NOW, progress=quiet)
    with tarfile.open(file) as archive:
        at = archive.getmember("readings.copy.gz").offset_data
    torn = bytearray(file.read_bytes())
    torn[at + 30] ^= 0xFF
    (tmp_path / "flipped").write_bytes(torn)
    (tmp_path / "cut").write_bytes(torn[: len(torn) // 2])
    before = await contents(second_database)
    with pytest.raises(BackupError, match="readings is damaged"):
        await restore(second_database, tmp_path / "flipped", progress=quiet)
    with pytest.raises(BackupError, match=r"no whole backup|no backup that can be read"):
        await restore(second_database, tmp_path / "cut", progress=quiet)
    assert await contents(second_database) == before


async def test_a_backup_is_of_one_instant(database: str, tmp_path: Path) -> None:
    await fill(database)
    conn = await connect(database, application_name="test")

    async def more(_: str, __: int) -> None:
        (clinic,) = await conn.fetch("select id from organisations where name like 'North%'")
        number = await conn.fetchval("select count(*) from patients")
        await add_patient(
            conn, clinic["id"], mrn=f"x{number}", given_name="Late", family_name="Comer"
        )

    def progress(name: str, rows: int) -> None:
        if name == "dead_letters":
            added.append(asyncio.ensure_future(more(name, rows)))

    added: list[asyncio.Future[None]] = []
    try:
        manifest = await backup(database, tmp_path / "b", now=NOW, progress=progress)
        await asyncio.gather(*added)
        (clinic,) = await conn.fetch("select id from organisations where name like 'North%'")
        there = await list_patients(conn, clinic["id"])
    finally:
        await conn.close()
    assert len(there) == 2
    assert {part.name: part.rows for part in manifest.tables}["patients"] == 1


async def test_a_backup_does_not_overwrite_another(database: str, tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    with pytest.raises(BackupError, match="exists already"):
        await backup(database, tmp_path / "b", now=NOW, progress=quiet)


async def test_a_database_without_tables_has_nothing_to_back_up(
    empty_database: str, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="nothing to back up"):
        await backup(empty_database, tmp_path / "b", now=NOW, progress=quiet)


async def test_alerts_and_what_is_due_go_on_after_a_restore(
    database: str, second_database: str, tmp_path: Path
) -> None:
    pool = await open_pool(database, application_name="test")
    try:
        clinic = await make(pool)
        patient = await clinic.patient()
        await clinic.pressure(patient, 184)
        clinic.later(2 * MINUTE)
        await clinic.pressure(patient, 186)
        await clinic.evaluate()
        before = await clinic.alerts(patient)
    finally:
        pool.terminate()
    assert before
    await backup(database, tmp_path / "b", now=NOW, progress=quiet)
    await restore(second_database, tmp_path / "b", progress=quiet)
    again = await open_pool(second_database, application_name="test")
    try:
        there = Clinic(pool=again, organisation=clinic.organisation, now=clinic.now + HOUR)
        assert await there.alerts(patient) == before
        await there.pressure(patient, 140)
        await there.evaluate()
        after = await there.alerts(patient)
    finally:
        again.terminate()
    assert any(each.cleared_at is not None for each in after)
