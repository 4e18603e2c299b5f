"""Walks every chain of the audit log each hour, and writes down how far it had come.

A line in the log of the process for each chain, and one in a file where the settings name one:
whoever keeps either somewhere else can show later that no end was cut off.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct
from structlog import get_logger

from ingest.trouble import RAISED_BY_DATABASE
from observe.redaction import described
from store.audit_chain import Checkpoint, Verdict, chains, checkpoints_now, verify
from store.audit_checkpoints import append, read
from store.errors import CheckpointFileError
from store.pool import Connection, Pool

log = get_logger()

EVERY_S: Final = 3600.0
FIRST_AFTER_S: Final = 20.0
"""Not while everything starts."""


class Walked(Struct, frozen=True, kw_only=True):
    """When a chain was looked at, and what came of it."""

    at: dt.datetime
    verdict: Verdict


class AuditWatch:
    """What is known of the chains in this process."""

    def __init__(
        self, pool: Pool, *, clock: Callable[[], dt.datetime], file: Path | None = None
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._file = file
        self.walked: dict[UUID, Walked] = {}

    async def run(self) -> None:
        """For ever; survives any absence of the database, and a full disk."""
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            try:
                async with self._pool.acquire() as conn:
                    await self.look(conn)
            except (*RAISED_BY_DATABASE, CheckpointFileError) as error:
                log.warning("the audit log could not be looked at", why=described(error))
            await asyncio.sleep(EVERY_S)

    async def look(self, conn: Connection) -> None:
        """Once, at all of them."""
        kept = self._kept()
        for whose in sorted({*await chains(conn), *(each.organisation for each in kept)}):
            await self.look_at(conn, whose, kept)
        made = await checkpoints_now(conn, now=self._clock())
        sound = [each for each in made if self._is_sound(each.organisation)]
        for each in sound:
            log.info(
                "audit checkpoint", organisation=str(each.organisation), rows=each.size,
                hash=each.hash,
            )  # fmt: skip
        if self._file is not None:
            append(self._file, sound)

    async def look_at(
        self, conn: Connection, organisation_id: UUID, kept: list[Checkpoint] | None = None
    ) -> Walked:
        """At one of them now."""
        verdict = await verify(conn, organisation_id, self._kept() if kept is None else kept)
        found = self.walked[organisation_id] = Walked(at=self._clock(), verdict=verdict)
        if verdict.fault is not None:
            log.error(
                "the audit log is not as it was written",
                organisation=str(organisation_id),
                row=verdict.fault.position,
                what=verdict.fault.what,
            )
        return found

    def _is_sound(self, organisation_id: UUID) -> bool:
        found = self.walked.get(organisation_id)
        return found is not None and found.verdict.sound

    def _kept(self) -> list[Checkpoint]:
        if self._file is None or not self._file.exists():
            return []
        return read(self._file)


WATCH: Final = web.AppKey("audit watch", AuditWatch)


@asynccontextmanager
async def watching(watch: AuditWatch) -> AsyncIterator[None]:
    """`watch` runs inside."""
    task = asyncio.create_task(watch.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
