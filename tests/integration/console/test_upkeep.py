"""Nothing of a sign-in is kept that nobody can use."""

import asyncio
import contextlib
import datetime as dt

from care.half_sessions import open_half
from care.oidc_attempts import begin
from care.password_codes import issue_password_code
from care.sessions import open_session
from care.users import list_users
from console import failures, upkeep
from store.pool import Pool
from tests.integration.console.conftest import Clock, Practice

TABLES = ("sessions", "half_sessions", "oidc_attempts", "password_codes", "sign_in_failures")


async def left(pool: Pool) -> dict[str, int]:
    return {each: await pool.fetchval(f"SELECT count(*) FROM {each}") for each in TABLES}  # noqa: S608


async def test_what_is_over_goes_and_what_holds_stays(
    pool: Pool, north: Practice, clock: Clock
) -> None:
    async with pool.acquire() as conn:
        user = (await list_users(conn, north.organisation))[0]
        for now in (clock.now - dt.timedelta(days=3), clock.now):
            await open_session(conn, user.id, now=now)
            await open_half(conn, user, now=now)
            await begin(conn, where="/", now=now)
            await failures.count(conn, f"{now}", now=now)
        await issue_password_code(
            conn, north.organisation, user.id, now=clock.now - dt.timedelta(days=3)
        )
        await upkeep.tidy(conn, now=clock.now)
    assert await left(pool) == {
        "sessions": 1,
        "half_sessions": 1,
        "oidc_attempts": 1,
        "password_codes": 0,
        "sign_in_failures": 1,
    }


async def test_it_is_done_by_itself(pool: Pool, north: Practice, clock: Clock) -> None:
    async with pool.acquire() as conn:
        await begin(conn, where="/", now=clock.now - dt.timedelta(days=3))
    task = asyncio.create_task(upkeep.run(pool, clock))
    async with asyncio.timeout(60):
        while (await left(pool))["oidc_attempts"]:  # noqa: ASYNC110 (the database is asked)
            await asyncio.sleep(0.02)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert north.name == "north"
