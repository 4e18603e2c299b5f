"""What the kernel says of a process: children, CPU seconds, resident memory (Linux /proc)."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def children_of(pid: int) -> list[int]:
    """Pids of the direct children; [] when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def wait_until_gone(pids: Iterable[int], *, within_s: float) -> None:
    """Return once none of the processes exists; TimeoutError when one stays."""
    deadline = time.monotonic() + within_s
    for pid in pids:
        while Path(f"/proc/{pid}").exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"process {pid} is still there after {within_s} s")
            time.sleep(0.01)


def cpu_s(pid: int, *, with_children: bool = False) -> float:
    """User and system seconds so far; with the living and the reaped children if asked for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    own = sum(map(int, fields[11:15] if with_children else fields[11:13])) / TICKS_PER_S
    if not with_children:
        return own
    return own + sum(cpu_s(child, with_children=True) for child in children_of(pid))


def reaped_cpu_s() -> float:
    """User and system seconds of this process's children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def resident_mb(pid: int) -> float:
    """Resident memory, MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE_BYTES / 2**20
