"""Which organisation's rows a request may touch: its connection is set to it, and to nobody else's.

PostgreSQL holds the wall (docs/security.md): requests run as a role that owns nothing, under
policies that compare each row with the setting made here. A statement that forgets its WHERE
answers with its own organisation's rows; a connection that was set to none answers with none.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context, ContextVar
from enum import Enum
from typing import Final
from uuid import UUID

from structlog import get_logger

from store.pool import Connection, Pool, connect, open_pool

log = get_logger()

ROLE: Final = "hearthbeat_console"
SET: Final = "SELECT set_config('app.organisation', $1, false)"
MAY_BECOME: Final = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(oid, 'MEMBER'))
"""


class Whole(Enum):
    """Not one organisation: sign-in, before it is known whose somebody is."""

    HOUSE = "house"


Scope = UUID | Whole

_WITHIN: Final[ContextVar[Scope | None]] = ContextVar("within", default=None)


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """What is done inside is done for this organisation. Doors say it, and nobody else."""
    token = _WITHIN.set(scope)
    try:
        yield
    finally:
        _WITHIN.reset(token)


def scope() -> Scope:
    """Raises where no door has been passed: whoever asks then has no business with rows."""
    found = _WITHIN.get()
    if found is None:
        raise RuntimeError("rows are asked for outside of any door")
    return found


def going_on(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """An answer that is sent after the door has closed behind its handler: each piece of it is
    fetched within what the door has said, and nothing else is.
    """
    whose = scope()

    async def each() -> AsyncIterator[bytes]:
        while True:
            with within(whose):
                piece = await anext(pieces, None)
            if piece is None:
                return
            yield piece

    return each()


def beside() -> Context:
    """For a task that goes on when its request is answered: within what the door has said; it
    has nothing else of the request.
    """
    found = Context()
    found.run(_WITHIN.set, scope())
    return found


@asynccontextmanager
async def set_to(
    pool: Pool, organisation_id: UUID, *, timeout_s: float
) -> AsyncIterator[Connection]:
    """A connection that stands for one organisation. It stands for none when it is given back:
    asyncpg's reset forgets the setting, and the next use begins with its own.
    """
    async with pool.acquire(timeout=timeout_s) as conn:
        await conn.execute(SET, str(organisation_id))
        yield conn


async def open_requests(dsn: str, *, max_size: int = 8) -> Pool:
    """The pool of requests, as the role that row level security holds for."""
    name = "hearthbeat console requests"
    conn = await connect(dsn, application_name=name)
    try:
        allowed = await conn.fetchval(MAY_BECOME, ROLE)
    finally:
        await conn.close()
    if not allowed:
        log.warning("row level security is not in force", why=f"no right to the role {ROLE}")
    role = ROLE if allowed else None
    return await open_pool(dsn, application_name=name, min_size=0, max_size=max_size, role=role)
