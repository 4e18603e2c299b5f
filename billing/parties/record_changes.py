"""Who has changed what claims say of the practice, its payers and its practitioners: whoever did it
approves none of what comes of it for a locked month.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")


def fields_changed(before: Struct, after: Struct) -> list[str]:
    """By name."""
    return [
        name
        for name in after.__struct_fields__
        if getattr(before, name, None) != getattr(after, name)
    ]


async def note_record_change(
    conn: Connection,
    organisation_id: UUID,
    what: str,
    record_id: UUID | None,
    fields: list[str],
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """In the transaction of the change itself. Of nothing changed nothing is written."""
    if fields:
        await conn.execute(
            QUERIES["note record change"], organisation_id, what, record_id, fields, actor, now
        )
