"""What the handlers of the API work with, kept in the application under one key."""

import asyncio
import datetime as dt
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from aiohttp import web
from structlog import get_logger

from care.directory import Directory
from care.snapshot import Snapshot
from care.snapshot import read as read_directory
from console.access import Caller
from console.audit_lately import Lately
from console.errors import Unavailable
from console.settings import ConsoleSettings
from console.tenancy import Whole, scope, set_to
from ingest.committer import Committer
from observe.redaction import described
from store.errors import StoreError
from store.pool import UNREACHABLE, Connection, Pool

log = get_logger()

ACQUIRE_TIMEOUT_S: Final = 5.0
RETRY_AFTER_S: Final = 5
REPORTS_KEPT: Final = 100


_HELD: Final[ContextVar[Connection | None]] = ContextVar("held", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Shared by all requests of a process."""

    settings: ConsoleSettings
    pool: Pool
    """Of the house: it sees every organisation. Handlers do not use it."""
    requests: Pool
    """As the role that sees the rows of one organisation."""
    directory: Directory
    committer: Committer
    clock: Callable[[], dt.datetime]
    turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )
    """Who is signing in now; kept only while somebody is, or waits to."""

    lately: Lately = field(default_factory=OrderedDict)
    """What the audit log has been told of open pages."""
    reports: deque[bytes] = field(default_factory=lambda: deque(maxlen=REPORTS_KEPT))
    """What browsers said that our policy has stopped, the latest ones."""

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for one request, on which there is the caller's organisation and no other;
        raises Unavailable while the database is away.

        Within `transaction` it is that one's connection: all that the request does is one thing.
        What fails inside of this block is undone, and the rest of the transaction goes on.
        """
        if (held := _HELD.get()) is not None:
            async with held.transaction():
                yield held
            return
        whose = scope()
        if whose is Whole.HOUSE:
            async with self.house() as conn:
                yield conn
            return
        async with (
            _told(self.requests),
            set_to(self.requests, whose, timeout_s=ACQUIRE_TIMEOUT_S) as conn,
        ):
            yield conn

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction around everything that this request does through `connection`."""
        async with self.connection() as conn, conn.transaction():
            token = _HELD.set(conn)
            try:
                yield conn
            finally:
                _HELD.reset(token)

    @asynccontextmanager
    async def house(self) -> AsyncIterator[Connection]:
        """A connection that sees every organisation, for what comes before anybody is known: who
        a session is. Only named places use it (tests/unit/console/test_contracts_of_rows.py).
        """
        async with _told(self.pool), self.pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as conn:
            yield conn

    async def newest_directory(self) -> Snapshot:
        """As it is this moment, where a second is too old: who is who, of every organisation."""
        async with self.house() as conn:
            return await read_directory(conn)


@asynccontextmanager
async def _told(pool: Pool) -> AsyncIterator[None]:
    """Why nobody can be answered: to them in short, to the log of the process as it is."""
    try:
        yield
    except (*UNREACHABLE, StoreError) as error:
        if isinstance(error, TimeoutError) and _all_in_use(pool):
            most = pool.get_max_size()
            log.warning("no connection was free in time", within_s=ACQUIRE_TIMEOUT_S, of=most)
            raise Unavailable("too many ask at once", retry_after_s=RETRY_AFTER_S) from error
        log.warning("a request found the database away", why=described(error))
        raise Unavailable("the database is away", retry_after_s=RETRY_AFTER_S) from error


def _all_in_use(pool: Pool) -> bool:
    """Whoever had to wait waited for others, not for the database."""
    return pool.get_idle_size() == 0 and pool.get_size() >= pool.get_max_size()


PARTS: Final = web.AppKey("parts", Parts)
REQUEST_ID: Final = web.RequestKey("request id", str)
CALLER: Final = web.RequestKey("caller", Caller)
SESSION_TOKEN: Final = web.RequestKey("session token", str)
"""What the caller's cookie holds; not there for those who come with a bearer token."""
SOURCE: Final = web.RequestKey("source", str)
"""The id of the hub whose key opened the door."""
