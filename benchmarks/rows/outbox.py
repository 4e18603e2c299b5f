"""The gateway's outbox: durable commits per second beside bare SQLite with the same settings."""

import datetime as dt
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.report import Row, interleaved, median, spread
from benchmarks.rig import workload
from benchmarks.rig.stage import Stage
from gateway.ballast import Ballast
from gateway.journal import Journal
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile, connect, create_tables
from gateway.own_clock import Moment
from vitals.reading import Reading

WORK: Final = "outbox commits, one reading each"
UNIT: Final = "commits/s"
COUNT: Final = 2000
ROUNDS: Final = 5

BARE: Final = "bare sqlite3, WAL, synchronous FULL"
READINGS: Final = "outbox: number, freeze, keep a reading"
FRAMES: Final = "journal: persist a raw frame"

NOTES: Final = {
    BARE: "one INSERT of the same body in a transaction of its own: the disk's limit",
    READINGS: "gapless number and duplicate check in the same transaction",
    FRAMES: "what happens before the notification callback returns",
}


def measure(stage: Stage) -> list[Row]:
    """Each run on a file of its own, in the same folder."""
    now = dt.datetime.now(dt.UTC)
    made = workload.readings(stage.count(COUNT), of=stage.homes[:1], now=now, seed=3)
    runs: dict[str, Callable[[], float]] = {
        BARE: lambda: _bare(stage.folder, made),
        READINGS: lambda: _readings(stage.folder, made, now),
        FRAMES: lambda: _frames(stage.folder, made, now),
    }
    samples = interleaved(runs, rounds=stage.rounds(ROUNDS), say=stage.say)
    limit = median(samples[BARE])
    return [
        Row(
            work=WORK,
            contender=name,
            value=median(values),
            unit=UNIT,
            spread=spread(values),
            against="" if name == BARE else BARE,
            ratio=None if name == BARE else median(values) / limit,
            note=NOTES[name],
        )
        for name, values in samples.items()
    ]


def _bare(folder: Path, made: Sequence[Reading]) -> float:
    bodies = [workload.ENCODER.encode(each) for each in made]
    with _file(folder) as (connection, _, _):
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, body BLOB)")
        start = time.perf_counter()
        for body in bodies:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare (body) VALUES (?)", (body,))
            connection.execute("COMMIT")
        return len(bodies) / (time.perf_counter() - start)


def _readings(folder: Path, made: Sequence[Reading], now: dt.datetime) -> float:
    with _file(folder) as (_, file, home):
        outbox = Outbox(file, home)
        start = time.perf_counter()
        for each in made:
            outbox.add(each, now=now)
        return len(made) / (time.perf_counter() - start)


def _frames(folder: Path, made: Sequence[Reading], now: dt.datetime) -> float:
    frames = [bytes.fromhex(each.frame) for each in made]
    moment = Moment(now=now, up_s=1.0, boot="bench")
    with _file(folder) as (_, file, _):
        journal = Journal(file, device=made[0].device, profile="generic", kept=lambda: None)
        start = time.perf_counter()
        for frame in frames:
            journal.keep("2a35", frame, at=moment, trusted=True)
        return len(frames) / (time.perf_counter() - start)


@contextmanager
def _file(folder: Path) -> Iterator[tuple[sqlite3.Connection, OutboxFile, Path]]:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        home = Path(name)
        connection = connect(home / "outbox.sqlite3")
        create_tables(connection)
        file = OutboxFile(connection, Ballast(home, size=0), home)
        try:
            yield connection, file, home
        finally:
            file.close()
