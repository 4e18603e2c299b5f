"""Processes started in order, restarted when they die, stopped in reverse order."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from hearthbeat.child import Child, Lines, ended
from hearthbeat.errors import ChildFailed
from hearthbeat.program import Program

RESTART_FIRST_S: Final = 0.2
RESTART_MOST_S: Final = 10.0
STEADY_S: Final = 30.0
"""Having run so long, a process starts again without delay when it dies."""

Notice = Callable[[str], None]
"""Takes a sentence for the operator."""


class Supervisor:
    """Holds the processes of one system."""

    def __init__(self, *, lines: Lines, notice: Notice) -> None:
        self._lines = lines
        self._notice = notice
        self._kept: list[_Kept] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, program: Program) -> None:
        """Start one and wait until it is ready; from then on it is kept running.

        Raises ChildFailed when it ends before that, or takes too long.
        """
        kept = _Kept(program, lines=self._lines, notice=self._notice)
        self._kept.append(kept)
        await kept.start()

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the process of that name, if it runs."""
        for kept in self._kept:
            if kept.program.name == name:
                kept.signal(number)

    def pid(self, name: str) -> int | None:
        """The number of the process of that name, while it runs."""
        return next((one.pid for one in self._kept if one.program.name == name), None)

    async def stop(self) -> None:
        """Last started, first stopped; each has ended when the next is asked."""
        while self._kept:
            await self._kept.pop().stop()


class _Kept:
    """One program that is kept running."""

    def __init__(self, program: Program, *, lines: Lines, notice: Notice) -> None:
        self.program = program
        self._lines = lines
        self._notice = notice
        self._child: Child | None = None
        self._keeping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        child = self._child
        return child.pid if child is not None and child.returncode is None else None

    async def start(self) -> None:
        await self.program.before()
        self._child = child = await Child.start(self.program, self._lines)
        await _ready(child)
        self._keeping = asyncio.create_task(self._keep(child))

    def signal(self, number: signal.Signals) -> None:
        if self._child is not None and self._child.returncode is None:
            self._child.signal(number)

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
        if self._child is not None:
            await self._child.stop()
        await self.program.after()

    async def _keep(self, child: Child) -> None:
        """Start it again whenever it ends, ever more slowly while it does not hold."""
        loop = asyncio.get_running_loop()
        pause = RESTART_FIRST_S
        started = loop.time()
        while True:
            status = await child.wait()
            await child.drained()
            pause = RESTART_FIRST_S if loop.time() - started > STEADY_S else pause
            self._notice(f"{self.program.name} {ended(status)}; starting it again")
            await asyncio.sleep(pause)
            pause = min(RESTART_MOST_S, pause * 2)
            started = loop.time()
            child = await self._again(child)

    async def _again(self, child: Child) -> Child:
        """The new child; the old, dead one where it could not be started."""
        try:
            await self.program.before()
            self._child = child = await Child.start(self.program, self._lines)
            await _ready(child)
        except Exception as error:  # noqa: BLE001 - The level that supervises: it tries again.
            self._notice(f"{self.program.name}: {str(error) or type(error).__name__}")
        else:
            self._notice(f"{self.program.name} works again")
        return child


async def _ready(child: Child) -> None:
    """Until the child works; raises ChildFailed when it ends first, or is too slow."""
    program = child.program
    ready = asyncio.ensure_future(program.ready())
    end = asyncio.create_task(child.wait())
    try:
        await asyncio.wait(
            {ready, end}, timeout=program.ready_within_s, return_when=asyncio.FIRST_COMPLETED
        )
        if ready.done():
            ready.result()
            return
    finally:
        for task in (ready, end):
            task.cancel()
    if child.returncode is not None:
        await child.drained()
        raise ChildFailed(f"{program.name} {ended(child.returncode)}:\n{child.tail}".rstrip(":\n"))
    await child.stop()
    raise ChildFailed(f"{program.name} was not ready after {program.ready_within_s:g} s")
