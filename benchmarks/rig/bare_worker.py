"""Our ingest worker held to what the peers do: one table, one key, no receipts, no requests.

Arguments: port, id, DSN. For comparison only; the product has no such way. It still judges each
reading and makes the digest of its key, though neither is stored. What comes again is left out.
"""

import asyncio
import sys
from typing import Final

import asyncpg
from typing_extensions import override

from benchmarks.rig.worker import main
from ingest import process
from ingest.batch import Batch, Landed
from ingest.committer import Committer
from store.copying import copy_packed, packed
from store.layouts import READING_COLUMNS
from store.pool import Connection
from wire.intake import Intake

TABLE: Final = "bare_readings"
CREATE: Final = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (LIKE readings INCLUDING DEFAULTS, PRIMARY KEY (id))
"""
ASIDE: Final = "CREATE TEMP TABLE aside (LIKE readings INCLUDING DEFAULTS) ON COMMIT DROP"
NEW: Final = f"INSERT INTO {TABLE} SELECT * FROM aside ON CONFLICT DO NOTHING"  # noqa: S608 (ours)


class Silent(Intake):
    """Sends no receipts."""

    @override
    def publish_soon(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        return True


class OneTable(Committer):
    """Stores readings by their id and nothing else."""

    @override
    async def _land(self, conn: Connection, batch: Batch) -> Landed:
        parcel = packed(batch.rows, batch.received_at) if batch.rows else None
        if parcel is not None:
            try:
                await copy_packed(conn, TABLE, READING_COLUMNS, parcel.readings)
            except asyncpg.UniqueViolationError:
                async with conn.transaction():
                    await conn.execute(ASIDE)
                    await copy_packed(conn, "aside", READING_COLUMNS, parcel.readings)
                    await conn.execute(NEW)
        return Landed(batch.rows, (), (), {}, ())


if __name__ == "__main__":
    vars(process)[Committer.__name__] = OneTable
    asyncio.run(main(*sys.argv[1:4], consumer=Silent))
