"""Many pages that follow the stream of changes, as browsers do, in one process."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.rig.console import HOST, Console
from benchmarks.rig.practice import Nurse

EVENT: Final = re.compile(rb"^id: (\d+)$", re.MULTILINE)
BEAT: Final = b"event: beat"
ASK: Final = (
    "GET /api/v1/alerts/stream?last={last} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"
)
THERE_WITHIN_S: Final = 60.0


class Listener:
    """One page: when it heard of which event, in milliseconds of the clock on the wall."""

    def __init__(self) -> None:
        self.heard: dict[int, float] = {}
        self.there = asyncio.Event()
        self.lost = False

    async def follow(self, console: Console, nurse: Nurse, last: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, console.port)
        ask = ASK.format(last=last, host=f"{HOST}:{console.port}", cookie=nurse.cookie["Cookie"])
        writer.write(ask.encode())
        rest = b""
        try:
            while chunk := await reader.read(64 * 1024):
                now = time.time() * 1e3
                whole, _, rest = (rest + chunk).rpartition(b"\n")
                for found in EVENT.findall(whole.replace(b"\r", b"")):
                    self.heard.setdefault(int(found), now)
                if BEAT in whole:
                    self.there.set()
        finally:
            self.lost = True
            writer.close()


@asynccontextmanager
async def listening(
    console: Console, nurses: Sequence[Nurse], *, last: int
) -> AsyncIterator[list[Listener]]:
    """Each has had its first beat."""
    listeners = [Listener() for _ in nurses]
    tasks = [
        asyncio.create_task(listener.follow(console, nurse, last))
        for listener, nurse in zip(listeners, nurses, strict=True)
    ]
    try:
        async with asyncio.timeout(THERE_WITHIN_S):
            for listener in listeners:
                await listener.there.wait()
        yield listeners
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
