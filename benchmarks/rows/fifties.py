"""Messages of 50 readings: one worker of ours beside bare inserts of the same rows."""

import asyncio
import datetime as dt
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.report import Row, interleaved, median, spread
from benchmarks.rig import clinic, workload
from benchmarks.rig.backlog import Drained, drain
from benchmarks.rig.bare_inserts import Limit, insert_all, prepared
from benchmarks.rig.stage import Stage
from vitals.reading import Reading

WORK: Final = "messages of 50 readings, backlog"
UNIT: Final = "readings/s"
COUNT: Final = 60_000
EACH: Final = 50
ROUNDS: Final = 5
REQUIRED: Final = 0.5

LIMIT: Final = "bare INSERT … SELECT unnest"
OURS: Final = "hearthbeat, one ingest worker"
NOTES: Final = {
    LIMIT: "the same rows into the same 3 tables: one connection, 500 rows a transaction, arrays "
    "made beforehand, no broker, no decoding, no conflict check",
    OURS: "broker, decoding, admission, conflict checks, gaps, receipts, acknowledgements",
}


def measure(stage: Stage) -> list[Row]:
    """A B A B …."""
    now = dt.datetime.now(dt.UTC)
    made = workload.readings(stage.count(COUNT), of=stage.homes, now=now, seed=1)
    messages = workload.messages(made, of=stage.homes, each=EACH, now=now)
    batches = prepared(made, stage.homes, now=now)
    samples = interleaved(
        {
            LIMIT: lambda: asyncio.run(_bare(stage, batches, len(made))),
            OURS: lambda: asyncio.run(_drain(stage, messages, made)),
        },
        rounds=stage.rounds(ROUNDS),
        say=stage.say,
    )
    limit = median(samples[LIMIT])
    ratio = median(samples[OURS]) / limit
    return [
        Row(
            work=WORK,
            contender=name,
            value=median(values),
            unit=UNIT,
            spread=spread(values),
            against="" if name == LIMIT else LIMIT,
            ratio=None if name == LIMIT else ratio,
            required="" if name == LIMIT else f">= {REQUIRED} x",
            met=None if name == LIMIT else ratio >= REQUIRED,
            note=NOTES[name],
        )
        for name, values in samples.items()
    ]


async def _bare(stage: Stage, batches: Sequence[Limit], count: int) -> float:
    async with stage.connect() as connection:
        await clinic.clear(connection)
        start = time.perf_counter()
        await insert_all(connection, batches)
        return count / (time.perf_counter() - start)


async def _drain(stage: Stage, messages: list[tuple[str, bytes]], made: Sequence[Reading]) -> float:
    async with stage.connect() as connection:
        await clinic.clear(connection)
    drained: Drained = await drain(
        clinic.worker(stage.broker, stage.database, name=OURS),
        messages,
        readings=len(made),
        broker=stage.broker,
        database=stage.database,
        log=stage.folder / "fifties.log",
    )
    return len(made) / drained.seconds
