"""Batches large enough for COPY mean the same as small ones."""

import datetime as dt
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from store import commit_batch
from store.batch import Outcome, Row
from store.caution import STEADY_ROWS, Caution
from store.commit_batch import COPY_FROM_ROWS, commit
from store.pool import Pool
from tests.rows import MEASURED, RECEIVED, reading, row
from vitals.flags import Special
from vitals.kinds import Kind

LARGE = COPY_FROM_ROWS + 1
LOCAL = dt.datetime.fromisoformat("2026-11-20T08:10:00")


async def put(pool: Pool, rows: list[Row]) -> Outcome:
    async with pool.acquire() as conn:
        return await commit(conn, rows, received_at=RECEIVED)


def varied(number: int) -> Row:
    of = reading(
        kind=Kind.GLUCOSE if number % 2 else Kind.WEIGHT,
        values={"glucose": 100.0 + number} if number % 2 else {"weight": 60.0 + number / 10},
        special={"glucose": Special.HI} if number % 3 == 1 else {},
        context={"meal": "fasting"} if number % 5 == 0 else {},
        flags=("battery_low", 'odd "one"') if number % 7 == 0 else (),
        frame=f"{number:08x}" if number % 4 else "",
        sequence=number if number % 6 else None,
        user=number % 256 if number % 8 else None,
        device_time=LOCAL if number % 9 else None,
        clock_drift_s=number / 8 if number % 10 else None,
        seq=number if number % 12 else None,
    )
    doubtful = {"attribution": "quarantined", "reason": "unassigned", "patient_id": None}
    return row(
        of,
        marks=("late",) if number % 11 == 0 else (),
        sent_at=MEASURED if number % 13 else None,
        device_id=UUID(int=number % 3) if number % 3 else None,
        **(doubtful if number % 17 == 0 else {}),
    )


async def test_a_large_batch_stores_what_small_ones_store(pool: Pool) -> None:
    rows = [varied(number) for number in range(LARGE)]
    everything = (
        "SELECT readings.*, (SELECT count(*) FROM evaluation_queue q WHERE q.reading_id = id)"
        " FROM readings ORDER BY id"
    )
    assert (await put(pool, rows)).stored == rows
    by_copy = await pool.fetch(everything)
    await pool.execute("TRUNCATE readings, reading_keys, evaluation_queue")
    for start in range(0, LARGE, 100):
        await put(pool, rows[start : start + 100])
    assert len(by_copy) == LARGE
    assert await pool.fetch(everything) == by_copy


async def test_what_is_contested_in_a_large_batch_is_kept_and_marked(pool: Pool) -> None:
    rows = [row() for _ in range(LARGE)]
    values = {"systolic": 200.0, "diastolic": 100.0}
    rival = row(replace(rows[7].reading, id=UUID(int=1), values=values))
    outcome = await put(pool, [*rows, rival, rows[0]])
    assert len(outcome.stored) == LARGE + 1
    assert outcome.duplicates == [rows[0]]
    assert outcome.conflicts == {UUID(int=1): rows[7].reading.id}
    for table in ("readings", "reading_keys", "evaluation_queue"):
        count = await pool.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - named above
        assert count == LARGE + 1


async def test_one_bad_row_of_many_leaves_nothing_behind(pool: Pool) -> None:
    bad = row(reading(values={"systolic": float("inf"), "diastolic": 80.0}))
    with pytest.raises(asyncpg.CheckViolationError):
        await put(pool, [*(row() for _ in range(LARGE)), bad])
    assert await pool.fetchval("SELECT count(*) FROM reading_keys") == 0


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after many new readings: nothing is looked up before it is copied."""
    caution = Caution()
    caution.all_new(STEADY_ROWS)
    monkeypatch.setattr(commit_batch, "CAUTION", caution)


@pytest.fixture
def cautious(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit_batch, "CAUTION", Caution())


async def refused(pool: Pool) -> int:
    """Transactions of this database that were undone: each stands in its log as an error."""
    async with pool.acquire() as conn:
        await conn.execute("SELECT pg_stat_force_next_flush()")
        undone: int = await conn.fetchval(
            "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        )
    return undone


@pytest.mark.usefixtures("cautious")
async def test_what_comes_again_after_a_start_is_no_error_to_the_database(pool: Pool) -> None:
    rows = [row() for _ in range(LARGE)]
    await put(pool, rows)
    before = await refused(pool)
    assert (await put(pool, rows)).duplicates == rows
    assert await refused(pool) == before


@pytest.mark.usefixtures("trusting")
async def test_of_a_burst_of_repeated_readings_only_the_first_batch_is_refused(pool: Pool) -> None:
    rows = [row() for _ in range(LARGE)]
    await put(pool, rows)
    before = await refused(pool)
    for _ in range(3):
        assert (await put(pool, rows)).duplicates == rows
    assert await refused(pool) == before + 1


@pytest.mark.usefixtures("trusting")
async def test_one_that_is_twice_in_a_batch_is_found_without_asking(pool: Pool) -> None:
    rows, before = [row() for _ in range(LARGE)], await refused(pool)
    assert (await put(pool, [*rows, rows[3]])).duplicates == [rows[3]]
    assert await refused(pool) == before


@pytest.mark.parametrize("mood", ["cautious", "trusting"])
@pytest.mark.parametrize("known", [1, LARGE // 2, LARGE])
async def test_repeated_readings_in_a_large_batch_are_told_apart(
    pool: Pool, known: int, mood: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(mood)
    rows = [row(reading(seq=number)) for number in range(LARGE)]
    await put(pool, rows[:known])
    outcome = await put(pool, rows)
    assert outcome.duplicates == rows[:known]
    assert outcome.stored == rows[known:]
    for table in ("readings", "reading_keys", "evaluation_queue"):
        count = await pool.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - named above
        assert count == LARGE


async def test_an_instant_taken_before_is_contested_by_a_large_batch(pool: Pool) -> None:
    standing = row()
    await put(pool, [standing])
    values = {"systolic": 200.0, "diastolic": 100.0}
    rival = row(replace(standing.reading, id=UUID(int=1), values=values))
    outcome = await put(pool, [*(row() for _ in range(LARGE)), rival])
    assert outcome.conflicts == {UUID(int=1): standing.reading.id}
    assert len(outcome.stored) == LARGE + 1


async def test_a_value_that_fits_into_no_column_is_a_data_error(pool: Pool) -> None:
    bad = row(reading(sequence=2**63))
    with pytest.raises(asyncpg.DataError):
        await put(pool, [*(row() for _ in range(LARGE)), bad])
    assert await pool.fetchval("SELECT count(*) FROM reading_keys") == 0
