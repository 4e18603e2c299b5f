"""Large batches of readings, by COPY: what a gateway brings after an outage."""

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import asyncpg

from store.batch import Row
from store.columns import COLUMNS, columns
from store.pool import Connection

QUEUE_COLUMNS: Final = (
    "organisation_id",
    "reading_id",
    "measured_at",
    "patient_id",
    "kind",
    "attribution",
)


async def copy(conn: Connection, rows: Sequence[Row], received_at: dt.datetime) -> bool:
    """Store all rows and ask for their evaluation, or do neither and return false.

    False: some device, kind and instant is taken, or is claimed twice among the rows.
    """
    # In the order of the key, as insert_readings does: see store.commit_batch. Its first column
    # is enough where a device's clock moves on, and costs a third of the whole.
    ordered = sorted(rows, key=attrgetter("reading.measured_at"))
    try:
        async with conn.transaction():
            await _copy_readings(conn, ordered, received_at)
    except asyncpg.UniqueViolationError:
        return False
    await conn.copy_records_to_table(
        "evaluation_queue",
        records=[_request(row) for row in ordered],
        columns=QUEUE_COLUMNS,
    )
    return True


async def _copy_readings(conn: Connection, rows: Sequence[Row], received_at: dt.datetime) -> None:
    present = {
        name: column
        for name, column in zip(COLUMNS, columns(rows), strict=True)
        if column is not None
    }
    if "flags" in present:
        present["flags"] = [row.reading.flags + row.marks for row in rows]
    present["received_at"] = [received_at] * len(rows)
    await conn.copy_records_to_table(
        "readings", records=zip(*present.values(), strict=True), columns=list(present)
    )


def _request(row: Row) -> tuple[Any, ...]:
    reading = row.reading
    return (
        row.organisation_id,
        reading.id,
        reading.measured_at,
        row.patient_id,
        reading.kind,
        row.attribution,
    )
