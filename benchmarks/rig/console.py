"""The production console in a process of its own. Arguments: DSN, port."""

import asyncio
import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.rig.ports import free_port, wait_until_open
from benchmarks.rig.stage import Stage
from console import process
from console.settings import ConsoleSettings

HOST = "127.0.0.1"
STARTS_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """One that answers."""

    pid: int
    port: int

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}"


@contextmanager
def running(stage: Stage) -> Iterator[Console]:
    """Killed at the end; what it writes is in the stage's folder."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.rig.console", stage.database.dsn, str(port)]
    with (stage.folder / "console.log").open("ab") as log:
        started = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until_open(port, within_s=STARTS_WITHIN_S)
        yield Console(pid=started.pid, port=port)
    finally:
        started.kill()
        started.wait()


async def _run(dsn: str, port: int) -> None:
    await process.run(
        ConsoleSettings(),
        dsn=dsn,
        host=HOST,
        port=port,
        stop=asyncio.Event(),
        clock=lambda: dt.datetime.now(dt.UTC),
    )


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], int(sys.argv[2])))
