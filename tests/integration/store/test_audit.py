"""The chain of the audit log, and hands that reach into the table behind its back."""

import asyncio
import datetime as dt
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from store import audit
from store.audit import Entry
from store.audit_chain import Checkpoint, Verdict, chains, checkpoints_now, verify
from store.audit_checkpoints import append, read
from store.errors import CheckpointFileError
from store.pool import Connection, Pool

NOW = dt.datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=dt.UTC)
NORTH, SOUTH = UUID(int=1), UUID(int=2)


def entry(number: int = 0) -> Entry:
    return Entry(
        at=NOW + dt.timedelta(seconds=number),
        via="page",
        actor=UUID(int=number),
        actor_name="Ána “Díaz”, RN | 5:x",
        actor_role="nurse",
        action="opened the chart of",
        route="GET /patients/{id}",
        outcome="done",
        status=200,
        patients=[UUID(int=100 + each) for each in range(number % 3)],
        object_kind="patients" if number % 2 else None,
        detail={"filters": ["b", "a"], "é": 1.50} if number % 2 else {},
    )


async def written(pool: Pool, organisation: UUID, count: int) -> None:
    async with pool.acquire() as conn:
        for number in range(count):
            await audit.append(conn, organisation, entry(number))


async def behind_its_back(conn: Connection, statement: str) -> None:
    """As a superuser, who can turn the trigger off."""
    await conn.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
    await conn.execute(statement)
    await conn.execute("ALTER TABLE audit ENABLE TRIGGER audit_append_only")


async def verdict(pool: Pool, *kept: Checkpoint) -> Verdict:
    async with pool.acquire() as conn:
        return await verify(conn, NORTH, kept)


async def test_each_organisation_has_a_chain_of_its_own_from_one_on(pool: Pool) -> None:
    await written(pool, NORTH, 3)
    await written(pool, SOUTH, 2)
    async with pool.acquire() as conn:
        assert await chains(conn) == [NORTH, SOUTH]
        assert [(await verify(conn, whose)).size for whose in (NORTH, SOUTH)] == [3, 2]
        rows = await conn.fetch(audit.QUERIES["part"], NORTH, 0, 10)
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert rows[0]["previous"] == audit.BEGINNING
    assert rows[2]["previous"] == rows[1]["hash"]


async def test_an_empty_chain_is_sound(pool: Pool) -> None:
    assert (await verdict(pool)).sound
    async with pool.acquire() as conn:
        assert await chains(conn) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'Nobody'",
        "actor = NULL",
        "at = at + interval '1 microsecond'",
        "outcome = 'failed'",
        "patients = array_append(patients, gen_random_uuid())",
        'detail = \'{"filters": ["c"]}\'',
        "reason = ''",
        "hash = sha256('x')",
    ],
)
async def test_an_edited_row_is_named(pool: Pool, change: str) -> None:
    await written(pool, NORTH, 6)
    async with pool.acquire() as conn:
        await behind_its_back(conn, f"UPDATE audit SET {change} WHERE position = 4")  # noqa: S608
    found = await verdict(pool)
    assert found.fault is not None
    assert (found.fault.position, found.size) == (4, 3)
    assert "changed" in found.fault.what


async def test_a_row_taken_out_of_the_middle_is_named(pool: Pool) -> None:
    await written(pool, NORTH, 6)
    async with pool.acquire() as conn:
        await behind_its_back(conn, "DELETE FROM audit WHERE position = 3")
    fault = (await verdict(pool)).fault
    assert fault is not None
    assert (fault.position, "taken out" in fault.what) == (3, True)


async def test_the_first_row_taken_out_is_named(pool: Pool) -> None:
    await written(pool, NORTH, 3)
    async with pool.acquire() as conn:
        await behind_its_back(conn, "DELETE FROM audit WHERE position = 1")
    fault = (await verdict(pool)).fault
    assert fault is not None
    assert fault.position == 1


async def test_two_rows_that_changed_places_are_named_even_when_hashed_anew(pool: Pool) -> None:
    await written(pool, NORTH, 6)
    async with pool.acquire() as conn:
        await behind_its_back(
            conn,
            "UPDATE audit SET position = position + 100 WHERE position IN (3, 4);"
            "UPDATE audit SET position = CASE position WHEN 103 THEN 4 ELSE 3 END"
            " WHERE position > 100;"
            "UPDATE audit a SET hash = audit_hash(a) WHERE position IN (3, 4)",
        )
    fault = (await verdict(pool)).fault
    assert fault is not None
    assert (fault.position, "follow" in fault.what) == (3, True)


async def test_a_row_hashed_anew_breaks_the_link_of_the_next(pool: Pool) -> None:
    await written(pool, NORTH, 6)
    async with pool.acquire() as conn:
        await behind_its_back(
            conn,
            "UPDATE audit SET actor_name = 'x' WHERE position = 4;"
            "UPDATE audit a SET hash = audit_hash(a) WHERE position = 4",
        )
    fault = (await verdict(pool)).fault
    assert fault is not None
    assert (fault.position, "follow" in fault.what) == (5, True)


@pytest.mark.parametrize("left", [4, 5, 6])
async def test_a_cut_tail_is_found_by_a_checkpoint_and_by_nothing_else(
    pool: Pool, left: int
) -> None:
    await written(pool, NORTH, 5)
    async with pool.acquire() as conn:
        kept = await checkpoints_now(conn, now=NOW)
        await audit.append(conn, NORTH, entry(6))
        await behind_its_back(conn, f"DELETE FROM audit WHERE position > {left}")  # noqa: S608
    assert (await verdict(pool)).sound
    found = await verdict(pool, *kept)
    assert found.sound == (left >= 5)
    if found.fault is not None:
        assert (found.fault.position, "cut off" in found.fault.what) == (5, True)


async def test_a_chain_that_was_written_anew_from_a_row_on_is_found_by_a_checkpoint(
    pool: Pool,
) -> None:
    await written(pool, NORTH, 3)
    async with pool.acquire() as conn:
        kept = await checkpoints_now(conn, now=NOW, organisation_id=NORTH)
        await behind_its_back(conn, "DELETE FROM audit WHERE position > 2")
        await audit.append(conn, NORTH, entry(77))
    assert (await verdict(pool)).sound
    fault = (await verdict(pool, *kept)).fault
    assert fault is not None
    assert (fault.position, "checkpoint" in fault.what) == (3, True)


async def test_checkpoints_come_back_from_their_file(pool: Pool, tmp_path: Path) -> None:
    await written(pool, NORTH, 2)
    await written(pool, SOUTH, 1)
    file = tmp_path / "checkpoints"
    async with pool.acquire() as conn:
        made = await checkpoints_now(conn, now=NOW)
    append(file, made[:1])
    append(file, made[1:])
    assert read(file) == made
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("{}\n")
    with pytest.raises(CheckpointFileError):
        read(file)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"]
)
async def test_even_the_owner_cannot_change_it_by_mistake(pool: Pool, statement: str) -> None:
    await written(pool, NORTH, 1)
    async with pool.acquire() as conn:
        with pytest.raises(asyncpg.RestrictViolationError):
            await conn.execute(statement)


async def test_what_is_undone_leaves_no_row_and_no_gap(pool: Pool) -> None:
    async with pool.acquire() as conn:
        undone = conn.transaction()
        await undone.start()
        await audit.append(conn, NORTH, entry())
        await undone.rollback()
    await written(pool, NORTH, 2)
    assert (await verdict(pool)).size == 2


async def test_four_writers_at_once_make_one_chain(pool: Pool) -> None:
    await asyncio.gather(*(written(pool, NORTH, 50) for _ in range(4)))
    found = await verdict(pool)
    assert (found.size, found.sound) == (200, True)


async def test_a_chain_is_walked_in_parts(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.audit_chain.AT_ONCE", 3)
    for count in (2, 1, 1):
        await written(pool, NORTH, count)
        assert (await verdict(pool)).sound
    async with pool.acquire() as conn:
        await behind_its_back(conn, "UPDATE audit SET action = 'x' WHERE position = 4")
    fault = (await verdict(pool)).fault
    assert fault is not None
    assert fault.position == 4
