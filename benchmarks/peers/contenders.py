"""How each peer is started on a parked session, and how its rows are counted."""

import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.rig.backlog import Contender
from benchmarks.rig.database import NAME, USER
from benchmarks.rig.stage import Stage
from wire import topics

HERE: Final = Path(__file__).parent

TABLE: Final = "peer_readings"
CREATE: Final = """
CREATE TABLE IF NOT EXISTS peer_readings (
    id text PRIMARY KEY, device text, kind text, measured_at text, time_quality text,
    device_time text, clock_drift_s double precision, user_slot bigint, frame text, profile text,
    seq bigint, sent_at text, systolic double precision, diastolic double precision,
    mean double precision, pulse double precision
)
"""
"""The same facts of a reading, as text where the peers have no type for them."""

BATCH_SIZE: Final = 512
CONCURRENCY: Final = 4
"""mq-bridge's fastest of (512, 1), (512, 4), (2000, 2) here."""


async def make_table(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.execute(CREATE)
    await connection.execute("TRUNCATE peer_readings")


def paho(stage: Stage, *, name: str, count: int) -> Contender:
    """Acknowledges `count` messages and ends."""
    module = ("-m", "benchmarks.peers.paho_acker")
    port = str(stage.broker.port)
    return Contender(
        name=name,
        command=lambda: [sys.executable, *module, port, "paho", topics.READINGS_FILTER, str(count)],
        client_id="paho",
        pattern=topics.READINGS_FILTER,
        table=None,
    )


def pathway(stage: Stage, python: Path, *, name: str) -> Contender:
    """Upserts by id with persistence; a fresh checkpoint folder each run."""
    settings = {"host": "127.0.0.1", "port": str(stage.database.port), "dbname": NAME}
    settings |= {"user": USER, "password": stage.database.password}
    runs = itertools.count()

    def command() -> Sequence[str]:
        checkpoints = stage.folder / f"pathway-{next(runs)}"
        arguments = (str(stage.broker.port), "pathway", topics.READINGS_FILTER)
        program = str(HERE / "pathway_upsert.py")
        return [str(python), program, *arguments, json.dumps(settings), str(checkpoints)]

    return Contender(
        name=name,
        command=command,
        client_id="pathway",
        pattern=topics.READINGS_FILTER,
        table=TABLE,
    )


def mq_bridge(stage: Stage, python: Path, *, name: str) -> Contender:
    """INSERT … ON CONFLICT DO NOTHING in multi-row statements."""
    arguments = (str(stage.broker.port), "mq-bridge", topics.READINGS_FILTER, stage.database.dsn)
    tuned = (str(BATCH_SIZE), str(CONCURRENCY))
    return Contender(
        name=name,
        command=lambda: [str(python), str(HERE / "mq_bridge_upsert.py"), *arguments, *tuned],
        client_id="mq-bridge",
        pattern=topics.READINGS_FILTER,
        table=TABLE,
    )
