"""A pool whose connection dies in the middle of somebody's work."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from store.pool import Connection, Pool

ASKS = frozenset({"execute", "fetch", "fetchrow", "fetchval"})


class Crash(ConnectionResetError):  # noqa: N818 - reads as what it says
    """What a process that dies leaves to its database: a connection that ends."""


class _Dying:
    """A connection that answers so many statements, and then none."""

    def __init__(self, conn: Connection, *, answers: int, kill: bool) -> None:
        self._conn = conn
        self._left = answers
        self._kill = kill

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._conn, name)
        return self._asked(found) if name in ASKS else found

    def _asked(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        async def asked(*arguments: Any, **options: Any) -> Any:
            if self._left <= 0 and self._kill:
                # The backend ends as if it had been killed: what asyncpg raises then is real.
                await self._conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            if self._left <= 0:
                raise Crash
            self._left -= 1
            return await ask(*arguments, **options)

        return asked


class DyingPool:
    """Lends one connection of a pool: `answers` statements until it dies."""

    def __init__(self, pool: Pool, *, answers: int, kill: bool) -> None:
        self._pool = pool
        self._answers = answers
        self._kill = kill

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[_Dying]:
        async with self._pool.acquire() as conn:
            yield _Dying(conn, answers=self._answers, kill=self._kill)

    def acquire(self) -> Any:
        return self._lent()


def dying(pool: Pool, *, answers: int, kill: bool) -> Pool:
    return cast("Pool", DyingPool(pool, answers=answers, kill=kill))
