"""Puts a batch into the database: one transaction, or as many as its bad rows make necessary."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from msgspec.json import Encoder
from structlog import get_logger

from ingest import dead_letters, health_rows, udi_rows
from ingest.batch import Batch, Landed
from ingest.dead_letters import Letter
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.reasons import Refusal
from ingest.trouble import RAISED_BY_DATABASE, condemns, rule_broken
from observe.redaction import described
from store import durability
from store.batch import Outcome, Row
from store.commit_batch import commit
from store.pool import Connection, Pool
from wire import topics

log = get_logger()

ACQUIRE_TIMEOUT_S: Final = 10.0

# Rows have been read by the strict codec: what they give back is what it read.
_encode: Final = Encoder().encode


class Committer:
    """The only writer of readings. Shared by the worker and by HTTP.

    Nothing is committed, so nothing receipted, before the database has said that it would survive
    a crash: at the start, and again whenever it has been away.
    """

    def __init__(self, pool: Pool, *, allow_unsafe: bool = False) -> None:
        self._pool = pool
        self._allow_unsafe = allow_unsafe
        self._proven = allow_unsafe
        self.trouble: str | None = "not connected yet"
        """Why nothing can be committed now, for the readiness page; None when it can."""

    async def commit(self, batch: Batch) -> Landed:
        """Store everything in the batch. Raises DatabaseAway or UnsafeDatabase, having stored
        either nothing, or what will come out as duplicates the next time.
        """
        async with self._proven_connection() as conn:
            landed = await self._land(conn, batch)
            letters = [*batch.letters, *_letters(landed)]
            await dead_letters.keep(conn, letters, now=batch.received_at)
            await _hear(conn, batch)
        return landed

    async def check(self) -> None:
        """Ask the database again whether it is safe, as at the start. Raises as `commit`."""
        self._proven = self._allow_unsafe
        async with self._proven_connection():
            pass

    @asynccontextmanager
    async def _proven_connection(self) -> AsyncIterator[Connection]:
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as conn:
                await self._prove(conn)
                yield conn
        except RAISED_BY_DATABASE as error:
            self._proven = self._allow_unsafe
            self.trouble = f"the database cannot take readings: {described(error)}"
            raise DatabaseAway(described(error)) from error
        self.trouble = None

    async def _prove(self, conn: Connection) -> None:
        if self._proven:
            return
        if problems := await durability.check(conn):
            self.trouble = "the database is not crash-safe: " + "; ".join(problems)
            raise UnsafeDatabase(problems)
        self._proven = True

    async def _land(self, conn: Connection, batch: Batch) -> Landed:
        if not (batch.rows or batch.also_received):
            return Landed((), (), (), {}, ())
        try:
            outcome = await commit(
                conn,
                batch.rows,
                received_at=batch.received_at,
                also_received=batch.also_received,
            )
        except RAISED_BY_DATABASE as error:
            if not condemns(error) or not batch.rows:
                raise
            return await self._bisect(conn, batch, error)
        return Landed(outcome.stored, outcome.duplicates, outcome.reused, outcome.conflicts, ())

    async def _bisect(self, conn: Connection, batch: Batch, error: Exception) -> Landed:
        """Halve until each bad row stands alone: 99 go in, and the hundredth is told apart."""
        outcomes: list[Outcome] = []
        bad: list[tuple[Row, str]] = []
        waiting: list[tuple[Sequence[Row], Exception]] = [(batch.rows, error)]
        while waiting:
            rows, why = waiting.pop()
            if len(rows) == 1:
                bad.append((rows[0], rule_broken(why)))
                continue
            middle = len(rows) // 2
            for half in (rows[:middle], rows[middle:]):
                try:
                    outcomes.append(await commit(conn, half, received_at=batch.received_at))
                except RAISED_BY_DATABASE as raised:
                    if not condemns(raised):
                        raise
                    waiting.append((half, raised))
        seqs = [(row.gateway_id, row.reading.seq) for row, _ in bad if row.reading.seq is not None]
        await commit(
            conn, (), received_at=batch.received_at, also_received=[*batch.also_received, *seqs]
        )
        log.error("the database refuses readings", refused=len(bad), of=len(batch.rows))
        return Landed(
            [row for outcome in outcomes for row in outcome.stored],
            [row for outcome in outcomes for row in outcome.duplicates],
            [row for outcome in outcomes for row in outcome.reused],
            {reading: rival for one in outcomes for reading, rival in one.conflicts.items()},
            bad,
        )


async def _hear(conn: Connection, batch: Batch) -> None:
    """A status is no reading: one that can't be stored must not hold up those that can."""
    try:
        await health_rows.keep(conn, batch.said, now=batch.received_at)
        await udi_rows.keep(conn, batch.said, now=batch.received_at)
    except RAISED_BY_DATABASE as error:
        if not condemns(error):
            raise
        log.exception("status messages could not be stored", count=len(batch.said))


def _letters(landed: Landed) -> list[Letter]:
    """Readings that have no row, kept as they came."""
    reused = [
        _letter(row, Refusal.ID_REUSED, "another reading already has this id", "/readings/0/id")
        for row in landed.reused
    ]
    bad = [_letter(row, Refusal.UNSTORABLE, rule, "/readings/0") for row, rule in landed.bad]
    return reused + bad


def _letter(row: Row, refusal: Refusal, why: str, pointer: str) -> Letter:
    return Letter(
        topic=topics.readings(row.gateway_id),
        payload=_encode(row.reading),
        error=f"{refusal}: {why}",
        pointer=pointer,
        gateway=row.gateway_id,
        organisation=row.organisation_id,
    )
