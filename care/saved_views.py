"""Filters of the queue under a name: somebody's own, or shown to everybody in the clinic."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care.errors import InvalidError, NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "queue.sql")
NAME_MOST: Final = 40
VIEWS_MOST: Final = 30
"""More would not fit above a list."""


class SavedView(Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    query: str
    shared: bool
    user_id: UUID
    owner: str


async def list_views(conn: Connection, organisation_id: UUID, user_id: UUID) -> list[SavedView]:
    """One's own first, then those that colleagues share."""
    found = await conn.fetch(QUERIES["views"], organisation_id, user_id)
    return [SavedView(**dict(record)) for record in found]


async def keep_view(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    *,
    name: str,
    query: str,
    shared: bool,
    now: dt.datetime,
) -> UUID:
    """Under a name that one has used already, in its place. Raises InvalidError."""
    plain = " ".join(name.split())
    if not plain or len(plain) > NAME_MOST or not plain.isprintable():
        raise InvalidError("name", f"needs 1 to {NAME_MOST} characters")
    if not query:
        raise InvalidError("query", "shows everything: there is nothing to keep")
    if await conn.fetchval(QUERIES["count views"], organisation_id, user_id) >= VIEWS_MOST:
        raise InvalidError("name", f"you keep {VIEWS_MOST} already: remove one first")
    kept: UUID = await conn.fetchval(
        QUERIES["keep view"], organisation_id, user_id, plain, query, shared, now
    )
    return kept


async def remove_view(
    conn: Connection, organisation_id: UUID, user_id: UUID, view_id: UUID
) -> None:
    """Only one's own. Raises NotFoundError."""
    if await conn.fetchval(QUERIES["remove view"], organisation_id, user_id, view_id) is None:
        raise NotFoundError("view", "there is no such filter of yours")
