"""How a home learns that it should measure again: a log line, a file, a program of its own."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec
import structlog
from msgspec import Struct

from wire.messages import MeasureAgain

FILE: Final = "prompt.json"
PROGRAM_S: Final = 10.0
log = structlog.get_logger()


class Prompt(Protocol):
    """Shows requests to the people at home. They name devices, and nobody."""

    async def show(self, requests: Sequence[MeasureAgain]) -> None:
        """All that are open now, in place of those shown before; none: nothing is asked for."""


class Shown(Struct, frozen=True, kw_only=True):
    """What the file and the program get, as JSON."""

    measure_again: Sequence[MeasureAgain]


class HomePrompt:
    """Writes `prompt.json` in the hub's directory, for a display; tells a program, where one is
    named. What goes wrong with either is logged: it must not keep the hub from its work.
    """

    def __init__(self, directory: Path, *, program: Sequence[str] = ()) -> None:
        self._file = directory / FILE
        self._program = tuple(program)

    async def show(self, requests: Sequence[MeasureAgain]) -> None:
        said = msgspec.json.encode(Shown(measure_again=requests))
        for each in requests:
            until = each.until.isoformat()
            log.info("please measure again", device=each.device, kind=each.kind, until=until)
        try:
            fresh = self._file.with_suffix(".new")
            fresh.write_bytes(said + b"\n")
            fresh.replace(self._file)
        except OSError as error:
            log.warning("request to measure again not written", error=type(error).__name__)
        if self._program:
            await self._run(said)

    async def _run(self, said: bytes) -> None:
        process: asyncio.subprocess.Process | None = None
        try:
            process = await asyncio.create_subprocess_exec(
                *self._program,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            async with asyncio.timeout(PROGRAM_S):
                await process.communicate(said)
        except (OSError, TimeoutError) as error:
            log.warning("prompt program failed", error=type(error).__name__)
        else:
            if process.returncode:
                log.warning("prompt program failed", status=process.returncode)
        finally:
            if process is not None and process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
