"""The embedded database: made on first use, supervised, reached over a private socket only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Final

import asyncpg

from hearthbeat.embedded.account import account_for
from hearthbeat.embedded.binaries import Binaries, Preference, choose, find, major_of
from hearthbeat.embedded.cluster import (
    DATABASE,
    HERE,
    PORT,
    Cluster,
    forget_socket,
    make,
    refuse_foreign,
    url,
)
from hearthbeat.embedded.orphans import cleared
from hearthbeat.embedded.reach import reachable
from hearthbeat.errors import DatabaseStartError
from hearthbeat.program import Program
from hearthbeat.supervisor import Supervisor
from store.pool import UNREACHABLE

POLL_S: Final = 0.05
ANSWER_WITHIN_S: Final = 10.0
PROGRESS_EVERY_S: Final = 5.0
STOP_WITHIN_S: Final = 60.0
"""The last checkpoint of a busy database on a slow disk."""

SETTINGS: Final = {
    # A socket in the data directory, for its owner; no network at all.
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    # A receipt is a promise: nothing may be "committed" that a crash undoes.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_startup_progress_interval": "5s",
    "logging_collector": "off",
    "log_line_prefix": "",
    "log_checkpoints": "off",
    # A refused row would stand in the log with its values and whose they are.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedDatabase:
    """A database that is ready to be started."""

    program: Program
    url: str
    cluster: Cluster
    binaries: Binaries


def silent(_: str) -> None:
    """A notice that nobody reads."""


def prepare(
    home: Path, *, preference: Preference = "auto", notice: Callable[[str], None] = silent
) -> EmbeddedDatabase:
    """Find binaries, make the cluster if it is new. Blocks for about a second then.

    Raises BinariesMissing, DataDirectoryError, DatabaseStartError.
    """
    refuse_foreign(home)
    account = account_for(home)
    cluster = Cluster(home=home, account=account)
    chosen = choose(find(), major=major_of(cluster.data), preference=preference)
    binaries = reachable(chosen, account)
    make(cluster, binaries)

    async def before() -> None:
        await cleared(cluster, notice=notice)

    async def ready() -> None:
        await answering(cluster, notice=notice)

    async def after() -> None:
        forget_socket(cluster)

    program = Program(
        name="database",
        argv=(binaries.path("postgres"), "-D", HERE, *_options(cluster, binaries)),
        # PostgreSQL takes its messages' language and its time zone from here.
        environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        cwd=cluster.data,
        account=account,
        stop_signal=SIGINT,
        stop_within_s=STOP_WITHIN_S,
        before=before,
        ready=ready,
        after=after,
        ready_within_s=None,
    )
    return EmbeddedDatabase(program=program, url=url(cluster), cluster=cluster, binaries=binaries)


@asynccontextmanager
async def running(
    home: Path, *, preference: Preference = "auto"
) -> AsyncIterator[EmbeddedDatabase]:
    """A database that runs, and is kept running, while the block does."""
    database = await asyncio.to_thread(prepare, home, preference=preference)
    async with Supervisor(lines=lambda _, __: None, notice=silent) as supervisor:
        await supervisor.start(database.program)
        yield database


def _options(cluster: Cluster, binaries: Binaries) -> list[str]:
    settings = {**SETTINGS, "port": str(PORT), "cluster_name": cluster.name}
    del binaries
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


async def answering(cluster: Cluster, *, notice: Callable[[str], None]) -> None:
    """Until the server takes connections, however long its recovery from a crash takes."""
    loop = asyncio.get_running_loop()
    started = said = loop.time()
    while True:
        try:
            await _database_made(cluster)
        except UNREACHABLE:
            if loop.time() - said > PROGRESS_EVERY_S:
                said = loop.time()
                notice(
                    f"the database is still recovering ({said - started:.0f} s); nothing is lost"
                )
            await asyncio.sleep(POLL_S)
        except asyncpg.InvalidPasswordError as error:
            raise DatabaseStartError(
                f"the database does not take the secret in {cluster.home / 'secret'}"
            ) from error
        else:
            return


async def _database_made(cluster: Cluster) -> None:
    # After a crash asyncpg may find itself in the middle of a message, and wait for its end.
    async with asyncio.timeout(ANSWER_WITHIN_S):
        connection = await asyncpg.connect(url(cluster, database="postgres"))
        try:
            there = await connection.fetchval(
                "select 1 from pg_database where datname = $1", DATABASE
            )
            if not there:
                await connection.execute(f'create database "{DATABASE}"')
        finally:
            connection.terminate()
