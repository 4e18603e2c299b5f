"""Migrations on a real server: from nothing, again, and against the description."""

import asyncio

import asyncpg
import pytest

from store.errors import SchemaBehindError
from store.migrate import check, require_current, upgrade
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
