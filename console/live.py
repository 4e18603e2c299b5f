"""Changes of alerts as they happen, to whoever has the console open.

One connection listens for the whole process. What is sent is what the history says, so a reader
that was away asks for what came after the last event it saw, and loses nothing.
"""

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final, TypeAlias
from uuid import UUID

from aiohttp import web
from asyncpg import Record
from msgspec import Struct
from structlog import get_logger

from console.errors import TooManyRequests
from observe.redaction import described
from store.errors import StoreError
from store.pool import UNREACHABLE, Connection, Pool
from store.queries import load

log = get_logger()

QUERIES: Final = load("console", "alerts.sql")
CLAIMS: Final = load("console", "queue.sql")["looking everywhere"]
CHANNEL: Final = "hearthbeat_alerts"
LOOK_BACK: Final = 200
POLL_S: Final = 2.0
"""The longest that a change stays unseen when a notification is lost."""
RETRY_S: Final = 1.0
READERS_EACH: Final = 12
"""Pages that one person may have open: more than a browser opens of one address."""
RETRY_AFTER_S: Final = 60
MOVED_WITHIN: Final = dt.timedelta(minutes=5)
"""A row is written with its evaluation's own time, and seen when that is committed."""
EVENTS_MOST: Final = 1000
"""That one query answers."""
WAITING_MOST: Final = 500
"""Events that one reader may leave unread; one that is slower is told to load the list anew."""


class LiveEvent(Struct, frozen=True, kw_only=True):
    """One change of one alert. `id` is its place in the history."""

    id: int
    organisation_id: UUID
    alert_id: UUID
    version: int
    at: dt.datetime
    event: str
    state: str
    severity: str
    lane: str
    patient_id: UUID | None
    subject_kind: str
    subject: str


class Looking(Struct, frozen=True, kw_only=True):
    """Somebody looks at a row of the queue, or has claimed it."""

    user: UUID
    name: str
    subject_kind: str
    subject: str


Lookers: TypeAlias = tuple[Looking, ...]
"""All of a clinic at once: whoever is not in it looks no longer."""


class Moved(Struct, frozen=True, kw_only=True):
    """The numbers of a row of the queue follow a further reading; its history has nothing new."""

    subject_kind: str
    subject: str


class Reader:
    """What one open page has still to be told."""

    def __init__(self, organisation_id: UUID, user_id: UUID) -> None:
        self.organisation_id = organisation_id
        self.user_id = user_id
        self.missed = False
        self.over = False
        """The console stops: the page finds another, or the same one later."""
        self._looking: Lookers | None = None
        self._waiting: deque[LiveEvent | Moved] = deque()
        self._there = asyncio.Event()

    def tell(self, event: LiveEvent | Moved) -> None:
        if len(self._waiting) >= WAITING_MOST:
            self._waiting.clear()
            self.missed = True
        self._waiting.append(event)
        self._there.set()

    def tell_looking(self, looking: Lookers) -> None:
        """Only who looks now is worth telling."""
        self._looking = looking
        self._there.set()

    def let_go(self) -> None:
        self.over = True
        self._there.set()

    async def next(self, *, within_s: float) -> LiveEvent | Moved | Lookers | None:
        """The next event, or who looks where; None when the time, or all of it, is over."""
        try:
            async with asyncio.timeout(within_s):
                while not self._waiting and self._looking is None and not self.over:
                    self._there.clear()
                    await self._there.wait()
        except TimeoutError:
            return None
        if self._waiting:
            return self._waiting.popleft()
        looking, self._looking = self._looking, None
        return looking


class Live:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._readers: set[Reader] = set()
        self._wake = asyncio.Event()
        self._last: int | None = None
        self._seen: set[int] = set()
        self._looking: dict[UUID, Lookers] = {}
        self._written: dict[UUID, dt.datetime] = {}
        """When the rows of standing alerts were written, of the last while."""

    @contextmanager
    def reading(self, organisation_id: UUID, user_id: UUID) -> Iterator[Reader]:
        """Only this organisation's changes, from now on. Raises TooManyRequests."""
        if sum(each.user_id == user_id for each in self._readers) >= READERS_EACH:
            raise TooManyRequests(
                f"at most {READERS_EACH} pages of one person are told of changes",
                retry_after_s=RETRY_AFTER_S,
            )
        reader = Reader(organisation_id, user_id)
        reader.tell_looking(self._looking.get(organisation_id, ()))
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    def let_go(self) -> None:
        """Every page: a console that stops would wait for them."""
        for reader in self._readers:
            reader.let_go()

    async def since(
        self, conn: Connection, organisation_id: UUID, last: int
    ) -> list[LiveEvent] | None:
        """What a reader that comes back has missed; None where it is too much to be told.

        Of all clinics together: what a full answer leaves out may be this one's.
        """
        rows = await conn.fetch(QUERIES["events_since"], last)
        if len(rows) >= EVENTS_MOST:
            return None
        return [LiveEvent(**dict(row)) for row in rows if row["organisation_id"] == organisation_id]

    async def run(self) -> None:
        """For ever; survives any absence of the database."""
        while True:
            try:
                async with self._pool.acquire() as conn:
                    await self._listen(conn)
            except (StoreError, *UNREACHABLE) as error:
                log.warning("changes are not heard", why=described(error))
            await asyncio.sleep(RETRY_S)

    async def _listen(self, conn: Connection) -> None:
        def woken(*_: object) -> None:
            self._wake.set()

        await conn.add_listener(CHANNEL, woken)
        try:
            if self._last is None:
                await self._begin(conn)
            while not conn.is_closed():
                self._wake.clear()
                told = await self._spread(conn)
                await self._spread_moved(conn, told)
                await self._spread_looking(conn)
                await self._pause()
        finally:
            if not conn.is_closed():
                await conn.remove_listener(CHANNEL, woken)

    async def _begin(self, conn: Connection) -> None:
        """What is there already is no news."""
        self._last = await conn.fetchval(QUERIES["newest_event"])
        self._seen = {event.id for event in await self._latest(conn)}
        self._written = {row["id"]: row["updated_at"] for row in await self._moved(conn)}

    async def _spread(self, conn: Connection) -> set[UUID]:
        """Answers of which alerts."""
        told = set()
        for event in await self._latest(conn):
            if event.id in self._seen:
                continue
            self._seen.add(event.id)
            self._last = max(self._last or 0, event.id)
            told.add(event.alert_id)
            for reader in self._readers:
                if reader.organisation_id == event.organisation_id:
                    reader.tell(event)
        floor = (self._last or 0) - 2 * LOOK_BACK
        self._seen = {each for each in self._seen if each > floor}
        return told

    async def _spread_moved(self, conn: Connection, told: set[UUID]) -> None:
        """Those of which an event has told already are fetched anew for that."""
        rows = await self._moved(conn)
        for row in rows:
            if row["id"] in told or self._written.get(row["id"]) == row["updated_at"]:
                continue
            moved = Moved(subject_kind=row["subject_kind"], subject=row["subject"])
            for reader in self._readers:
                if reader.organisation_id == row["organisation_id"]:
                    reader.tell(moved)
        self._written = {row["id"]: row["updated_at"] for row in rows}

    async def _moved(self, conn: Connection) -> list[Record]:
        since = dt.datetime.now(dt.UTC) - MOVED_WITHIN
        return await conn.fetch(QUERIES["moved_since"], since)

    async def _spread_looking(self, conn: Connection) -> None:
        """The table holds as many rows as there are people at work: it is read whole."""
        found: dict[UUID, Lookers] = {}
        for row in await conn.fetch(CLAIMS):
            whose, *rest = row.values()
            looking = Looking(
                **dict(zip(("user", "name", "subject_kind", "subject"), rest, strict=True))
            )
            found[whose] = (*found.get(whose, ()), looking)
        before, self._looking = self._looking, found
        for reader in self._readers:
            now = found.get(reader.organisation_id, ())
            if now != before.get(reader.organisation_id, ()):
                reader.tell_looking(now)

    async def _latest(self, conn: Connection) -> list[LiveEvent]:
        rows = await conn.fetch(QUERIES["events_since"], max((self._last or 0) - LOOK_BACK, 0))
        return [LiveEvent(**dict(row)) for row in rows]

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._wake.wait()
        except TimeoutError:
            return


LIVE: Final = web.AppKey("live", Live)


@asynccontextmanager
async def listening(live: Live) -> AsyncIterator[None]:
    """`live` runs inside."""
    task = asyncio.create_task(live.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
