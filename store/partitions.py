"""Monthly partitions: made ahead of time and, only where somebody asks, dropped when old.

TimescaleDB makes its own chunks; there, `ensure` finds nothing to do.
"""

import datetime as dt
from typing import Final, cast

from structlog import get_logger

from store.pool import Connection
from store.queries import load
from store.timeseries import TIME_COLUMN, Engine, engine

log = get_logger()

QUERIES: Final = load("store", "partitions.sql")

MONTHS_AHEAD: Final = 3
MONTHS_BACK: Final = 1
"""An outbox may bring last month's readings; what is older goes to the default partition."""


def partition_name(table: str, month: dt.date) -> str:
    return f"{table}_y{month:%Y}m{month:%m}"


def months_around(now: dt.datetime) -> list[dt.date]:
    """First days (UTC) of the months that should have a partition at `now`."""
    this = now.astimezone(dt.UTC).date()
    counted = [this.year * 12 + this.month - 1 + by for by in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]
    return [dt.date(count // 12, count % 12 + 1, 1) for count in counted]


async def ensure(conn: Connection, now: dt.datetime) -> list[str]:
    """Make the partitions that should exist and do not; their names.

    Safe to call at any time and from several replicas at once. Each month is one transaction, in
    which readings that came before their partition move into it: none is ever out of sight.
    """
    if await engine(conn) is Engine.TIMESCALE:
        return []
    made = [
        partition_name(table, month)
        for table in TIME_COLUMN
        for month in months_around(now)
        if await _make(conn, table, month)
    ]
    if made:
        log.info("partitions made", partitions=made)
    return made


async def _make(conn: Connection, table: str, month: dt.date) -> bool:
    name = partition_name(table, month)
    if await conn.fetchval(QUERIES["exists"], name):
        return False
    async with conn.transaction():
        await conn.execute(QUERIES["lock"])
        # Another replica may have made it while this one waited for the lock.
        if await conn.fetchval(QUERIES["exists"], name):
            return False
        await _run(conn, "statements_to_make", table, TIME_COLUMN[table], month)
    return True


async def drop_older(conn: Connection, table: str, *, before: dt.datetime) -> None:
    """Delete what is older than `before`: nothing calls this but a retention rule someone set.

    TimescaleDB and native months alike go in whole pieces: some rows a little older may stay.
    The keys of dropped readings stay, so that none comes back as new.
    """
    async with conn.transaction():
        await conn.execute(QUERIES["lock"])
        if await engine(conn) is Engine.TIMESCALE:
            await conn.execute(QUERIES["drop_chunks"], table, before)
        else:
            await _run(conn, "statements_to_drop", table, TIME_COLUMN[table], before)
    log.warning("old rows dropped", table=table, before=before.isoformat())


async def _run(conn: Connection, query: str, *arguments: object) -> None:
    """Run the statements that the server itself wrote and quoted."""
    for record in await conn.fetch(QUERIES[query], *arguments):
        await conn.execute(cast("str", record[0]))
