"""Connections that only wait, over real sockets: hung up on, or not let in."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from observe.doorway import Limits
from observe.health import serving

SLACK_S = 15.0
"""Of a busy machine; what drips would go on for longer."""
"""For a machine that has other things to do."""
LARGE = 50_000_000
"""Bytes: more than the kernel buffers."""


async def _slow(_: web.Request) -> web.Response:
    await asyncio.sleep(1.5)
    return web.Response(text="done")


async def _refused(_: web.Request) -> web.Response:
    """Answers without reading the body."""
    return web.Response(status=401)


async def _read(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


ASKED = web.AppKey("asked", asyncio.Event)


async def _large(request: web.Request) -> web.Response:
    request.app[ASKED].set()
    return web.Response(body=b"x" * LARGE)


@asynccontextmanager
async def served(limits: Limits, *, asked: asyncio.Event | None = None) -> AsyncIterator[int]:
    app = web.Application()
    app[ASKED] = asked or asyncio.Event()
    app.router.add_get("/slow", _slow)
    app.router.add_post("/refused", _refused)
    app.router.add_post("/read", _read)
    app.router.add_get("/large", _large)
    async with serving(app, host="127.0.0.1", port=0, limits=limits) as port:
        yield port


class Client:
    """A peer that says as much as it wants to, when it wants to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, text: str) -> None:
        self._writer.write(text.encode())

    def take_nothing(self) -> None:
        transport = self._writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()

    def take_again(self) -> None:
        transport = self._writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.resume_reading()

    async def until_hung_up(self) -> tuple[float, bytes]:
        """How long it took, and what was said before."""
        began = time.monotonic()
        said = bytearray()
        try:
            async with asyncio.timeout(60):
                while part := await self._reader.read(100_000):
                    said += part
        except ConnectionError:
            pass
        return time.monotonic() - began, bytes(said)

    async def answer(self) -> bytes:
        """Up to the end of the headers."""
        async with asyncio.timeout(20):
            return await self._reader.readuntil(b"\r\n\r\n")

    async def drip(self, text: str, *, every_s: float) -> None:
        """One character after the other, until nobody listens."""
        for character in text:
            if self._writer.is_closing():
                return
            self.say(character)
            await asyncio.sleep(every_s)

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


Connect = Callable[[int], Awaitable[Client]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    made: list[Client] = []

    async def to(port: int) -> Client:
        made.append(Client(*await asyncio.open_connection("127.0.0.1", port)))
        return made[-1]

    yield to
    for client in made:
        await client.close()


async def test_a_connection_that_asks_nothing_is_hung_up_on(connect: Connect) -> None:
    async with served(Limits(idle_s=0.5)) as port:
        silent = await connect(port)
        took, said = await silent.until_hung_up()
    assert 0.3 < took < 0.5 + SLACK_S
    assert said == b""


async def test_headers_that_drip_are_not_waited_for(connect: Connect) -> None:
    async with served(Limits(idle_s=0.6)) as port:
        dripping = await connect(port)
        dripping.say("GET /slow HTTP/1.1\r\n")
        drips = asyncio.create_task(dripping.drip("X-Drop: " + "a" * 500, every_s=0.05))
        took, said = await dripping.until_hung_up()
        drips.cancel()
        await asyncio.wait([drips])
    assert took < 0.6 + SLACK_S
    assert said == b""


async def test_headers_that_drip_behind_an_answer_are_not_waited_for_either(
    connect: Connect,
) -> None:
    async with served(Limits(idle_s=0.6)) as port:
        client = await connect(port)
        client.say("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
        assert b" 200 " in await client.answer()
        drips = asyncio.create_task(
            client.drip("GET /slow HTTP/1.1\r\nX-Drop: " + "a" * 500, every_s=0.1)
        )
        took, _ = await client.until_hung_up()
        drips.cancel()
        await asyncio.wait([drips])
    assert took < 0.6 + SLACK_S


async def test_the_rest_of_a_body_that_nobody_reads_is_not_waited_for(connect: Connect) -> None:
    async with served(Limits(unread_s=0.5)) as port:
        client = await connect(port)
        client.say("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        drips = asyncio.create_task(client.drip("a" * 500, every_s=0.05))
        took, said = await client.until_hung_up()
        drips.cancel()
        await asyncio.wait([drips])
    assert b" 401 " in said
    assert took < 0.5 + SLACK_S


async def test_somebody_who_takes_none_of_a_large_answer_is_hung_up_on(connect: Connect) -> None:
    asked = asyncio.Event()
    async with served(Limits(unsent_s=0.5), asked=asked) as port:
        client = await connect(port)
        client.take_nothing()
        client.say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await asked.wait()
        await asyncio.sleep(1.5)
        client.take_again()
        _, said = await client.until_hung_up()
    assert 0 < len(said) < LARGE


async def test_a_large_answer_that_is_taken_arrives_whole(connect: Connect) -> None:
    async with served(Limits(unsent_s=2, idle_s=0.5)) as port:
        client = await connect(port)
        client.say("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        _, said = await client.until_hung_up()
    assert len(said) > LARGE


async def test_a_request_that_is_being_answered_is_not_hung_up_on(connect: Connect) -> None:
    async with served(Limits(idle_s=0.3)) as port:
        client = await connect(port)
        client.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in await client.answer()


async def test_one_peer_holds_only_so_many_connections(connect: Connect) -> None:
    async with served(Limits(most_per_peer=3, not_counted=())) as port:
        held = [await connect(port) for _ in range(3)]
        await asyncio.sleep(0.1)
        turned_away = await connect(port)
        took, said = await turned_away.until_hung_up()
        assert said.startswith(b"HTTP/1.1 503 ")
        assert took < SLACK_S
        await held.pop().close()
        await asyncio.sleep(0.1)
        let_in = await connect(port)
        let_in.say("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
        assert b" 200 " in await let_in.answer()


@pytest.mark.parametrize("most", [2, 3])
async def test_all_together_hold_only_so_many_and_a_proxy_too(connect: Connect, most: int) -> None:
    async with served(Limits(most=most, most_per_peer=1)) as port:
        held = [await connect(port) for _ in range(most)]
        await asyncio.sleep(0.1)
        held[-1].say("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
        assert b" 200 " in await held[-1].answer()
        turned_away = await connect(port)
        _, said = await turned_away.until_hung_up()
        assert said.startswith(b"HTTP/1.1 503 ")
