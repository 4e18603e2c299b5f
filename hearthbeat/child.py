"""One running process: started in a session of its own, its lines read, stopped in good order."""

import asyncio
import collections
import contextlib
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable
from typing import Final

from hearthbeat.parent_death import tied_to_us
from hearthbeat.program import Program

LINE_BYTES_MAX: Final = 64 * 1024
TAIL_LINES: Final = 20
"""Kept to say why a process ended."""

Lines = Callable[[str, str], None]
"""Takes a program's name and one line that it wrote."""


class Child:
    """A started program."""

    def __init__(self, program: Program, process: Process, lines: Lines) -> None:
        self.program = program
        self._process = process
        self._tail: collections.deque[str] = collections.deque(maxlen=TAIL_LINES)
        self._reading = asyncio.create_task(self._read(lines))

    @classmethod
    async def start(cls, program: Program, lines: Lines) -> "Child":
        """Start `program`. A terminal's Ctrl-C reaches the supervisor only, which decides."""
        account = program.account
        process = await asyncio.create_subprocess_exec(
            *program.argv,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            limit=LINE_BYTES_MAX,
            cwd=program.cwd,
            env=dict(program.environment),
            start_new_session=True,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            umask=0o077,
            preexec_fn=tied_to_us(program.stop_signal),
        )
        return cls(program, process, lines)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; below 0, the signal that ended it."""
        return self._process.returncode

    @property
    def tail(self) -> str:
        """The last lines that it wrote."""
        return "\n".join(self._tail)

    async def wait(self) -> int:
        """Until it has ended; its exit status."""
        return await self._process.wait()

    async def drained(self) -> None:
        """Until its last lines have been read; a grandchild that holds the pipe is not awaited."""
        await asyncio.wait([self._reading], timeout=1)
        self._reading.cancel()

    async def stop(self) -> None:
        """Ask it to finish; kill it when it does not within its time."""
        if self.returncode is None:
            self.signal(self.program.stop_signal)
            try:
                async with asyncio.timeout(self.program.stop_within_s):
                    await self.wait()
            except TimeoutError:
                self.signal(signal.SIGKILL)
                await self.wait()
        await self.drained()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; one that has just ended takes none."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _read(self, lines: Lines) -> None:
        stream = self._process.stdout
        if stream is None:
            return
        while True:
            try:
                raw = await stream.readline()
            except ValueError:
                # A line longer than the limit: asyncio has dropped what it had of it.
                continue
            if not raw:
                return
            line = raw.decode("utf-8", "replace").rstrip()
            self._tail.append(line)
            lines(self.program.name, line)


def ended(returncode: int) -> str:
    """An exit status in words."""
    if returncode >= 0:
        return f"ended with status {returncode}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"was ended by signal {-returncode}"
