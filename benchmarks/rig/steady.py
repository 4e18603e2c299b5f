"""The whole pipeline at a steady pace: our worker running, a fleet publishing, receipts timed."""

import asyncio
import datetime as dt
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.rig import clinic, workload
from benchmarks.rig.fleet import Fleet
from benchmarks.rig.stage import Stage
from vitals.reading import Reading
from wire import topics

START_S: Final = 60.0
SETTLE_S: Final = 30.0

Work = list[tuple[Reading, str, bytes]]


@asynccontextmanager
async def running(stage: Stage) -> AsyncIterator[Fleet]:
    """A fleet that has had its first receipts, so that nothing is cold."""
    async with stage.connect() as connection:
        await clinic.clear(connection)
    said = stage.broker.log_size()
    process = _start(stage)
    fleet = Fleet(stage.broker.port, stage.homes)
    try:
        await _until_connected(stage, said, process)
        await fleet.connect()
        await fleet.send(prepared(stage, count=len(stage.homes), seed=7), per_s=500)
        if not await fleet.settled(within_s=SETTLE_S):
            raise RuntimeError(f"{fleet.waiting} readings got no receipt while warming up")
        fleet.latencies.clear()
        yield fleet
        await fleet.close()
    finally:
        process.kill()
        process.wait()


def prepared(stage: Stage, *, count: int, seed: int) -> Work:
    """Single-reading messages, encoded beforehand: the publisher must not be what is measured."""
    now = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seed)  # Other seeds, other instants.
    made = workload.readings(count, of=stage.homes, now=now, seed=seed)
    gateways = {home.device: home.gateway for home in stage.homes}
    return [
        (each, topics.readings(gateways[each.device]), workload.encode([each], now=now))
        for each in made
    ]


def latencies_ms(fleet: Fleet, *, since: float = 0.0, until: float = float("inf")) -> list[float]:
    """Milliseconds from publish to receipt of what was published in that time."""
    return [took * 1e3 for sent_at, took in fleet.latencies if since <= sent_at < until]


def _start(stage: Stage) -> "subprocess.Popen[bytes]":
    command: Sequence[str] = clinic.worker(stage.broker, stage.database, name="ours").command()
    with (stage.folder / "steady.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


async def _until_connected(stage: Stage, said: int, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(START_S):
        while f" as {clinic.WORKER} " not in stage.broker.log_since(said):
            if process.poll() is not None:
                raise RuntimeError(f"the worker ended with status {process.returncode}")
            await asyncio.sleep(0.02)
