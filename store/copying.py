"""Large batches of new readings, by COPY: what waits in the broker after an outage."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Final

import asyncpg

from store.batch import Row
from store.layouts import KEY_COLUMNS, READING_COLUMNS, REQUEST_COLUMNS
from store.packing import UNPACKABLE, Memory, Parcel
from store.pool import Connection

_memory: Final = Memory()


async def copy(
    conn: Connection, rows: Sequence[Row], digests: Sequence[bytes], received_at: dt.datetime
) -> bool:
    """Store all rows with their keys and ask for their evaluation, or do nothing and return false.

    False: some id is known, some device, kind and instant is taken, or one of them comes twice; or
    a value fits into no column. The statements for smaller batches sort that out. The keys go
    first, so that a batch with a repeated reading in it has wasted little: about a tenth.
    """
    try:
        async with conn.transaction():
            parcel = Parcel(_memory, rows, received_at)
            await _copy(conn, "reading_keys", KEY_COLUMNS, parcel.keys(digests))
            await _copy(conn, "readings", READING_COLUMNS, parcel.readings())
            await _copy(conn, "evaluation_queue", REQUEST_COLUMNS, parcel.requests())
    except (asyncpg.UniqueViolationError, *UNPACKABLE):
        return False
    return True


async def _copy(conn: Connection, table: str, columns: Sequence[str], packed: bytes) -> None:
    await conn.copy_to_table(table, source=_whole(packed), columns=columns, format="binary")


async def _whole(packed: bytes) -> AsyncIterator[bytes]:
    """As asyncpg takes it without sending a file's reading to a thread."""
    yield packed
