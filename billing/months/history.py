"""Everything that ever became of a line."""

from uuid import UUID

import msgspec

from billing.months.records import Status
from billing.months.standing import QUERIES
from billing.months.views import LineEvent
from care.errors import NotFoundError
from store.pool import Connection


async def events_of(conn: Connection, organisation_id: UUID, line_id: UUID) -> list[LineEvent]:
    """As they happened."""
    await patient_of_line(conn, organisation_id, line_id)
    return [
        LineEvent(
            at=row["at"],
            actor=row["actor"],
            actor_name=row["actor_name"],
            was=None if row["was"] is None else Status(row["was"]),
            status=Status(row["status"]),
            reason=row["reason"],
            content=row["content"],
            facts=msgspec.json.decode(row["facts"]),
        )
        for row in await conn.fetch(QUERIES["events"], organisation_id, line_id)
    ]


async def patient_of_line(conn: Connection, organisation_id: UUID, line_id: UUID) -> UUID:
    """Whose it is. Raises NotFoundError."""
    found: UUID | None = await conn.fetchval(QUERIES["whose"], organisation_id, line_id)
    if found is None:
        raise NotFoundError("line", "there is no such line")
    return found
