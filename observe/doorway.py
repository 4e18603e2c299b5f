"""Who may hold connections to a server, how many, and how long one may say nothing."""

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from msgspec import Struct
from typing_extensions import override

Network = IPv4Network | IPv6Network
LOOPBACK: Final[tuple[Network, ...]] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Retry-After: 30\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Limits(Struct, frozen=True, kw_only=True):
    """Connections that only wait cost their owner nothing, and us a place."""

    idle_s: float = 30
    """From the connection, or the last answer, to the end of the next request's headers: whoever
    drips them is hung up on. A proxy that keeps connections to us forgets them sooner."""
    unread_s: float = 10
    """How long the rest of a body that no handler read is waited for."""
    unsent_s: float = 60
    """How long somebody may take none of an answer that is larger than the buffers."""
    most: int = 900
    """Below the 1,024 open files that a process usually may have."""
    most_per_peer: int = 200
    """A clinic behind one address: its browsers open six each."""
    not_counted: tuple[Network, ...] = LOOPBACK
    """Peers that speak for many: proxies."""


class Doorway:
    """Counts who is in."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_peer: Counter[str] = Counter()

    def enter(self, peer: str) -> bool:
        """Whether there is a place; it is taken by this."""
        limits = self._limits
        if self._by_peer.total() >= limits.most:
            return False
        if self._by_peer[peer] >= limits.most_per_peer and not self._speaks_for_many(peer):
            return False
        self._by_peer[peer] += 1
        return True

    def leave(self, peer: str) -> None:
        self._by_peer[peer] -= 1
        if not self._by_peer[peer]:
            del self._by_peer[peer]

    def _speaks_for_many(self, peer: str) -> bool:
        address = _address(peer)
        return address is not None and any(
            address in network for network in self._limits.not_counted
        )


async def listen(
    behind: Callable[[], asyncio.Protocol], *, host: str, port: int, limits: Limits
) -> asyncio.Server:
    """A listening server, with a doorway before each connection that it makes."""
    doorway = Doorway(limits)
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: _Guarded(doorway, behind, unsent_s=limits.unsent_s), host, port
    )


class _Guarded(asyncio.Protocol):
    """One connection: handed on to what is behind where there is a place for it."""

    def __init__(
        self, doorway: Doorway, behind: Callable[[], asyncio.Protocol], *, unsent_s: float
    ) -> None:
        self._doorway = doorway
        self._behind = behind
        self._unsent_s = unsent_s
        self._inner: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None
        self._giving_up: asyncio.TimerHandle | None = None
        self._peer = ""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peername = transport.get_extra_info("peername")
        self._peer = str(peername[0]) if peername else ""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a socket's transport is needed")
        if not self._doorway.enter(self._peer):
            transport.write(FULL)
            transport.close()
            return
        self._transport = transport
        self._inner = self._behind()
        self._inner.connection_made(transport)

    @override
    def data_received(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.data_received(data)

    @override
    def eof_received(self) -> bool | None:
        return None if self._inner is None else self._inner.eof_received()

    @override
    def pause_writing(self) -> None:
        if self._inner is not None and self._transport is not None:
            self._inner.pause_writing()
            self._look_later(self._transport)

    @override
    def resume_writing(self) -> None:
        self._do_not_give_up()
        if self._inner is not None:
            self._inner.resume_writing()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._inner is not None:
            self._doorway.leave(self._peer)
            self._inner.connection_lost(exc)
            self._inner = None
        self._do_not_give_up()

    def _look_later(self, transport: asyncio.Transport) -> None:
        loop, left = asyncio.get_running_loop(), transport.get_write_buffer_size()

        def look() -> None:
            if transport.get_write_buffer_size() < left:
                self._look_later(transport)
            else:
                transport.abort()

        self._giving_up = loop.call_later(self._unsent_s, look)

    def _do_not_give_up(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None


def _address(peer: str) -> IPv4Address | IPv6Address | None:
    """IPv4 that came over an IPv6 socket is IPv4."""
    try:
        address = ip_address(peer)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
