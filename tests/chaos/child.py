"""A process of the world: started, killed, and started again when it ends by itself."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

RESTART_PAUSE_S: Final = 0.5
"""A supervisor does not start a process that just failed in a tight loop."""


class Child:
    """`wanted` says whether it should run; `tend` makes it so."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.wanted = False
        self.exits: list[int] = []
        """Statuses of the times that it ended without being told to."""
        self._command = command
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self.wanted = True
        self._started_at = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill -9."""
        self.wanted = False
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None

    def stop(self, *, within_s: float = 15) -> int | None:
        """SIGTERM; the exit status, or None where it had to be killed."""
        self.wanted = False
        if self._process is None:
            return None
        self._process.terminate()
        try:
            return self._process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        finally:
            self._process = None

    def tend(self) -> None:
        """Start it again if it ended by itself."""
        if not self.wanted or self._process is None or self._process.poll() is None:
            return
        if time.monotonic() - self._started_at > RESTART_PAUSE_S:
            self.exits.append(self._process.returncode)
            self.start()

    def last_words(self, count: int = 15) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join(lines[-count:])
