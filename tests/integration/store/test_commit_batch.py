"""What becomes of rows: once, told apart, all or nothing."""

import datetime as dt
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from store.batch import Outcome, Row
from store.commit_batch import commit, write
from store.pool import Pool
from tests.rows import DEVICE, MEASURED, PATIENT, RECEIVED, reading, restood, row
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import TimeQuality

LOCAL = dt.datetime.fromisoformat("2026-11-20T08:10:00")


async def put(pool: Pool, *rows: Row) -> Outcome:
    async with pool.acquire() as conn:
        return await commit(conn, rows, received_at=RECEIVED)


async def counts(pool: Pool) -> tuple[int, int, int]:
    """Readings, keys, and rows waiting for evaluation."""
    found = await pool.fetchrow(
        "SELECT (SELECT count(*) FROM readings), (SELECT count(*) FROM reading_keys),"
        " (SELECT count(*) FROM evaluation_queue)"
    )
    assert found is not None
    return (found[0], found[1], found[2])


async def test_every_column_comes_back_as_it_was(pool: Pool) -> None:
    original = reading(
        kind=Kind.GLUCOSE,
        measured_at=MEASURED,
        time_quality=TimeQuality.CORRECTED,
        values={"glucose": 110.5},
        device_time=LOCAL,
        clock_drift_s=-305.25,
        sequence=12,
        user=2,
        special={"glucose": Special.HI},
        flags=("battery_low", "strip_error"),
        context={"meal": "fasting"},
        frame="0b0c",
        profile="contour",
        seq=7,
    )
    facts = row(
        original,
        sent_at=MEASURED,
        device_id=UUID(int=5),
        assignment_id=UUID(int=6),
        marks=("late",),
    )
    await put(pool, facts)
    stored = await pool.fetchrow("SELECT * FROM readings")
    assert stored is not None
    assert {name: value for name, value in stored.items() if value is not None} == {
        "id": original.id,
        "organisation_id": facts.organisation_id,
        "gateway_id": "gw-1",
        "device": DEVICE,
        "device_id": UUID(int=5),
        "assignment_id": UUID(int=6),
        "patient_id": PATIENT,
        "kind": "glucose",
        "measured_at": MEASURED,
        "utc_offset_s": -5 * 3600,
        "local_day": dt.date(2026, 11, 20),
        "time_quality": "corrected",
        "device_time": LOCAL,
        "clock_drift_s": -305.25,
        "sent_at": MEASURED,
        "received_at": RECEIVED,
        "sequence": 12,
        "seq": 7,
        "user_slot": 2,
        "flags": ["battery_low", "strip_error", "late"],
        "special": '{"glucose": "hi"}',
        "context": '{"meal": "fasting"}',
        "frame": b"\x0b\x0c",
        "profile": "contour",
        "attribution": "assigned",
        "variant": 0,
        "glucose": 110.5,
    }


async def test_a_stored_reading_asks_for_its_evaluation(pool: Pool) -> None:
    facts = row()
    await put(pool, facts)
    asked = await pool.fetchrow("SELECT * FROM evaluation_queue")
    assert asked is not None
    assert dict(asked) == {
        "position": asked["position"],
        "organisation_id": facts.organisation_id,
        "reading_id": facts.reading.id,
        "measured_at": facts.reading.measured_at,
        "patient_id": PATIENT,
        "kind": "blood_pressure",
        "attribution": "assigned",
        "enqueued_at": asked["enqueued_at"],
    }


async def test_the_same_reading_again_is_a_duplicate(pool: Pool) -> None:
    facts = row()
    again = replace(
        restood(facts, gateway_id="gw-2"), reading=replace(facts.reading, clock_drift_s=3.0)
    )
    assert (await put(pool, facts)).stored == [facts]
    assert (await put(pool, again)).duplicates == [again]
    assert await counts(pool) == (1, 1, 1)


async def test_twice_in_one_batch_is_stored_once(pool: Pool) -> None:
    facts = row()
    outcome = await put(pool, facts, facts)
    assert (outcome.stored, outcome.duplicates) == ([facts], [facts])
    assert await counts(pool) == (1, 1, 1)


@pytest.mark.parametrize("together", [True, False])
async def test_an_id_with_other_content_is_reused_and_not_stored(
    pool: Pool, *, together: bool
) -> None:
    first = row()
    other = row(replace(first.reading, values={"systolic": 200.0, "diastolic": 100.0}))
    if together:
        outcome = await put(pool, first, other)
        assert outcome.stored == [first]
    else:
        await put(pool, first)
        outcome = await put(pool, other)
    assert outcome.reused == [other]
    assert await pool.fetchval("SELECT systolic FROM readings") == 128.0
    assert await counts(pool) == (1, 1, 1)


@pytest.mark.parametrize("together", [True, False])
async def test_other_values_at_a_taken_instant_are_kept_and_marked(
    pool: Pool, *, together: bool
) -> None:
    first = row()
    values = {"systolic": 200.0, "diastolic": 100.0}
    second = row(replace(first.reading, id=UUID(int=9), values=values))
    if together:
        outcome = await put(pool, first, second)
    else:
        await put(pool, first)
        outcome = await put(pool, second)
    assert outcome.conflicts == {UUID(int=9): first.reading.id}
    stored = await pool.fetch(
        "SELECT systolic, attribution, reason, patient_id, conflict_with, variant"
        " FROM readings ORDER BY variant"
    )
    assert [tuple(record) for record in stored] == [
        (128.0, "assigned", None, PATIENT, None, 0),
        (200.0, "quarantined", "conflict", None, first.reading.id, 1),
    ]
    assert await counts(pool) == (2, 2, 2)


async def test_the_same_values_at_a_taken_instant_are_kept_without_a_mark(pool: Pool) -> None:
    first = row(reading(sequence=1))
    second = row(replace(first.reading, id=UUID(int=9), sequence=2))
    outcome = await put(pool, first, second)
    assert outcome.conflicts == {}
    assert len(outcome.stored) == 2
    assert await pool.fetchval("SELECT array_agg(attribution) FROM readings") == ["assigned"] * 2


async def test_contested_and_free_instants_share_a_batch(pool: Pool) -> None:
    taken = [row() for _ in range(3)]
    await put(pool, *taken)
    values = {"systolic": 90.0, "diastolic": 50.0}
    rivals = [
        row(replace(each.reading, id=UUID(int=place), values=values))
        for place, each in enumerate(taken)
    ]
    free = [row() for _ in range(3)]
    outcome = await put(pool, *rivals, *taken, *free)
    assert outcome.stored == [*rivals, *free]
    assert outcome.duplicates == taken
    assert len(outcome.conflicts) == 3
    assert await counts(pool) == (9, 9, 9)


async def test_one_bad_row_leaves_nothing_behind(pool: Pool) -> None:
    bad = row(reading(values={"systolic": float("nan"), "diastolic": 80.0}))
    with pytest.raises(asyncpg.CheckViolationError):
        await put(pool, row(), bad, row())
    assert await counts(pool) == (0, 0, 0)


async def test_what_the_caller_rolls_back_was_never_there(pool: Pool) -> None:
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        await write(conn, [row()], received_at=RECEIVED)
        await transaction.rollback()
    assert await counts(pool) == (0, 0, 0)


async def test_an_empty_batch_is_no_work(pool: Pool) -> None:
    assert await put(pool) == Outcome(stored=[], duplicates=[], reused=[], conflicts={})


@pytest.mark.parametrize(
    ("year", "taken"), [(1899, False), (1900, True), (9998, True), (9999, False)]
)
async def test_instants_outside_of_belief_are_refused(
    pool: Pool, year: int, *, taken: bool
) -> None:
    facts = row(reading(measured_at=dt.datetime(year, 6, 1, tzinfo=dt.UTC)))
    if taken:
        assert (await put(pool, facts)).stored == [facts]
    else:
        with pytest.raises(asyncpg.CheckViolationError, match="measured_at"):
            await put(pool, facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"attribution": "assigned", "patient_id": None},
        {"attribution": "quarantined", "patient_id": PATIENT, "reason": "implausible"},
        {"attribution": "quarantined", "patient_id": None, "reason": None},
        {"attribution": "guessed"},
    ],
)
async def test_an_attribution_that_contradicts_itself_is_refused(
    pool: Pool, facts: dict[str, Any]
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await put(pool, row(**facts))
