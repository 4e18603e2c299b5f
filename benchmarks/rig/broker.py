"""A mosquitto child process on loopback, without persistence; it can be killed and come back."""

import subprocess
from pathlib import Path
from typing import IO, Self

from benchmarks.rig.ports import free_port, wait_until_open
from hearthbeat.embedded import mosquitto

# One setting for all contenders. A consumer that acknowledges late (after a checkpoint, after a
# commit) needs a wide window; the queue must hold a whole backlog, or mosquitto drops silently.
SETTINGS = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 1000000
max_inflight_messages 20000
max_packet_size 270000
set_tcp_nodelay true
connection_messages true
log_dest stderr
log_type notice
log_type error
"""


class Broker:
    """Mosquitto on a port of its own; `kill()` is kill -9 and loses every queue and session."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.port = port or free_port()
        self._log_path = folder / "mosquitto.log"
        self._settings = folder / "mosquitto.conf"
        self._settings.write_text(SETTINGS.format(port=self.port))
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the broker is not running")
        return self._process.pid

    def start(self, *, within_s: float = 10) -> None:
        self._log = self._log_path.open("ab")
        self._process = subprocess.Popen(
            [mosquitto.find() or "mosquitto", "-c", str(self._settings)],
            stdout=self._log,
            stderr=self._log,
        )
        wait_until_open(self.port, within_s=within_s)

    def kill(self) -> None:
        self._end("kill")

    def stop(self) -> None:
        self._end("terminate")

    def _end(self, how: str) -> None:
        if self._process is not None:
            getattr(self._process, how)()
            self._process.wait(timeout=30)
            self._process = None
        if self._log is not None:
            self._log.close()

    def log_size(self) -> int:
        return self._log_path.stat().st_size

    def log_since(self, offset: int) -> str:
        """What the broker has said since its log was `offset` bytes long."""
        with self._log_path.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")
