"""Telling systemd that we are up and alive: sd_notify(3) in a few lines."""

import socket
from typing import Final

import structlog

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"
log = structlog.get_logger()


class Notifier:
    """Does nothing where nobody listens. `address` is what systemd put into NOTIFY_SOCKET."""

    def __init__(self, address: str | None) -> None:
        self._address = address and ("\0" + address[1:] if address.startswith("@") else address)

    def say(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.connect(self._address)
                line.sendall("\n".join(lines).encode())
        except OSError as error:
            log.warning("systemd did not hear us", error=error.strerror)

    def status(self, words: str) -> None:
        """Shown by `systemctl status`."""
        self.say("STATUS=" + words.replace("\n", " "))
