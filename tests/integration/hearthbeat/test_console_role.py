"""The sign-in of the console's requests to the embedded database."""

import datetime as dt
from pathlib import Path

import asyncpg
import pytest

from console.tenancy import ROLE, open_requests
from hearthbeat.checks import Standing
from hearthbeat.embedded import console_role, postgres
from hearthbeat.examined_rows import examine_rows
from store.migrate import upgrade
from store.pool import Pool, connect

pytestmark = pytest.mark.enable_socket


async def test_it_signs_in_sees_nothing_by_itself_and_cannot_become_the_owner(
    tmp_path: Path,
) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        await upgrade(database.url, now=dt.datetime.now(dt.UTC))
        before = await console_role.sign_in(database.cluster)
        address = await console_role.sign_in(database.cluster)
        assert before != address
        pool = await open_requests(address)
        async with pool.acquire() as conn:
            assert await conn.fetchval("SELECT current_user") == ROLE
            assert await conn.fetchval("SELECT session_user") == console_role.NAME
            assert await conn.fetchval("SELECT count(*) FROM organisations") == 0
            await conn.execute("RESET ROLE")
            assert await conn.fetchval("SELECT count(*) FROM organisations") == 0
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute("SET ROLE hearthbeat")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute("ALTER TABLE patients DISABLE ROW LEVEL SECURITY")
        await pool.close()
        with pytest.raises(Exception, match="does not let us in"):
            await connect(before, application_name="test")


async def test_doctor_says_whether_the_wall_stands(pool: Pool) -> None:
    async with pool.acquire() as conn:
        assert (await examine_rows(conn)).standing is Standing.GOOD
        await conn.execute("DROP POLICY of_organisation ON patients")
        found = await examine_rows(conn)
    assert found.standing is Standing.TROUBLE
    assert "no rule for rows of patients" in found.found
