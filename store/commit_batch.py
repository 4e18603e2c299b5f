"""Commits a batch of readings: keys, readings, evaluation queue and progress in one transaction.

Locks are taken in one order everywhere (keys by id, readings by instant, progress by gateway), so
that workers who hold the same readings wait for each other instead of deadlocking.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

import asyncpg
from structlog import get_logger

from store.batch import Outcome, Row
from store.caution import Caution
from store.claims import instant_of, settle
from store.columns import columns
from store.copying import copy, packed
from store.digest import digest
from store.pool import Connection
from store.progress import multirange
from store.queries import load

log = get_logger()

QUERIES: Final = load("store", "readings.sql")

COPY_FROM_ROWS: Final = 500
"""From here on COPY is faster; below, its round trips cost more."""
CAUTION: Final = Caution()


async def commit(
    conn: Connection,
    rows: Sequence[Row],
    *,
    received_at: dt.datetime,
    also_received: Iterable[tuple[str, int]] = (),
) -> Outcome:
    """All of the batch or none of it, in a transaction of its own; see `write`."""
    if len(rows) >= COPY_FROM_ROWS and not await _looks_known(conn, rows):
        outcome = await _copied(conn, rows, received_at, also_received)
        if outcome is not None:
            return outcome
    async with conn.transaction():
        return await write(conn, rows, received_at=received_at, also_received=also_received)


async def _looks_known(conn: Connection, rows: Sequence[Row]) -> bool:
    """Whether some of it comes again. False proves nothing: COPY finds out what was overlooked."""
    again = len({row.reading.id.int for row in rows}) < len(rows)
    if not again and CAUTION.looks_first:
        again = await conn.fetchval(QUERIES["any_known"], [row.reading.id for row in rows])
    if again:
        CAUTION.seen_again()
    return again


async def _copied(
    conn: Connection,
    rows: Sequence[Row],
    received_at: dt.datetime,
    also_received: Iterable[tuple[str, int]],
) -> Outcome | None:
    """None where that cannot be done, and nothing was."""
    parcel = packed(rows, received_at)
    if parcel is None:
        return None
    try:
        async with conn.transaction():
            await copy(conn, parcel)
            await _merge_progress(conn, rows, also_received, received_at)
    except asyncpg.UniqueViolationError:
        # Something is known or contested. The keys went first, so little has been wasted.
        log.debug("copying was refused: sorting out", rows=len(rows))
        CAUTION.seen_again()
        return None
    CAUTION.all_new(len(rows))
    return Outcome(stored=list(rows), duplicates=[], reused=[], conflicts={})


async def write(
    conn: Connection,
    rows: Sequence[Row],
    *,
    received_at: dt.datetime,
    also_received: Iterable[tuple[str, int]] = (),
) -> Outcome:
    """Write a batch inside the caller's transaction.

    `also_received` are outbox numbers (gateway, seq) of readings that go to the dead letters:
    they arrived, and must not look missing.
    """
    digests = [digest(row.reading) for row in rows]
    sorted_out = await _insert_keys(conn, rows, digests, received_at)
    conflicts = await _insert_readings(conn, sorted_out.stored, received_at)
    await _merge_progress(conn, rows, also_received, received_at)
    return Outcome(
        stored=sorted_out.stored,
        duplicates=sorted_out.duplicates,
        reused=sorted_out.reused,
        conflicts=conflicts,
    )


async def _insert_keys(
    conn: Connection, rows: Sequence[Row], digests: Sequence[bytes], received_at: dt.datetime
) -> Outcome:
    """Sort rows into new, repeated and reused by what their ids already stand for."""
    first: dict[UUID, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.reading.id, place)
    places = list(first.values())
    records = await conn.fetch(
        QUERIES["insert_keys"],
        received_at,
        list(first),
        [rows[place].reading.measured_at for place in places],
        [digests[place] for place in places],
    )
    if len(records) == len(rows):
        return Outcome(stored=list(rows), duplicates=[], reused=[], conflicts={})
    new = {record["id"] for record in records}
    known = {id_: digests[place] for id_, place in first.items() if id_ in new}
    old = [id_ for id_ in first if id_ not in new]
    for record in await conn.fetch(QUERIES["known_digests"], old):
        known[record["id"]] = record["digest"]
    return _sort(rows, digests, first, new, known)


def _sort(
    rows: Sequence[Row],
    digests: Sequence[bytes],
    first: dict[UUID, int],
    new: set[UUID],
    known: dict[UUID, bytes],
) -> Outcome:
    outcome = Outcome(stored=[], duplicates=[], reused=[], conflicts={})
    for place, row in enumerate(rows):
        id_ = row.reading.id
        if id_ in new and first[id_] == place:
            outcome.stored.append(row)
        elif known[id_] == digests[place]:
            outcome.duplicates.append(row)
        else:
            outcome.reused.append(row)
    return outcome


async def _insert_readings(
    conn: Connection, rows: list[Row], received_at: dt.datetime
) -> dict[UUID, UUID]:
    """Insert new readings; the ones that conflict, and with which."""
    if not rows:
        return {}
    if len({instant_of(row) for row in rows}) < len(rows):
        # Sorting by the key would leave it to chance which of two equals came first.
        return await settle(conn, rows, received_at)
    status = await conn.execute(QUERIES["insert_readings"], received_at, *columns(rows))
    contested = status != f"INSERT 0 {len(rows)}"
    return await settle(conn, rows, received_at) if contested else {}


async def _merge_progress(
    conn: Connection,
    rows: Sequence[Row],
    also_received: Iterable[tuple[str, int]],
    received_at: dt.datetime,
) -> None:
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        seq = row.reading.seq
        if seq is not None:
            numbers[row.standing.gateway_id].append(seq)
    for gateway, seq in also_received:
        numbers[gateway].append(seq)
    if numbers:
        await conn.execute(
            QUERIES["merge_progress"],
            received_at,
            list(numbers),
            [multirange(received) for received in numbers.values()],
        )
