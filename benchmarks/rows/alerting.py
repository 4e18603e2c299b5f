"""From a reading's commit to its alert's, at 1,000 readings a second: the whole pipeline, live."""

import asyncio
import datetime as dt
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from benchmarks.report import Row, median, percentile, spread
from benchmarks.rig import clinic, steady, ward, workload
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.processes import cpu_s, resident_mb
from benchmarks.rig.stage import Stage
from store.pool import Connection
from wire import topics

WORK: Final = "reading's commit to alert's commit at 1,000 readings/s"
PER_S: Final = 1000.0
SECONDS: Final = 30
WARM_S: Final = 5
PATIENTS: Final = 1500
DAYS: Final = 30
ROUNDS: Final = 3
LIMIT_MS: Final = 500.0
EVERY: Final = dt.timedelta(minutes=10)
DRAINED_S: Final = 60.0

TOOK: Final = """
SELECT extract(epoch FROM
    pg_xact_commit_timestamp(e.xmin) - pg_xact_commit_timestamp(r.xmin))::float8 * 1e3
FROM alert_events e
JOIN alerts a ON a.id = e.alert_id
JOIN readings r ON r.measured_at = a.onset_at AND r.id = a.onset_reading
WHERE e.event = 'opened' AND a.rule <> ALL($1::text[]) AND r.received_at >= $2
    AND r.received_at < $3
"""
"""Of alerts that the onset reading itself opened: of two in three the first is the onset."""

STORED: Final = "SELECT count(*) FROM reading_keys WHERE id = ANY($1::uuid[])"
WAITING: Final = "SELECT count(*) FROM evaluation_queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    took_ms: list[float]
    shares: dict[str, float]
    """Of one core, by program."""
    alerts_mb: float


def measure(stage: Stage) -> list[Row]:
    beds = asyncio.run(_prepared(stage))
    runs = []
    for number in range(stage.rounds(ROUNDS)):
        runs.append(asyncio.run(_run(stage, beds, number)))
        took = runs[-1].took_ms
        used = ", ".join(f"{name} {share:.0%}" for name, share in runs[-1].shares.items())
        stage.say(
            f"  round {number + 1}: {len(took)} alerts, p50 {percentile(took, 50):.0f} ms, "
            f"p99 {percentile(took, 99):.0f} ms; of a core: {used}"
        )
    shares = {name: median([run.shares[name] for run in runs]) for name in runs[0].shares}
    note = (
        f"{PATIENTS:,} patients of all programmes with {DAYS} days behind them, "
        f"{median([len(run.took_ms) for run in runs]):,.0f} alerts a run; of one core: "
        + ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    )
    rows = []
    for name, percent in (("p50", 50), ("p99", 99), ("slowest", 100)):
        values = [percentile(run.took_ms, percent) for run in runs]
        required = name == "p99"
        rows.append(
            Row(
                work=WORK,
                contender=name,
                value=median(values),
                unit="ms",
                spread=spread(values),
                required=f"< {LIMIT_MS:.0f} ms" if required else "",
                met=median(values) < LIMIT_MS if required else None,
                note=note if name == "p50" else "",
            )
        )
    return rows


async def _prepared(stage: Stage) -> list[ward.Bed]:
    async with stage.connect() as conn:
        await clinic.clear(conn)
        await conn.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    stage.database.stop()
    stage.database.start()
    patients = PATIENTS // 10 if stage.quick else PATIENTS
    return await ward.furnish(stage, patients=patients, days=DAYS, now=dt.datetime.now(dt.UTC))


async def _run(stage: Stage, beds: Sequence[ward.Bed], number: int) -> Run:
    seconds = 5 if stage.quick else SECONDS
    work = _work(beds, count=int(PER_S) * (WARM_S + seconds), number=number)
    warm = int(PER_S) * WARM_S
    async with stage.connect() as conn:
        await conn.execute(ward.HEARD)
    async with running(stage, beds) as (fleet, pids):
        await fleet.send(work[:warm], per_s=PER_S)
        before, began = _cpu(pids), dt.datetime.now(dt.UTC)
        await fleet.send(work[warm:], per_s=PER_S)
        after, ended = _cpu(pids), dt.datetime.now(dt.UTC)
        await _drained(stage, [made.id for made, _, _ in work])
        alerts_mb = resident_mb(pids["alerts"])
    span = (ended - began).total_seconds()
    async with stage.connect() as conn:
        found = await conn.fetch(TOOK, await _of_several(conn), began, ended)
    return Run(
        took_ms=[row[0] for row in found],
        shares={name: (after[name] - before[name]) / span for name in pids},
        alerts_mb=alerts_mb,
    )


def _work(beds: Sequence[ward.Bed], *, count: int, number: int) -> steady.Work:
    """All devices take turns; each one's readings are ten minutes apart."""
    dice = random.Random(number)
    now = dt.datetime.now(dt.UTC)
    # Each run goes on where the one before ended.
    turns = -(-count // len(beds))
    first = now - ward.QUIET + EVERY * turns * number / (ROUNDS + 1)
    work: steady.Work = []
    for index in range(count):
        turn, place = divmod(index, len(beds))
        bed = beds[place]
        made = ward.reading(bed, first + EVERY * turn / (ROUNDS + 1), dice)
        work.append((made, topics.readings(bed.gateway), workload.encode([made], now=now)))
    return work


@asynccontextmanager
async def running(
    stage: Stage, beds: Sequence[ward.Bed]
) -> AsyncIterator[tuple[Fleet, dict[str, int]]]:
    said = stage.broker.log_size()
    ingest = clinic.worker(stage.broker, stage.database, name="ours").command()
    alerts = [sys.executable, "-m", "benchmarks.rig.alerter", stage.database.dsn]
    processes = _started(stage, ingest, alerts)
    fleet = Fleet(stage.broker.port, stage.homes)
    try:
        async with asyncio.timeout(steady.START_S):
            while f" as {clinic.WORKER} " not in stage.broker.log_since(said):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await fleet.connect()
        fleet.lend([bed.device for bed in beds])
        pids = {"ingest": processes[0].pid, "alerts": processes[1].pid}
        yield fleet, pids | {"broker": stage.broker.pid, "database": stage.database.pid}
        await fleet.close()
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _started(stage: Stage, *commands: Sequence[str]) -> "list[subprocess.Popen[bytes]]":
    with (stage.folder / "alerting.log").open("ab") as log:
        return [subprocess.Popen(command, stdout=log, stderr=log) for command in commands]


def _cpu(pids: dict[str, int]) -> dict[str, float]:
    return {name: cpu_s(pid, with_children=name == "database") for name, pid in pids.items()}


async def _drained(stage: Stage, ids: Sequence[UUID]) -> None:
    """Until every reading is stored, and evaluated."""
    async with asyncio.timeout(DRAINED_S), stage.connect() as conn:
        while (  # noqa: ASYNC110 - nobody tells
            await conn.fetchval(STORED, ids) < len(ids) or await conn.fetchval(WAITING)
        ):
            await asyncio.sleep(0.2)


async def _of_several(conn: Connection) -> list[str]:
    """Rules whose onset is not the reading that opened it."""
    found = await conn.fetch(
        "SELECT DISTINCT r ->> 'id' FROM plan_versions, jsonb_array_elements(resolved -> 'rules') r"
        " WHERE r ->> 'rule' IN ('n_of_m', 'together')"
    )
    return [row[0] for row in found]
