"""Clinics and practices: everything else belongs to one of them."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "organisations.sql")


class Organisation(Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    time_zone: str
    created_at: dt.datetime


async def add_organisation(conn: Connection, *, name: str, time_zone: str = "UTC") -> Organisation:
    """Raises TakenError where the name is in use."""
    record = await conn.fetchrow(
        QUERIES["add"], fields.text("name", name), fields.time_zone("time_zone", time_zone)
    )
    if record is None:
        raise TakenError("name", f"there is an organisation {name!r} already")
    return Organisation(**record)


async def list_organisations(conn: Connection) -> list[Organisation]:
    """All that care for somebody: not the one that holds what unknown gateways send."""
    return [Organisation(**record) for record in await conn.fetch(QUERIES["list"])]


async def find_organisation(conn: Connection, name: str | None) -> Organisation:
    """By name; without a name, the only one there is."""
    found = [each for each in await list_organisations(conn) if name in (None, each.name)]
    if name is None and len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise InvalidError("organisation", f"say which of {names}")
    if not found:
        raise NotFoundError("organisation", f"there is none{f' named {name!r}' if name else ''}")
    return found[0]
