"""Starts and ends worker processes."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.rig.ports import free_port
from tests.integration.ingest.readiness import until_ready

ROOT = Path(__file__).parents[3]


class WorkerProcess:
    """One worker at a time: killed and started as often as wanted."""

    def __init__(self, dsn: str, broker: int, *, number: int = 0) -> None:
        self._arguments = (dsn, str(broker))
        self._number = number
        self.health = 0
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    async def start(self, *, ready: bool = True) -> None:
        self.health = free_port()
        module = "tests.integration.ingest.worker_process"
        self._process = subprocess.Popen(  # noqa: ASYNC220 (it returns at once)
            [sys.executable, "-m", module, *self._arguments, str(self.health), str(self._number)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        if ready:
            await until_ready(self.health)

    def kill(self) -> None:
        """As kill -9, or the power going."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def terminate(self) -> int:
        """SIGTERM: the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(self._process.wait, 60)
        self._process = None
        return status
