"""The asyncpg pool: connections with time limits, in UTC, named after their program."""

import socket
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from store.errors import AccessRefusedError, StoreError, UnavailableError

if TYPE_CHECKING:  # asyncpg's classes are generic in their stubs only.
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection | PoolConnectionProxy

CONNECT_TIMEOUT_S: Final = 10.0
COMMAND_TIMEOUT_S: Final = 30.0
"""A frozen server must not hold a worker for ever: the broker keeps the readings meanwhile."""

UNREACHABLE: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    # Seen after a kill -9 of the server: the protocol is left in the middle of a message.
    asyncpg.InternalClientError,
)
"""What asyncpg raises when the database is away, restarting or frozen: wait, then try again."""

REFUSALS: Final = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)

_ADDRESS: Final = "its address, database.url (HB_DATABASE_URL), cannot be read"
UNREADABLE: Final = (asyncpg.ClientConfigurationError, ValueError)
"""The address itself: an odd port raises int()'s own error."""

_WORDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (asyncpg.ClientConfigurationError, _ADDRESS),
    (ValueError, _ADDRESS),
    (socket.gaierror, "no host of that name is known: look at database.url (HB_DATABASE_URL)"),
    (ConnectionRefusedError, "nothing answers there: is it running?"),
    (FileNotFoundError, "there is no such socket: is it running?"),
    (PermissionError, "this user may not use its socket"),
    (TimeoutError, f"no answer within {CONNECT_TIMEOUT_S:g} s"),
)

SETTINGS: Final = {
    "timezone": "UTC",
    # Compiling a plan costs more than running any statement of ours, and a table of many
    # partitions looks expensive enough to the planner to try it.
    "jit": "off",
    # A client that died between two statements must not hold its row locks for long.
    "idle_in_transaction_session_timeout": "60s",
}


async def open_pool(
    dsn: str,
    *,
    application_name: str,
    min_size: int = 1,
    max_size: int = 8,
    command_timeout_s: float = COMMAND_TIMEOUT_S,
    statement_cache_size: int = 100,
    role: str | None = None,
) -> Pool:
    """Connect; raises UnavailableError where nobody answers. `role` is whose rights its connections
    have, if not those of who signs in; asyncpg's reset between two uses leaves it as it is.

    Behind PgBouncer in transaction mode: before 1.21, or without `max_prepared_statements`, use
    `statement_cache_size=0`; and let it `ignore_startup_parameters` of SETTINGS.
    """
    try:
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=command_timeout_s,
            statement_cache_size=statement_cache_size,
            init=None if role is None else _as_role(role),
            server_settings={"application_name": application_name, **SETTINGS},
        )
    except (*REFUSALS, *UNREACHABLE, *UNREADABLE) as error:
        raise _said(error) from error


async def connect(dsn: str, *, application_name: str, **options: Any) -> Connection:
    """One connection outside of any pool: for LISTEN, migrations and commands."""
    try:
        connection: Connection = await asyncpg.connect(
            dsn,
            timeout=CONNECT_TIMEOUT_S,
            server_settings={"application_name": application_name, **SETTINGS},
            **options,
        )
    except (*REFUSALS, *UNREACHABLE, *UNREADABLE) as error:
        raise _said(error) from error
    return connection


def _as_role(role: str) -> Callable[[Any], Coroutine[Any, Any, None]]:
    async def become(connection: Connection) -> None:
        await connection.execute("SELECT set_config('role', $1, false)", role)

    return become


def _said(error: Exception) -> StoreError:
    """In words, with what to look at; never the address, in which there may be a password."""
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return AccessRefusedError(
            f"the server has no such database: {error}. Correct the name at the end of "
            "database.url (HB_DATABASE_URL), or make it, as with createdb"
        )
    if isinstance(error, REFUSALS):
        return AccessRefusedError(f"the database does not let us in: {error}")
    return UnavailableError(f"cannot reach the database: {_why(error)}")


def _why(error: Exception) -> str:
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), None)
    if words is not None:
        return words
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
