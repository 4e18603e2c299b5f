"""Free TCP ports on loopback, and waiting for one to answer."""

import socket
import time

from hearthbeat.ports import free as free_port

__all__ = ["free_port", "wait_until_open"]


def wait_until_open(port: int, *, within_s: float) -> None:
    """Return once 127.0.0.1:port accepts; TimeoutError when it does not in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port} after {within_s} s")
