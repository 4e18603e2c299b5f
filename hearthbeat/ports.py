"""Which port to listen at: the one asked for, or a free one; and words for a port that is taken."""

import errno
import random
import socket
from typing import Final

from hearthbeat.errors import PortTaken

LOOPBACK: Final = "127.0.0.1"
FREE: Final = range(15_000, 32_000)
"""Below those that Linux lends to outgoing connections (from 32768 on): one of them could hold the
port of a broker that is down for a moment."""
_CHOICE: Final = random.SystemRandom()


def free(host: str = LOOPBACK) -> int:
    """A port that nobody listens at, and that hardly anybody else chooses meanwhile."""
    for _ in range(100):
        port = _CHOICE.choice(FREE)
        with socket.socket() as listener:
            try:
                listener.bind((host, port))
            except OSError:
                continue
        return port
    with socket.socket() as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])


def taken(port: int, *, host: str = LOOPBACK) -> str | None:
    """Why we could not listen there, in words; None when we could."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except PermissionError:
            return f"port {port} may not be opened by this user; ports from 1024 on may"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is taken by another program"
            return f"port {port} cannot be opened at {host}: {error.strerror}"
    return None


def chosen(port: int, *, asked: bool, option: str, host: str = LOOPBACK) -> tuple[int, str | None]:
    """The port to use, and what to tell the user about it, if anything.

    A port that the user asked for is used or refused (PortTaken); a default gives way to another.
    """
    if port == 0:
        return free(host), None
    trouble = taken(port, host=host)
    if trouble is None:
        return port, None
    if asked:
        raise PortTaken(f"{trouble}; choose another with {option} (0 takes any free one)")
    other = free(host)
    return other, f"{trouble}: using {other} instead ({option} chooses)"
