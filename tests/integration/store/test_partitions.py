"""Monthly partitions on a real server: ahead, again, at once, and around rows that were early."""

import asyncio
import datetime as dt

import asyncpg
import pytest

from store.commit_batch import commit
from store.partitions import drop_older, ensure
from store.pool import Pool
from store.timeseries import Engine, engine
from tests.postgres import NOW
from tests.rows import RECEIVED, reading, row

NEXT_YEAR = dt.datetime(2027, 6, 15, tzinfo=dt.UTC)


async def put(pool: Pool, *measured: dt.datetime) -> None:
    async with pool.acquire() as conn:
        await commit(conn, [row(reading(measured_at=at)) for at in measured], received_at=RECEIVED)


async def where(pool: Pool) -> dict[dt.datetime, str]:
    records = await pool.fetch("SELECT measured_at, tableoid::regclass::text AS part FROM readings")
    return {record["measured_at"]: record["part"] for record in records}


async def test_the_months_around_now_are_there_after_migrating(pool: Pool) -> None:
    async with pool.acquire() as conn:
        assert await engine(conn) is Engine.NATIVE
        assert await ensure(conn, now=NOW) == []


@pytest.mark.parametrize(
    ("at", "part"),
    [
        ("2026-10-31T23:59:59.999999+00:00", "readings_y2026m10"),
        ("2026-11-01T00:00:00+00:00", "readings_y2026m11"),
        ("2026-10-31T20:30:00-04:00", "readings_y2026m11"),
        ("2026-09-30T23:59:59+00:00", "readings_default"),
        ("2031-01-01T00:00:00+00:00", "readings_default"),
    ],
)
async def test_a_reading_goes_to_its_month_in_utc(pool: Pool, at: str, part: str) -> None:
    measured = dt.datetime.fromisoformat(at)
    await put(pool, measured)
    assert await where(pool) == {measured: part}


async def test_rows_that_came_before_their_partition_move_into_it(pool: Pool) -> None:
    early = [NEXT_YEAR + dt.timedelta(hours=hours) for hours in range(5)]
    elsewhere = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    await put(pool, *early, elsewhere)
    async with pool.acquire() as conn:
        assert "readings_y2027m06" in await ensure(conn, now=NEXT_YEAR)
    assert await where(pool) == {
        **dict.fromkeys(early, "readings_y2027m06"),
        elsewhere: "readings_default",
    }


async def test_moved_rows_still_hold_their_place(pool: Pool) -> None:
    await put(pool, NEXT_YEAR)
    async with pool.acquire() as conn:
        await ensure(conn, now=NEXT_YEAR)
        rival = row(reading(measured_at=NEXT_YEAR, values={"systolic": 90.0, "diastolic": 50.0}))
        outcome = await commit(conn, [rival], received_at=RECEIVED)
    assert list(outcome.conflicts) == [rival.reading.id]


async def test_two_replicas_make_each_partition_once(pool: Pool) -> None:
    async def replica() -> list[str]:
        async with pool.acquire() as conn:
            return await ensure(conn, now=NEXT_YEAR)

    made = await asyncio.gather(*(replica() for _ in range(3)))
    names = [name for each in made for name in each]
    assert len(names) == len(set(names)) == 10


async def test_readings_go_on_arriving_while_partitions_are_made(pool: Pool) -> None:
    """In the very months that are being made: each is stored once, none is lost."""
    done = asyncio.Event()
    stored: list[dt.datetime] = []

    async def arrive() -> None:
        while not done.is_set():
            at = NEXT_YEAR + dt.timedelta(seconds=len(stored))
            try:
                await put(pool, at)
            except asyncpg.CheckViolationError:
                continue  # Its partition came between routing and writing: ingest tries again.
            stored.append(at)

    arriving = asyncio.create_task(arrive())
    await asyncio.sleep(0.05)
    async with pool.acquire() as conn:
        await ensure(conn, now=NEXT_YEAR)
    done.set()
    await arriving
    assert sorted(await where(pool)) == stored


async def test_nothing_is_dropped_but_what_is_wholly_older(pool: Pool) -> None:
    old = dt.datetime(2026, 10, 5, tzinfo=dt.UTC)
    ancient = dt.datetime(1991, 10, 5, tzinfo=dt.UTC)
    kept = dt.datetime(2026, 11, 5, tzinfo=dt.UTC)
    await put(pool, old, ancient, kept)
    async with pool.acquire() as conn:
        await drop_older(conn, "readings", before=dt.datetime(2026, 10, 31, tzinfo=dt.UTC))
        assert sorted(await where(pool)) == [old, kept]
        await drop_older(conn, "readings", before=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert sorted(await where(pool)) == [kept]
