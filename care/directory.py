"""The directory that keeps itself fresh: told of changes by LISTEN, and asking now and then."""

import asyncio
from collections.abc import Callable
from typing import Final

from structlog import get_logger

from care.snapshot import QUERIES, Snapshot, read
from store.errors import UnavailableError
from store.pool import UNREACHABLE, Pool, connect

log = get_logger()

CHANNEL: Final = "hearthbeat_directory"
"""Triggers on the directory's tables notify it when a change is committed."""

POLL_S: Final = 5.0
"""The longest that a change may go unseen when a notification is lost."""


class Directory:
    """Holds the newest snapshot. `refresh` once before use; `run` keeps it fresh.

    While the database is away the last snapshot goes on answering.
    """

    def __init__(self, pool: Pool, *, dsn: str, poll_s: float = POLL_S) -> None:
        self.snapshot: Snapshot = Snapshot()
        self._pool = pool
        self._dsn = dsn
        self._poll_s = poll_s
        self._fingerprint: str | None = None
        self._wake = asyncio.Event()
        self._watchers: list[Callable[[Snapshot], None]] = []

    def watch(self, told: Callable[[Snapshot], None]) -> None:
        """Call `told` with each new snapshot from now on: gateways' device lists follow it."""
        self._watchers.append(told)

    async def refresh(self) -> bool:
        """Read the directory if it changed; whether it did. Raises what asyncpg raises."""
        async with self._pool.acquire() as conn:
            # Asked before reading: a change between the two is read twice, never missed.
            fingerprint = await conn.fetchval(QUERIES["fingerprint"])
            if fingerprint == self._fingerprint:
                return False
            self.snapshot = await read(conn)
        self._fingerprint = fingerprint
        for told in self._watchers:
            told(self.snapshot)
        return True

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the snapshot fresh until `stop`; survives any absence of the database."""
        stopping = asyncio.create_task(self._wake_at(stop))
        try:
            while not stop.is_set():
                try:
                    await self._listen(stop)
                except (UnavailableError, *UNREACHABLE) as error:
                    log.warning("directory not fresh", error=type(error).__name__)
                    await self._pause()
        finally:
            stopping.cancel()

    async def _listen(self, stop: asyncio.Event) -> None:
        conn = await connect(self._dsn, application_name="hearthbeat directory")
        try:
            await conn.add_listener(CHANNEL, lambda *_: self._wake.set())
            while not stop.is_set():
                self._wake.clear()
                await self.refresh()
                await self._pause()
                if conn.is_closed():
                    return
        finally:
            await conn.close(timeout=1)

    async def _pause(self) -> None:
        """Until something changed, or the time is up, or the end has come."""
        try:
            async with asyncio.timeout(self._poll_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()
