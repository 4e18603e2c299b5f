"""What an earlier life has left behind: PostgreSQL processes without us, a pid file of the dead."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hearthbeat.embedded.cluster import Cluster
from hearthbeat.errors import DatabaseStartError

POLL_S: Final = 0.1
GENTLE_S: Final = 20.0
"""How long an orphaned server may take to write its last checkpoint."""
HARD_S: Final = 10.0

PROC: Final = Path("/proc")


async def cleared(cluster: Cluster, *, notice: Callable[[str], None]) -> None:
    """Until nothing of an earlier server of this cluster is left that would stop a new one.

    The processes are known by the cluster's name in their titles: a number in a pid file may
    belong to anybody by now.
    """
    left = living(cluster.name)
    if left:
        notice("a database server of an earlier run is still there; it is asked to finish")
        left = await _ended(cluster.name, signal.SIGINT, within_s=GENTLE_S)
    if left:
        left = await _ended(cluster.name, signal.SIGQUIT, within_s=HARD_S)
    if left:
        left = await _ended(cluster.name, signal.SIGKILL, within_s=HARD_S)
    if left:
        numbers = ", ".join(map(str, left))
        raise DatabaseStartError(f"the database server of an earlier run does not end: {numbers}")
    # PostgreSQL clears the file itself unless the number in it is taken, be it by a zombie that
    # nobody reaps or by a stranger. None of ours is alive, so the file is about the dead.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def living(name: str, *, proc: Path = PROC) -> list[int]:
    """Processes whose command line or title names this cluster; zombies have neither."""
    found = []
    for directory in proc.iterdir() if proc.is_dir() else ():
        if directory.name.isdecimal() and int(directory.name) != os.getpid():
            with contextlib.suppress(OSError):
                title = (directory / "cmdline").read_bytes()
                if name.encode() in title and b"postgres" in title:
                    found.append(int(directory.name))
    return sorted(found)


async def _ended(name: str, asked: signal.Signals, *, within_s: float) -> list[int]:
    """Send the signal to each of them; those that are still alive after the time."""
    for number in living(name):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, asked)
    for _ in range(int(within_s / POLL_S)):
        if not living(name):
            return []
        await asyncio.sleep(POLL_S)
    return living(name)
