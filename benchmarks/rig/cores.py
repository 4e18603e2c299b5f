"""Which processor runs what: a nurse's browser does not share hers with the clinic's server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from benchmarks.rig.processes import children_of

BROWSER: Final = "--remote-debugging-port"
"""In the command line of a browser that a benchmark has started."""


@contextmanager
def apart() -> Iterator[bool]:
    """The last core for the browsers that this process has started, the rest for all else.

    False, and nothing is changed, where there is one core only.
    """
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        yield False
        return
    last = {max(cores)}
    try:
        _settle(os.getpid(), cores - last, browser=last)
        yield True
    finally:
        _settle(os.getpid(), cores, browser=cores)


def _settle(pid: int, cores: set[int], *, browser: set[int]) -> None:
    """Every thread of a process and of what it has started; what they start later follows them."""
    mine = browser if BROWSER in _command(pid) else cores
    for thread in _threads(pid):
        with suppress(ProcessLookupError):  # It may have ended meanwhile.
            os.sched_setaffinity(thread, mine)
    for child in children_of(pid):
        _settle(child, mine, browser=browser)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


def _threads(pid: int) -> list[int]:
    try:
        return [int(each.name) for each in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
