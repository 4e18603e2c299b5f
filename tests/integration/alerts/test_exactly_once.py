"""Whatever order readings come in, whoever evaluates them, however often they are killed: the same
alerts, once."""

import asyncio
import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from alerts.evaluating.evaluation import Memory, evaluate_batch
from store.pool import Pool
from tests.integration.alerts.clinic import MINUTE, Clinic
from vitals.kinds import Kind

ROOT = Path(__file__).parents[3]
PATIENTS = 6
DAYS = 12

Measured = tuple[UUID, dt.datetime, Kind, dict[str, float], tuple[str, ...]]


def life(patient: UUID, chance: random.Random, *, now: dt.datetime) -> list[Measured]:
    """Days of readings with trouble in them: repeats that confirm, that do not, that never come."""
    found: list[Measured] = []
    weight = 80.0
    for day in range(DAYS):
        morning = now - dt.timedelta(days=DAYS - day) + chance.randint(0, 90) * MINUTE
        systolic = chance.choice((128, 142, 158, 184, 191))
        for _ in range(chance.randint(1, 3)):
            values = {"systolic": float(systolic), "diastolic": 92.0}
            flags = ("cuff_too_loose",) if chance.random() < 0.1 else ()
            found.append((patient, morning, Kind.BLOOD_PRESSURE, values, flags))
            morning += chance.randint(2, 40) * MINUTE
            systolic += chance.choice((-35, -4, 3))
        weight += chance.choice((-0.2, 0.1, 0.9))
        found.append((patient, morning, Kind.WEIGHT, {"weight": round(weight, 1)}, ()))
    return found


async def arrive(clinic: Clinic, readings: Sequence[Measured]) -> None:
    """As if each had come as soon as it was measured: none of them is late."""
    for patient, at, kind, values, flags in readings:
        await clinic.measured(
            patient, at=at, kind=kind, flags=flags, received_at=at + MINUTE, **values
        )


async def facts(pool: Pool) -> list[tuple[Any, ...]]:
    """What readings say; what was withdrawn on the way is history."""
    async with pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT patient_id, rule, onset_at, onset_reading, last_at, cleared_at, severity, lane,"
            " readings, value, worst, state FROM alerts WHERE state <> 'withdrawn'"
            " ORDER BY patient_id, rule, onset_at"
        )
    return [tuple(row) for row in rows]


async def from_scratch(clinic: Clinic) -> list[tuple[Any, ...]]:
    """Everything forgotten but the readings and plans, and evaluated again in one go."""
    async with clinic.pool.acquire() as conn:
        await conn.execute("ALTER TABLE alert_events DISABLE TRIGGER ALL")
        for table in (
            "repeat_requests", "notifications", "escalations", "due_times", "alert_readings",
            "alert_events", "alerts", "evaluation_queue",
        ):  # fmt: skip
            await conn.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        await conn.execute("ALTER TABLE alert_events ENABLE TRIGGER ALL")
        await conn.execute(
            "INSERT INTO evaluation_queue (organisation_id, measured_at, patient_id, kind,"
            " attribution) SELECT organisation_id, '2020-01-01', id, 'weight', 'assigned'"
            " FROM patients"
        )
    await drained(clinic.pool)
    return await facts(clinic.pool)


async def drained(pool: Pool) -> None:
    memory = Memory()
    for _ in range(1000):
        done = await evaluate_batch(pool, memory, now=dt.datetime.now(dt.UTC))
        if not done.readings and not done.patients:
            return
    pytest.fail("the queue does not become empty")


async def lives(clinic: Clinic, seed: int) -> list[Measured]:
    clinic.now = dt.datetime.now(dt.UTC)
    patients = [
        await clinic.patient(programme="hypertension-us" if n % 2 else "heart-failure")
        for n in range(PATIENTS)
    ]
    chance = random.Random(seed)
    return [each for patient in patients for each in life(patient, chance, now=clinic.now)]


@pytest.mark.parametrize("order", ["in_order", "shuffled", "backwards"])
async def test_the_order_of_arrival_does_not_matter(clinic: Clinic, order: str) -> None:
    readings = sorted(await lives(clinic, 7), key=lambda each: each[1])
    if order == "shuffled":
        random.Random(3).shuffle(readings)
    elif order == "backwards":
        readings.reverse()
    for start in range(0, len(readings), 5):
        await arrive(clinic, readings[start : start + 5])
        await drained(clinic.pool)
    found = await facts(clinic.pool)
    assert found
    assert found == await from_scratch(clinic)


async def test_two_processes_killed_at_random_give_what_one_gives_in_peace(
    clinic: Clinic, database: str
) -> None:
    seed = int(os.environ.get("HB_TEST_SEED", random.randrange(10**6)))  # noqa: TID251
    print(f"HB_TEST_SEED={seed}")  # noqa: T201 - to be shown when it fails
    chance = random.Random(seed)
    readings = await lives(clinic, seed)
    chance.shuffle(readings)
    processes = [start(database), start(database)]
    kills = 0
    try:
        for number, begin in enumerate(range(0, len(readings), 6)):
            await arrive(clinic, readings[begin : begin + 6])
            if number % 3 == 2:
                victim = chance.randrange(2)
                processes[victim].send_signal(signal.SIGKILL)
                processes[victim].wait()
                processes[victim] = start(database)
                kills += 1
            await asyncio.sleep(chance.random() * 0.3)
        await quiet(clinic.pool)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    await drained(clinic.pool)
    found = await facts(clinic.pool)
    assert kills >= 5
    assert found, f"seed {seed}"
    async with clinic.pool.acquire() as conn:
        doubles = await conn.fetch(
            "SELECT patient_id, rule, onset_at FROM alerts WHERE state <> 'withdrawn'"
            " GROUP BY 1, 2, 3 HAVING count(*) > 1"
        )
        untold = await conn.fetchval(
            "SELECT count(*) FROM alerts a WHERE NOT EXISTS"
            " (SELECT FROM alert_events e WHERE e.alert_id = a.id AND e.event = 'opened')"
        )
        gaps = await conn.fetchval(
            "SELECT count(*) FROM alerts a WHERE a.version <> "
            "(SELECT count(*) FROM alert_events e WHERE e.alert_id = a.id)"
        )
    assert (doubles, untold, gaps) == ([], 0, 0), f"seed {seed}"
    again = {strip(row) for row in await from_scratch(clinic)}
    live = {strip(row) for row in found}
    said = "\n".join(
        [f"live  {each}" for each in live - again] + [f"again {each}" for each in again - live]
    )
    assert not said, f"seed {seed}\n{said}"


def strip(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the state: steps of ladders may have been taken meanwhile."""
    return row[:-1]


def start(database: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.alerts.evaluator", database],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def quiet(pool: Pool) -> None:
    """Until the processes have emptied the queue."""
    async with asyncio.timeout(60), pool.acquire() as conn:
        for _ in range(600):
            if not await conn.fetchval("SELECT count(*) FROM evaluation_queue"):
                return
            await asyncio.sleep(0.1)
