"""A real Mosquitto on a free loopback port, to be killed, frozen and started again."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from benchmarks.rig.ports import free_port
from hearthbeat.embedded import mosquitto
from wire.address import BrokerAddress

BINARY = mosquitto.find()


class Mosquitto:
    """One broker process at a time, always on the same port."""

    def __init__(self, directory: Path, *lines: str, anonymous: bool = True) -> None:
        self.port = free_port()
        self._config = directory / "mosquitto.conf"
        self._config.write_text(
            "\n".join(
                [
                    f"listener {self.port} 127.0.0.1",
                    f"allow_anonymous {str(anonymous).lower()}",
                    "persistence false",
                    "max_queued_messages 100000",
                    "max_inflight_messages 1000",
                    # Started by root it becomes someone who can't read the test's files.
                    *(["user root"] if os.geteuid() == 0 else []),
                    *lines,
                    "",
                ]
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> BrokerAddress:
        return BrokerAddress(host="127.0.0.1", port=self.port)

    def start(self) -> None:
        assert BINARY is not None
        self._process = subprocess.Popen(
            [BINARY, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("mosquitto did not start")

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """As kill -9, or the power going."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
