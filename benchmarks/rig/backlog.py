"""One contender drains one backlog: every message waits in the broker before it may connect."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from typing_extensions import override

from benchmarks.rig.broker import Broker
from benchmarks.rig.database import Database
from benchmarks.rig.mqtt import RawClient, park_session
from benchmarks.rig.processes import cpu_s, reaped_cpu_s

WINDOW: Final = 2000
LOOK_EVERY_S: Final = 0.02
GIVE_UP_S: Final = 120.0
ALONE: Final = {"max_parallel_workers_per_gather": "0", "jit": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A program that drains the session of `client_id`."""

    name: str
    command: Callable[[], Sequence[str]]
    """Made anew for each run: some keep a folder of their own between runs."""
    client_id: str
    pattern: str
    table: str | None
    """Where its readings go; None for one that stores nothing and ends when it is through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """How long it took from the broker's consent to the last reading being visible."""

    messages: int
    seconds: float
    own_cpu_s: float
    broker_cpu_s: float
    database_cpu_s: float
    """Without our own looks at how far it has come."""

    @property
    def per_s(self) -> float:
        return self.messages / self.seconds

    @override
    def __str__(self) -> str:
        return (
            f"{self.per_s:,.0f}/s; CPU seconds: own {self.own_cpu_s:.2f}, broker "
            f"{self.broker_cpu_s:.2f}, database {self.database_cpu_s:.2f}"
        )


async def drain(
    contender: Contender,
    messages: Sequence[tuple[str, bytes]],
    *,
    readings: int,
    broker: Broker,
    database: Database,
    log: Path,
) -> Drained:
    """Fill the contender's session with `messages`, start it, wait for `readings` stored."""
    await park_session(broker.port, contender.client_id, contender.pattern)
    publisher = await RawClient.connect(broker.port, "publisher")
    await publisher.publish_all(messages, window=WINDOW)
    await publisher.close()
    said, before = broker.log_size(), (cpu_s(broker.pid), cpu_s(database.pid, with_children=True))
    reaped, process, looks = reaped_cpu_s(), _start(contender, log), 0.0
    try:
        await _until(lambda: _connected(broker, said, contender.client_id), process)
        start, own_before = time.perf_counter(), cpu_s(process.pid)
        if contender.table is None:
            await _until(lambda: process.poll() is not None, None)
            seconds, own = time.perf_counter() - start, reaped_cpu_s() - reaped
        else:
            looks = await _until_stored(database, contender.table, readings, process)
            seconds, own = time.perf_counter() - start, cpu_s(process.pid) - own_before
        return Drained(
            messages=len(messages),
            seconds=seconds,
            own_cpu_s=own,
            broker_cpu_s=cpu_s(broker.pid) - before[0],
            database_cpu_s=cpu_s(database.pid, with_children=True) - before[1] - looks,
        )
    finally:
        process.kill()
        process.wait()


def _start(contender: Contender, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as out:
        return subprocess.Popen(contender.command(), stdout=out, stderr=out)


def _connected(broker: Broker, said: int, client_id: str) -> bool:
    return f" as {client_id} " in broker.log_since(said)


async def _until(happened: Callable[[], bool], process: "subprocess.Popen[bytes] | None") -> None:
    deadline = time.monotonic() + GIVE_UP_S
    while not happened():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"it ended with status {process.returncode} before it connected")
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing happened for {GIVE_UP_S} s")
        await asyncio.sleep(0.001)


async def _until_stored(
    database: Database, table: str, wanted: int, process: "subprocess.Popen[bytes]"
) -> float:
    """Look seldom, and often only near the end; what the looks have cost the database, CPU s.

    A look counts rows. Whoever takes longer for the last fifth would pay for more of them.
    """
    deadline = time.monotonic() + GIVE_UP_S
    look = f"SELECT count(*) FROM {table}"  # noqa: S608 (a name of ours)
    connection = await asyncpg.connect(database.dsn, server_settings=ALONE)
    try:
        while (now := await connection.fetchval(look)) < wanted:
            if process.poll() is not None:
                raise RuntimeError(f"it ended with status {process.returncode}; {now} were stored")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{now} of {wanted} stored after {GIVE_UP_S} s")
            await asyncio.sleep(LOOK_EVERY_S if now > wanted * 0.8 else LOOK_EVERY_S * 10)
        return cpu_s(connection.get_server_pid())
    finally:
        await connection.close()
