"""A database whose owner may not make roles, as some that are rented: it works, and says so."""

import datetime as dt
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from care.registry import add_organisation
from console.tenancy import ROLE, SET, open_requests
from hearthbeat.checks import Standing
from hearthbeat.examined_rows import examine_rows
from store.migrate import upgrade
from store.pool import connect

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
OWNER = "limited_owner"


def as_owner(dsn: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{OWNER}@"))


async def test_migrations_run_and_somebody_else_gives_the_role_later(empty_database: str) -> None:
    admin = await asyncpg.connect(empty_database)
    try:
        await admin.execute(f"DROP ROLE IF EXISTS {OWNER}")
        await admin.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEROLE")
        await admin.execute(f"GRANT ALL ON SCHEMA public TO {OWNER}")
        dsn = as_owner(empty_database)
        await upgrade(dsn, now=NOW)

        conn = await connect(dsn, application_name="tests")
        await add_organisation(conn, name="north")
        assert (await examine_rows(conn)).standing is Standing.TROUBLE
        pool = await open_requests(dsn)
        assert await pool.fetchval("SELECT current_user") == OWNER
        await pool.close()

        # As docs/security.md says; the role itself is there in this server already.
        exists = await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", ROLE)
        if not exists:
            await admin.execute(f"CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS")
        await admin.execute(f"GRANT {ROLE} TO {OWNER}")
        await upgrade(dsn, now=NOW)
        assert (await examine_rows(conn)).standing is Standing.GOOD
        await conn.close()
        pool = await open_requests(dsn)
        async with pool.acquire() as asked:
            assert await asked.fetchval("SELECT current_user") == ROLE
            assert await asked.fetchval("SELECT count(*) FROM organisations") == 0
            await asked.execute(SET, "00000000-0000-0000-0000-000000000001")
            assert await asked.fetchval("SELECT count(*) FROM organisations") == 0
        await pool.close()
    finally:
        await admin.execute(f"DROP OWNED BY {OWNER}")
        await admin.execute(f"DROP ROLE {OWNER}")
        await admin.close()
