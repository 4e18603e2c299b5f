"""Who answers for a programme in a clinic: its clinical lead, by name, for one version of it."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.programmes import find_programme
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "sign_offs.sql")


class SignOff(Struct, frozen=True, kw_only=True):
    programme: str
    version: int
    lead: str
    note: str
    username: str | None
    """Who recorded it."""
    at: dt.datetime


async def sign_off(
    conn: Connection,
    organisation_id: UUID,
    *,
    programme: str,
    version: int,
    lead: str,
    note: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> SignOff:
    """It holds for this version only, and is never taken off the record. The same once more changes
    nothing.
    """
    who = fields.text("lead", lead)
    remark = fields.text("note", note, needed=False)
    known = await find_programme(conn, programme, version)
    async with conn.transaction():
        await conn.execute(QUERIES["lock"], organisation_id)
        held = (await list_sign_offs(conn, organisation_id)).get(known.key)
        if held is not None and (held.lead, held.note) == (who, remark):
            return held
        await conn.execute(
            QUERIES["add"], organisation_id, *known.key, known.digest, who, remark, actor, now
        )
        return (await list_sign_offs(conn, organisation_id))[known.key]


async def list_sign_offs(conn: Connection, organisation_id: UUID) -> dict[tuple[str, int], SignOff]:
    """The last one of every version, by programme and version."""
    records = await conn.fetch(QUERIES["list"], organisation_id)
    return {(each["programme"], each["version"]): SignOff(**each) for each in records}


async def in_use(conn: Connection, organisation_id: UUID) -> dict[tuple[str, int], int]:
    """How many patients of this clinic have a plan of each version that holds, or will."""
    records = await conn.fetch(QUERIES["in_use"], organisation_id)
    return {(each["programme"], each["programme_version"]): each["patients"] for each in records}
