"""What judging a reading costs, against how much is known of the patient: it must not grow."""

import asyncio
import datetime as dt
import random
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from alerts.evaluating.evaluation import Memory, evaluate_batch
from benchmarks.report import Row, median, spread
from benchmarks.rig import ward
from benchmarks.rig.processes import cpu_s
from benchmarks.rig.stage import Stage
from store import partitions
from store.batch import Row as Stored
from store.batch import Standing
from store.commit_batch import commit
from store.pool import Pool, open_pool

WORK: Final = "CPU to judge 1,000 readings, ours and the database's"
SHORT_DAYS: Final = 30
LONG_DAYS: Final = 720
PATIENTS: Final = 180
ROUNDS: Final = 7
GROWTH_MOST: Final = 1.3
EVERY: Final = dt.timedelta(minutes=10)

A_YEAR_OLD: Final = """
WITH chosen AS (
    SELECT p.id AS patient_id, p.organisation_id, v.id AS plan_id
    FROM patients p
    JOIN plan_versions v ON v.patient_id = p.id
    WHERE p.organisation_id = $1 AND v.resolved -> 'rules' @> '[{"id": "bp-high"}]'
), made AS (
    INSERT INTO alerts (
        organisation_id, patient_id, subject_kind, subject, lane, rule, label, plan_version_id,
        kind, metric, severity, peak, state, onset_at, last_at, readings, value, worst, bound,
        reason, opened_at, updated_at
    )
    SELECT organisation_id, patient_id, 'patient', patient_id::text, 'medical', 'bp-high', 'High',
        plan_id, 'blood_pressure', 'systolic', 'medium', 'medium', 'open', $2::timestamptz,
        $2::timestamptz + INTERVAL '360 days', 730, 150, 160,
        '{"metric": "systolic", "op": ">=", "value": 140, "clear": null}',
        '{"code": "limit", "facts": {}}', $2, $2
    FROM chosen
    RETURNING id, onset_at
)
INSERT INTO alert_readings (alert_id, measured_at, reading_id, severity, value)
SELECT made.id, made.onset_at + n * INTERVAL '12 hours', gen_random_uuid(), 'medium', 150
FROM made, generate_series(0, 729) AS n
"""

OVER: Final = """
INSERT INTO alerts (
    organisation_id, patient_id, subject_kind, subject, lane, rule, label, kind, metric, severity,
    peak, state, onset_at, last_at, cleared_at, readings, reason, opened_at, ended_at, outcome,
    updated_at
)
SELECT p.organisation_id, p.id, 'patient', p.id::text, 'medical', 'bp-high', 'High',
    'blood_pressure', 'systolic', 'medium', 'medium', 'resolved', s.at, s.at,
    s.at + INTERVAL '6 hours', 1, '{"code": "limit", "facts": {}}', s.at,
    s.at + INTERVAL '7 hours', 'watch', s.at
FROM patients p, generate_series($2::timestamptz, $3::timestamptz, INTERVAL '1 day') AS s (at)
WHERE p.organisation_id = $1
"""
"""An alert a day, dealt with, for years."""


def measure(stage: Stage) -> list[Row]:
    return asyncio.run(_measured(stage))


async def _measured(stage: Stage) -> list[Row]:
    now = dt.datetime.now(dt.UTC)
    async with stage.connect() as conn:
        day = now - dt.timedelta(days=LONG_DAYS + 40)
        while day < now:
            await partitions.ensure(conn, day)
            day += dt.timedelta(days=28)
    pool = await open_pool(stage.database.dsn, application_name="bench", max_size=2)
    samples: dict[str, list[float]] = {}
    beds: list[ward.Bed] = []
    try:
        for days, name in ((SHORT_DAYS, "ward-short"), (LONG_DAYS, "ward-long")):
            beds = await ward.furnish(stage, patients=PATIENTS, days=days, now=now, name=name)
            # Another ward's devices have the same addresses: not at the same instants.
            begin = now + dt.timedelta(minutes=len(samples))
            samples[f"{days} days of history"] = await _costs(stage, pool, beds, begin)
        organisation = await pool.fetchval("SELECT id FROM organisations WHERE name = 'ward-long'")
        later = now + dt.timedelta(hours=3)
        span = (now - dt.timedelta(days=LONG_DAYS), now - dt.timedelta(days=1))
        await pool.execute(OVER, organisation, *span)
        await pool.execute("ANALYZE")
        samples["and an alert for each of the days"] = await _costs(stage, pool, beds, later)
        later += dt.timedelta(hours=3)
        await pool.execute(A_YEAR_OLD, organisation, now - dt.timedelta(days=365, hours=1))
        await pool.execute("ANALYZE")
        samples["and one that is open for a year"] = await _costs(stage, pool, beds, later)
    finally:
        pool.terminate()
    first = next(iter(samples))
    return [
        Row(
            work=WORK,
            contender=name,
            value=median(costs),
            unit="s",
            spread=spread(costs),
            against="" if name == first else first,
            ratio=None if name == first else median(costs) / median(samples[first]),
            required="" if name == first else f"<= {GROWTH_MOST} x",
            met=None if name == first else median(costs) <= GROWTH_MOST * median(samples[first]),
        )
        for name, costs in samples.items()
    ]


async def _costs(
    stage: Stage, pool: Pool, beds: Sequence[ward.Bed], now: dt.datetime
) -> list[float]:
    """CPU seconds for 1,000 readings, of each round but the first: every device once."""
    dice, memory = random.Random(str(now)), Memory()
    organisation = await pool.fetchval(
        "SELECT organisation_id FROM patients WHERE id = $1", beds[0].patient
    )
    found = []
    for number in range(stage.rounds(ROUNDS) + 1):
        at = now - ward.QUIET + EVERY * number
        rows = [_row(bed, organisation, at, dice) for bed in beds]
        async with pool.acquire() as conn:
            await commit(conn, rows, received_at=at + EVERY)
        before = time.process_time() + cpu_s(stage.database.pid, with_children=True)
        while (await evaluate_batch(pool, memory, now=dt.datetime.now(dt.UTC))).more:
            pass
        after = time.process_time() + cpu_s(stage.database.pid, with_children=True)
        found.append((after - before) * 1000 / len(rows))
    return found[1:]


def _row(bed: ward.Bed, organisation: UUID, at: dt.datetime, dice: random.Random) -> Stored:
    standing = Standing(
        organisation_id=organisation, gateway_id=bed.gateway, attribution="assigned",
        patient_id=bed.patient,
    )  # fmt: skip
    return Stored(
        ward.reading(bed, at, dice), standing, local_day=(at - dt.timedelta(hours=5)).date()
    )
