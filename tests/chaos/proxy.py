"""A TCP proxy with faults: slow, silent (half-open), torn, or nobody there."""

import asyncio
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

CHUNK = 65536


class Fault(StrEnum):
    """What the network is doing now."""

    NONE = "none"
    SLOW = "slow"  # Each chunk waits `delay_s` first.
    SILENT = "silent"  # Connections stay open, nothing passes: a router that forgot us.
    REFUSED = "refused"  # New connections are closed at once.


@dataclass(slots=True)
class _Pair:
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter


class Proxy:
    """Listens on a port of its own and forwards to 127.0.0.1:`target`."""

    def __init__(self, target: int, *, port: int = 0, delay_s: float = 0.3) -> None:
        self.port = port
        self.fault = Fault.NONE
        self._target = target
        self._delay_s = delay_s
        self._pairs: list[_Pair] = []
        self._healthy = asyncio.Event()
        self._healthy.set()
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.set(Fault.REFUSED)
        self.tear()
        if self._server is not None:
            self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def set(self, fault: Fault) -> None:
        self.fault = fault
        if fault is Fault.SILENT:
            self._healthy.clear()
        else:
            self._healthy.set()

    def tear(self) -> None:
        """Reset every connection, both ways, without a goodbye."""
        for pair in self._pairs:
            for writer in (pair.client, pair.server):
                _reset(writer)
        self._pairs.clear()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault is Fault.REFUSED:
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            _reset(writer)
            return
        pair = _Pair(writer, back)
        self._pairs.append(pair)
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        if pair in self._pairs:
            self._pairs.remove(pair)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK):
                if self.fault is Fault.SLOW:
                    await asyncio.sleep(self._delay_s)
                await self._healthy.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            pass  # Torn, by us or by an end: the other direction notices by itself.
        finally:
            sink.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: nothing that is still under way arrives."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
