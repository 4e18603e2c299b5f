"""Migrations on a real server: from nothing, again, and against the description."""

import asyncio

import asyncpg
import pytest
from alembic import command

from store.errors import SchemaBehindError
from store.migrate import _alembic, check, require_current, upgrade
from store.timeseries import Engine
from tests.postgres import NOW


async def test_an_empty_database_is_brought_to_the_newest_schema(empty_database: str) -> None:
    with pytest.raises(SchemaBehindError, match="hearthbeat migrate"):
        await require_current(empty_database)
    assert await upgrade(empty_database, now=NOW) is Engine.NATIVE
    await require_current(empty_database)


async def test_migrating_again_changes_nothing(database: str) -> None:
    before = await _catalogue(database)
    await upgrade(database, now=NOW)
    assert await _catalogue(database) == before


async def test_two_replicas_may_migrate_at_once(empty_database: str) -> None:
    await asyncio.gather(*(upgrade(empty_database, now=NOW) for _ in range(3)))
    assert await check(empty_database) == []


async def test_the_migrations_make_what_the_description_says(database: str) -> None:
    assert await check(database) == []


async def test_the_check_sees_a_table_that_drifted(database: str) -> None:
    conn = await asyncpg.connect(database)
    await conn.execute("ALTER TABLE patients DROP COLUMN language")
    await conn.close()
    (difference,) = await check(database)
    assert "language" in difference


async def test_dead_letters_of_the_first_schema_are_counted_by_their_senders(
    empty_database: str,
) -> None:
    await _alembic(empty_database, lambda config: command.upgrade(config, "0001"))
    conn = await asyncpg.connect(empty_database)
    await conn.execute(
        """
        INSERT INTO dead_letters (organisation_id, gateway_id, topic, payload, error, digest,
            first_received_at, last_received_at, replayed_at)
        VALUES (gen_random_uuid(), 'gw-1', 'a', 'abc', '', $1, now(), now(), NULL),
            (gen_random_uuid(), 'gw-1', 'b', 'abcdef', '', $1, now(), now(), now()),
            (NULL, 'nobody', 'c', 'abcd', '', $1, now(), now(), NULL),
            (NULL, NULL, 'd', 'abcde', '', $1, now(), now(), NULL)
        """,
        b"0" * 16,
    )
    await upgrade(empty_database, now=NOW)
    rows = await conn.fetch("SELECT sender, letters, bytes FROM dead_letter_senders")
    await conn.close()
    assert {tuple(row) for row in rows} == {("gw-1", 1, 3), ("", 2, 9)}
    assert await check(empty_database) == []


async def test_invitations_stay_and_a_patient_can_be_invited_from_now_on(
    empty_database: str,
) -> None:
    await _alembic(empty_database, lambda config: command.upgrade(config, "0025"))
    conn = await asyncpg.connect(empty_database)
    await conn.execute("INSERT INTO organisations (name) VALUES ('us')")
    await conn.execute(
        "INSERT INTO patients (organisation_id, mrn, given_name, family_name, time_zone)"
        " SELECT id, '1', 'Ada', 'Able', 'UTC' FROM organisations WHERE name = 'us'"
    )
    invite = (
        "INSERT INTO invitations (organisation_id, patient_id, code_hash, name, relation, inviter,"
        " created_at, expires_at) SELECT organisation_id, id, sha256($1::text::bytea), 'Eve', $1,"
        " 'staff', now(), now() + interval '1 day' FROM patients"
    )
    await conn.execute(invite, "friend")
    with pytest.raises(asyncpg.CheckViolationError):
        await conn.execute(invite, "self")
    await upgrade(empty_database, now=NOW)
    await conn.execute(invite, "self")
    with pytest.raises(asyncpg.CheckViolationError):
        await conn.execute(invite, "boss")
    rows = await conn.fetch("SELECT relation FROM invitations ORDER BY relation")
    await conn.close()
    assert [each["relation"] for each in rows] == ["friend", "self"]
    assert await check(empty_database) == []


async def test_whose_weight_is_in_kilograms_reads_celsius_from_now_on(empty_database: str) -> None:
    await _alembic(empty_database, lambda config: command.upgrade(config, "0023"))
    conn = await asyncpg.connect(empty_database)
    await conn.execute(
        "INSERT INTO organisations (name, weight_unit) VALUES ('eu', 'kg'), ('us', 'lb')"
    )
    await conn.execute(
        "INSERT INTO patients"
        " (organisation_id, mrn, given_name, family_name, time_zone, weight_unit)"
        " SELECT id, unit, 'Ada', 'Able', 'UTC', unit"
        " FROM organisations, unnest(ARRAY['kg', 'lb']) AS unit WHERE name = 'us'"
    )
    await upgrade(empty_database, now=NOW)
    units = {
        row["name"]: row["temperature_unit"]
        for row in await conn.fetch(
            "SELECT mrn AS name, temperature_unit FROM patients"
            " UNION ALL SELECT name, temperature_unit FROM organisations"
        )
    }
    await conn.close()
    assert [units[name] for name in ("kg", "lb", "eu", "us")] == ["C", "F", "C", "F"]


async def test_health_rows_of_before_say_nothing_of_trouble(empty_database: str) -> None:
    await _alembic(empty_database, lambda config: command.upgrade(config, "0007"))
    conn = await asyncpg.connect(empty_database)
    await conn.execute(
        "INSERT INTO gateway_health (gateway_id, organisation_id, at, received_at, state)"
        " VALUES ('gw-1', gen_random_uuid(), $1, $1, 'online')",
        NOW,
    )
    await upgrade(empty_database, now=NOW)  # The row moves into its month.
    rows = await conn.fetch(
        "SELECT tableoid::regclass::text, trouble, undecodable FROM gateway_health"
    )
    await conn.close()
    assert [tuple(row)[1:] for row in rows] == [(None, None)]
    assert rows[0][0] != "gateway_health_default"
    assert await check(empty_database) == []


async def test_what_was_there_before_udis_stays_and_can_have_one(empty_database: str) -> None:
    await _alembic(empty_database, lambda config: command.upgrade(config, "0023"))
    conn = await asyncpg.connect(empty_database)
    north = await conn.fetchval("INSERT INTO organisations (name) VALUES ('North') RETURNING id")
    cuff = await conn.fetchval(
        "INSERT INTO devices (organisation_id, address, serial) VALUES ($1, 'A0', '77')"
        " RETURNING id",
        north,
    )
    await conn.execute(
        "INSERT INTO practice_profiles (organisation_id, updated_at) VALUES ($1, $2)", north, NOW
    )
    await conn.execute(
        "INSERT INTO rule_set_statements (organisation_id, kind, set_name, version, file, sha256,"
        " confirmed_through, reason, recorded_at) VALUES ($1, 'confirmed', 'medicare-2026', 1,"
        " 'f', $2, $4, 'read', $3)",
        north,
        "0" * 64,
        NOW,
        NOW.date(),
    )
    await upgrade(empty_database, now=NOW)
    assert await check(empty_database) == []
    assert await conn.fetchval("SELECT serial FROM devices WHERE id = $1", cuff) == "77"
    assert await conn.fetchval("SELECT fee_locality FROM practice_profiles") == ""
    assert await conn.fetchval("SELECT replaces FROM rule_set_statements") == []
    add = (
        "INSERT INTO device_udis (organisation_id, device_id, source, udi, issuer, di, stated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    await conn.execute(add, north, cuff, "device", "(01)1", "gs1", "1", NOW)
    await conn.execute(add, north, cuff, "person", None, None, None, NOW)
    with pytest.raises(asyncpg.CheckViolationError, match="taken_away"):
        await conn.execute(add, north, cuff, "device", None, None, None, NOW)
    with pytest.raises(asyncpg.CheckViolationError, match="whole"):
        await conn.execute(add, north, cuff, "person", "(01)1", "gs1", None, NOW)
    with pytest.raises(asyncpg.RestrictViolationError):
        await conn.execute("UPDATE device_udis SET udi = NULL")
    await conn.close()


async def _catalogue(dsn: str) -> list[str]:
    conn = await asyncpg.connect(dsn)
    try:
        records = await conn.fetch(
            "SELECT oid, relname, relkind FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
        )
        return [str(record) for record in records]
    finally:
        await conn.close()
