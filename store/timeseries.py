"""Which engine keeps the time-series tables: TimescaleDB's hypertables or native partitions."""

from enum import StrEnum
from typing import Final

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("store", "timeseries.sql")

TIME_COLUMN: Final = {"readings": "measured_at", "gateway_health": "at"}
"""The time-series tables and what each is cut by."""


class Engine(StrEnum):
    """What cuts the time-series tables into pieces."""

    TIMESCALE = "timescaledb"
    NATIVE = "native partitions"


async def engine(conn: Connection) -> Engine:
    """The engine of a migrated database: what `readings` is, not what is installed."""
    partitioned = await conn.fetchval(QUERIES["is_partitioned"], "readings")
    return Engine.NATIVE if partitioned else Engine.TIMESCALE


async def install_extension(conn: Connection) -> bool:
    """Create TimescaleDB where this server offers it and this user may; true where it is there.

    Without its library preloaded, CREATE EXTENSION would end the connection: so that is looked
    at first. A user who may not see the preloaded libraries may not create it either, and finds
    it ready-made where a provider offers it.
    """
    if await conn.fetchval(QUERIES["is_installed"]):
        return True
    if not await conn.fetchval(QUERIES["is_creatable"]):
        return False
    await conn.execute(QUERIES["install"])
    return True
