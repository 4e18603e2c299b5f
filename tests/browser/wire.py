"""A wire between a browser and the console that can be cut, and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Wire:
    """Carries bytes both ways while it is whole; cut, it drops what it carries and takes none."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._whole = True
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        self._whole = False
        for each in list(self._open):
            each.transport.abort()

    def mend(self) -> None:
        self._whole = True

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._open |= {writer, there_writer}
        try:
            await asyncio.gather(_pipe(reader, there_writer), _pipe(there_reader, writer))
        finally:
            self._open -= {writer, there_writer}


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(64 * 1024):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wired(port: int) -> AsyncIterator[tuple[Wire, int]]:
    """The wire, and the port at which it begins."""
    wire = Wire(port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    try:
        yield wire, int(server.sockets[0].getsockname()[1])
    finally:
        wire.cut()
        server.close()
