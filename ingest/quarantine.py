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


async def held(
    conn: Connection,
    organisations: Sequence[UUID],
    *,
    before: tuple[dt.datetime, UUID] | None = None,
    reason: str | None = None,
    limit: int = 100,
) -> list[Held]:
    """The latest first; `before` is the place of the last one seen: (received_at, id)."""
    at, row = before or (None, None)
    records = await conn.fetch(QUERIES["held"], organisations, at, row, reason, limit)
    return [Held(**record) for record in records]


async def organisations_seen_by(conn: Connection, organisation: UUID) -> list[UUID]:
    """Its own, and what nobody has claimed where it is the only one there is."""
    alone: bool = await conn.fetchval(QUERIES["is_alone"])
    return [organisation, UNCLAIMED] if alone else [organisation]
