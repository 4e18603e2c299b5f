"""Large batches of new readings, by COPY: what waits in the broker after an outage."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from store.batch import Row
from store.layouts import KEY_COLUMNS, READING_COLUMNS, REQUEST_COLUMNS
from store.packing import UNPACKABLE, Memory, Parcel
from store.pool import Connection

_memory: Final = Memory()


def packed(rows: Sequence[Row], received_at: dt.datetime) -> Parcel | None:
    """None where a value fits into no column: the ordinary statements say which."""
    try:
        return Parcel(_memory, rows, received_at)
    except UNPACKABLE:
        return None


async def copy(conn: Connection, parcel: Parcel) -> None:
    """Store all rows with their keys and ask for their evaluation, inside the caller's transaction.

    Raises asyncpg.UniqueViolationError where an id is known or comes twice, or where an instant of
    a device is claimed twice; the keys go first to find out early.
    """
    await copy_packed(conn, "reading_keys", KEY_COLUMNS, parcel.keys)
    await copy_packed(conn, "readings", READING_COLUMNS, parcel.readings)
    await copy_packed(conn, "evaluation_queue", REQUEST_COLUMNS, parcel.requests)


async def copy_packed(conn: Connection, table: str, columns: Sequence[str], packed: bytes) -> None:
    """One table's share of a parcel."""
    # As a view, asyncpg takes it as it is (its stubs don't know): bytes it would take for a file's
    # path, and for each item of an iterator it would make two tasks.
    source: Any = memoryview(packed)
    await conn.copy_to_table(table, source=source, columns=columns, format="binary")
