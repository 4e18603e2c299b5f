"""10,000 gateways reconnect at once while others send: what the others notice."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.report import Row, median, percentile, spread
from benchmarks.rig import steady
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.stage import Stage

WORK: Final = "10,000 gateways reconnect while 200 send"
UNIT: Final = "ms"
PER_S: Final = 500.0
COUNT: Final = 10_000
CALM_S: Final = 8
AFTER_S: Final = 4
ROUNDS: Final = 3
LIMIT_MS: Final = 5000.0
"""RELIABILITY.md: the others' lag stays below 5 s."""

Run = tuple[list[float], list[float], float, int]


def measure(stage: Stage) -> list[Row]:
    """The same fleet, before and during."""
    runs: list[Run] = []
    for number in range(stage.rounds(ROUNDS)):
        runs.append(asyncio.run(_run(stage, seed=200 + number)))
        before, during, took, connected = runs[-1]
        stage.say(
            f"  round {number + 1}: p99 {percentile(before, 99):.1f} ms before, "
            f"{percentile(during, 99):.1f} ms while {connected} connected in {took:.1f} s"
        )
    before = [percentile(run[0], 99) for run in runs]
    during = [percentile(run[1], 99) for run in runs]
    slowest = [max(run[1]) for run in runs]
    connected = min(run[3] for run in runs)
    note = f"{connected:,} connected and subscribed in {median([run[2] for run in runs]):.1f} s"
    return [
        _row("p99 before", before, note=f"{PER_S:.0f} readings/s"),
        _row("p99 during the storm", during, note=note, against="p99 before", base=median(before)),
        _row("slowest during the storm", slowest, note="", limit_ms=LIMIT_MS),
    ]


def _row(
    name: str,
    values: Sequence[float],
    *,
    note: str,
    against: str = "",
    base: float | None = None,
    limit_ms: float | None = None,
) -> Row:
    return Row(
        work=WORK,
        contender=name,
        value=median(values),
        unit=UNIT,
        spread=spread(values),
        against=against,
        ratio=None if base is None else median(values) / base,
        required="" if limit_ms is None else f"< {limit_ms:,.0f} ms",
        met=None if limit_ms is None else median(values) < limit_ms,
        note=note,
    )


async def _run(stage: Stage, *, seed: int) -> Run:
    async with steady.running(stage) as fleet:
        count = int(PER_S) * (CALM_S + 30)
        work = steady.prepared(stage, count=count, seed=seed)
        sending = asyncio.create_task(fleet.send(work, per_s=PER_S))
        began = time.perf_counter()
        await asyncio.sleep(CALM_S)
        struck = time.perf_counter()
        took, connected = await _strike(stage)
        over = time.perf_counter()
        await asyncio.sleep(AFTER_S)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        if not await fleet.settled(within_s=steady.SETTLE_S):
            raise RuntimeError(f"{fleet.waiting} readings got no receipt")
        return _split(fleet, began, struck, over, took=took, connected=connected)


def _split(
    fleet: Fleet, began: float, struck: float, over: float, *, took: float, connected: int
) -> Run:
    before = steady.latencies_ms(fleet, since=began, until=struck)
    during = steady.latencies_ms(fleet, since=struck, until=over)
    return before, during, took, connected


async def _strike(stage: Stage) -> tuple[float, int]:
    """In a process of its own: its CPU is shared with everybody, its event loop with nobody."""
    count = stage.count(COUNT)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.rig.storm", str(stage.broker.port), str(count)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = json.loads(await process.stdout.readline())
    process.kill()
    await process.wait()
    return said["seconds"], said["connected"]
