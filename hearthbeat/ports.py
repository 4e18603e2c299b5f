"""Which port to listen at: the one asked for, or a free one; and words for a port that is taken."""

import errno
import random
import socket
from typing import Any, Final

from hearthbeat.errors import PortTaken, SettingsError

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
    """Why we could not listen there, in words; None when we could. Raises SettingsError."""
    return next((why for place in _places(host, port) if (why := _bound(place))), None)


def refuse_taken(port: int, *, host: str, setting: str) -> None:
    """Raises PortTaken, naming the setting, for a port that a process was told to listen at."""
    why = taken(port, host=host) if port else None
    if why is not None:
        variable = f"HB_{setting}".replace(".", "_").upper()
        raise PortTaken(f"{why}; choose another with {setting} ({variable}), 0 takes any free one")


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


_Place = tuple[int, tuple[Any, ...]]


def _places(host: str, port: int) -> list[_Place]:
    """Every family and address of ours that `host` is; raises SettingsError where there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        found = []
    places = [(int(family), at) for family, _, _, _, at in found if _is_ours(family, at)]
    if not places:
        raise SettingsError(
            f"{host!r} is no address of this machine to listen at: look at the host in the settings"
        )
    return places


def _is_ours(family: int, at: tuple[Any, ...]) -> bool:
    try:
        with socket.socket(family) as listener:
            listener.bind((at[0], 0, *at[2:]))
    except OSError:
        return False
    return True


def _bound(place: _Place) -> str | None:
    family, at = place
    host, port = at[:2]
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            listener.bind(at)
        except PermissionError:
            return f"port {port} may not be opened by this user; ports from 1024 on may"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {port} is taken by another program"
            return f"port {port} cannot be opened at {host}: {error.strerror}"
    return None
