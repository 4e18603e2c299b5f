"""Two hundred nurses on the stream of changes, all in one console process."""

import asyncio
import math
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from alerts.life.alert import Alert
from benchmarks.report import Row, median, percentile, spread
from benchmarks.rig import console, practice
from benchmarks.rig.listeners import Listener, listening
from benchmarks.rig.processes import cpu_s, resident_mb
from benchmarks.rig.stage import Stage
from store.pool import Connection

WORK: Final = "200 nurses on the live stream of one process"
NURSES: Final = 200
ROWS: Final = 200
CHANGING: Final = 14
PER_MIN: Final = 300.0
SECONDS: Final = 60.0
ROUNDS: Final = 3
LIMIT_MB: Final = 300.0
LIMIT_MS: Final = 2000.0
LAST_HEARD_S: Final = 3.0

NEWEST: Final = "SELECT coalesce(max(id), 0) FROM alert_events"
COMMITTED: Final = """
SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1e3
FROM alert_events WHERE organisation_id = $1 AND id > $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    idle_mb: float
    most_mb: float
    took_ms: list[float]
    """Of every event at every nurse; what one never heard of took for ever."""
    events: int
    share: float
    """Of one core."""


def measure(stage: Stage) -> list[Row]:
    runs = asyncio.run(_runs(stage))
    most = max(run.most_mb for run in runs)
    p95 = [percentile(run.took_ms, 95) for run in runs]
    return [
        Row(work=WORK, contender="the process before", value=runs[0].idle_mb, unit="MiB"),
        Row(
            work=WORK,
            contender="with all of them",
            value=most,
            unit="MiB",
            spread=spread([run.most_mb for run in runs]),
            required=f"< {LIMIT_MB:.0f} MB",
            met=most * 2**20 / 1e6 < LIMIT_MB,
            note=f"the highest of {len(runs)} runs, resident, read every half second",
        ),
        Row(
            work=WORK,
            contender="commit of a change to each nurse, p95",
            value=median(p95),
            unit="ms",
            spread=spread(p95),
            required=f"< {LIMIT_MS:.0f} ms",
            met=median(p95) < LIMIT_MS,
            note=(
                f"p50 {median([percentile(run.took_ms, 50) for run in runs]):.0f} ms, slowest "
                f"{max(max(run.took_ms) for run in runs):.0f} ms; {PER_MIN:.0f} changes a minute, "
                f"{median([len(run.took_ms) for run in runs]):,.0f} events told a run; "
                f"{median([run.share for run in runs]):.0%} of a core"
            ),
        ),
    ]


async def _runs(stage: Stage) -> list[Run]:
    await practice.remember_commits(stage)
    whose, team, alerts = await practice.furnished(
        stage, "two hundred nurses", rows=ROWS, people=NURSES + 1
    )
    runs = []
    for number in range(stage.rounds(ROUNDS)):
        with console.running(stage) as running:
            await asyncio.sleep(2)
            run = await _run(stage, running, whose, team, alerts[:CHANGING])
        runs.append(run)
        stage.say(
            f"  round {number + 1}: {run.most_mb:.0f} MiB, {run.events} changes, p50 "
            f"{percentile(run.took_ms, 50):.0f} ms, p95 {percentile(run.took_ms, 95):.0f} ms"
        )
    return runs


async def _run(
    stage: Stage,
    running: console.Console,
    whose: UUID,
    team: list[practice.Nurse],
    alerts: list[Alert],
) -> Run:
    idle = resident_mb(running.pid)
    async with stage.connect() as conn:
        alerts, last = await practice.now_of(conn, alerts), await conn.fetchval(NEWEST)
        async with listening(running, team[1:], last=last) as listeners:
            memory, used = _Memory(running.pid), cpu_s(running.pid)
            watching = asyncio.create_task(memory.watch())
            seconds = 10 if stage.quick else SECONDS
            await practice.keep_changing(conn, alerts, team[0], per_min=PER_MIN, seconds=seconds)
            share = (cpu_s(running.pid) - used) / seconds
            await asyncio.sleep(LAST_HEARD_S)
            watching.cancel()
        took, events = await _took(conn, whose, last, listeners)
    return Run(idle_mb=idle, most_mb=memory.most, took_ms=took, events=events, share=share)


class _Memory:
    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.most = resident_mb(pid)

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            self.most = max(self.most, resident_mb(self._pid))


async def _took(
    conn: Connection, whose: UUID, last: int, listeners: list[Listener]
) -> tuple[list[float], int]:
    committed = {row[0]: row[1] for row in await conn.fetch(COMMITTED, whose, last)}
    took = [
        listener.heard.get(event, math.inf) - at
        for listener in listeners
        for event, at in committed.items()
    ]
    return took, len(committed)
