"""Readings that are kept and do not count: listed for those who can say whose they are."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from store.pool import Connection
from store.queries import load
from store.schema import UNCLAIMED

QUERIES: Final = load("ingest", "quarantine.sql")


class Held(Struct, frozen=True, kw_only=True):
    """One reading that is held back, without its values."""

    id: UUID
    gateway_id: str
    device: str
    kind: str
    measured_at: dt.datetime
    received_at: dt.datetime
    attribution: str
    reason: str | None
    conflict_with: UUID | None
    seen_at: dt.datetime | None = None
    """When somebody said that nothing more is to be done about it."""
    seen_by: str | None = None
    seen_note: str | None = None


async def held(
    conn: Connection,
    organisations: Sequence[UUID],
    *,
    before: tuple[dt.datetime, UUID] | None = None,
    reason: str | None = None,
    limit: int = 100,
    seen: bool | None = None,
) -> list[Held]:
    """The latest first; `before` is the place of the last one shown: (received_at, id). `seen`:
    only what somebody has dealt with, or only what nobody has.
    """
    at, row = before or (None, None)
    records = await conn.fetch(QUERIES["held"], organisations, at, row, reason, limit, seen)
    return [Held(**record) for record in records]


async def waiting(conn: Connection, organisations: Sequence[UUID]) -> int:
    """How many nobody has dealt with."""
    return int(await conn.fetchval(QUERIES["waiting"], organisations))


async def organisations_seen_by(conn: Connection, organisation: UUID) -> list[UUID]:
    """Its own, and what nobody has claimed where it is the only one there is."""
    alone: bool = await conn.fetchval(QUERIES["is_alone"])
    return [organisation, UNCLAIMED] if alone else [organisation]
