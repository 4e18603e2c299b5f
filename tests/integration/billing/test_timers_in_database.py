"""Timers on a real server: at random, at once, and what the tables themselves refuse."""

import asyncio
import datetime as dt
import random
from uuid import UUID

import asyncpg
import pytest

from billing.entries import Work
from billing.logging_timers import log_timer
from billing.ranges import from_ranges
from billing.spans import Span, length, shared
from billing.time_log import add_entry, find_entry
from billing.timers import beat, open_timers, pause, start
from care.errors import InvalidError, NotFoundError, TakenError
from care.registry import add_organisation, add_patient
from store.pool import Pool

NOW = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
async def people(pool: Pool) -> tuple[UUID, UUID, list[UUID]]:
    """An organisation, a nurse, two patients."""
    async with pool.acquire() as conn:
        whose = (await add_organisation(conn, name="north", time_zone="UTC")).id
        patients = [
            (await add_patient(conn, whose, mrn=str(n), given_name="A", family_name="B")).id
            for n in range(2)
        ]
        nurse = await conn.fetchval(
            "INSERT INTO users (organisation_id, username, password_hash, role)"
            " VALUES ($1, 'ann', '-', 'nurse') RETURNING id",
            whose,
        )
    return whose, nurse, patients


@pytest.mark.parametrize("seed", range(6))
async def test_over_three_tabs_and_two_patients_no_instant_counts_twice(
    pool: Pool, people: tuple[UUID, UUID, list[UUID]], seed: int
) -> None:
    whose, nurse, patients = people
    dice, now = random.Random(seed), NOW
    async with pool.acquire() as conn:
        for _ in range(120):
            now += dice.choice([1, 5, 15, 15, 15, 45, 46, 90, -7]) * SECOND
            tab, patient = dice.choice("abc"), dice.choice(patients)
            mine = {one.patient_id: one for one in await open_timers(conn, whose, nurse)}
            try:
                match dice.choice(["start", "beat", "beat", "beat", "pause", "stop"]):
                    case "start":
                        await start(conn, whose, nurse, patient, tab=tab, now=now)
                    case "beat" if patient in mine:
                        await beat(conn, whose, nurse, mine[patient].id, tab=tab, now=now)
                    case "pause" if patient in mine:
                        await pause(conn, whose, nurse, mine[patient].id, tab=tab, now=now)
                    case "stop" if patient in mine:
                        await log_timer(conn, whose, nurse, mine[patient].id, work=Work(),
                                        minutes=dice.choice([None, 3]), reason="x",
                                        now=now)  # fmt: skip
            except (TakenError, InvalidError, NotFoundError):
                continue
        rows = await conn.fetch("SELECT spans, started_at, counted_to FROM timers")
        written = await conn.fetch("SELECT spans FROM time_entries")
    spans: list[tuple[Span, ...]] = [from_ranges(row["spans"]) for row in rows]
    wall = max(row["counted_to"] for row in rows) - min(row["started_at"] for row in rows)
    assert sum((length(each) for each in spans), dt.timedelta()) <= wall
    for kept in (spans, [from_ranges(row["spans"]) for row in written]):
        for place, one in enumerate(kept):
            assert not any(shared(one, other) for other in kept[place + 1 :])


async def test_of_many_starts_at_once_one_runs(
    pool: Pool, people: tuple[UUID, UUID, list[UUID]]
) -> None:
    whose, nurse, patients = people

    async def one(number: int) -> None:
        async with pool.acquire() as conn:
            await start(conn, whose, nurse, patients[number % 2], tab=str(number), now=NOW)

    await asyncio.gather(*(one(number) for number in range(12)))
    states = await pool.fetch("SELECT state FROM timers ORDER BY state")
    assert [row["state"] for row in states] == ["paused", "running"]


async def test_the_table_itself_refuses_a_second_running_timer(
    pool: Pool, people: tuple[UUID, UUID, list[UUID]]
) -> None:
    whose, nurse, patients = people
    sent = (
        "INSERT INTO timers (organisation_id, user_id, patient_id, state, started_at, counted_to)"
        " VALUES ($1, $2, $3, 'running', $4, $4)"
    )
    await pool.execute(sent, whose, nurse, patients[0], NOW)
    with pytest.raises(asyncpg.UniqueViolationError):
        await pool.execute(sent, whose, nurse, patients[1], NOW)


async def test_a_timer_left_over_the_weekend_is_logged_with_what_it_counted(
    pool: Pool, people: tuple[UUID, UUID, list[UUID]]
) -> None:
    whose, nurse, patients = people
    async with pool.acquire() as conn:
        timer = await start(conn, whose, nurse, patients[0], tab="a", now=NOW)
        for days in (0, 3):
            now = NOW + dt.timedelta(days=days)
            await start(conn, whose, nurse, patients[0], tab="a", now=now)
            await beat(conn, whose, nurse, timer.id, tab="a", now=now + 40 * SECOND)
            await pause(conn, whose, nurse, timer.id, tab=None, now=now + 40 * SECOND)
        now = NOW + dt.timedelta(days=3, minutes=1)
        logged = await log_timer(conn, whose, nurse, timer.id, work=Work(), now=now)
    assert (logged.entry.seconds, len(logged.entry.spans)) == (80, 2)


async def test_a_console_that_is_older_than_its_schema_reads_on(
    pool: Pool, people: tuple[UUID, UUID, list[UUID]]
) -> None:
    whose, nurse, patients = people
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("ALTER TABLE timers ADD COLUMN later TEXT DEFAULT '' NOT NULL")
        await conn.execute("ALTER TABLE time_entries ADD COLUMN later TEXT DEFAULT '' NOT NULL")
        timer = await start(conn, whose, nurse, patients[0], tab="a", now=NOW)
        assert [one.id for one in await open_timers(conn, whose, nurse)] == [timer.id]
        work = Work(activity="call", mode="live_phone", with_whom="patient")
        made = await add_entry(
            conn, whose, patients[0], actor=nurse, work=work, now=NOW,
            spans=((NOW - 60 * SECOND, NOW),),
        )  # fmt: skip
        assert (await find_entry(conn, whose, made.id)).seconds == 60
