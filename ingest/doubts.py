"""Readings that no name makes good: somebody has seen them, and nothing more is to be done.

The reading stays as it is and counts for nobody. What is said holds as long as it is held back for
the same reason, and is taken back by saying so; both stay on record.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from care.errors import InvalidError, NotFoundError
from care.reassignment import ABOUT_WHOM
from ingest.quarantine import organisations_seen_by
from store.pool import Connection
from store.queries import load
from store.schema import DOUBT_NOTE_MAX

QUERIES: Final = load("ingest", "quarantine.sql")
HELD_BACK: Final = frozenset({"ambiguous", "quarantined"})


def refusal(attribution: str, reason: str | None) -> str | None:
    """Why this reading is not one to be seen and left; None where it is."""
    if attribution not in HELD_BACK or reason is None:
        return "is not held back"
    if reason in ABOUT_WHOM:
        return "needs an owner: say whose it is, or that it is nobody's"
    return None


async def mark(
    conn: Connection,
    organisation_id: UUID,
    reading_id: UUID,
    *,
    seen: bool,
    note: str = "",
    actor: UUID,
    now: dt.datetime,
) -> bool:
    """Seen, or not seen after all; said again it changes nothing, and the answer is False.

    Raises NotFoundError, and InvalidError for a reading that is not one of these.
    """
    said = " ".join(note.split())
    if len(said) > DOUBT_NOTE_MAX:
        raise InvalidError("note", f"has at most {DOUBT_NOTE_MAX} characters")
    if not said.isprintable():
        raise InvalidError("note", "holds a character that cannot be printed")
    those = await organisations_seen_by(conn, organisation_id)
    async with conn.transaction():
        row = await conn.fetchrow(QUERIES["one"], those, reading_id)
        if row is None:
            raise NotFoundError("reading", "there is no such reading")
        if (why := refusal(row["attribution"], row["reason"])) is not None:
            raise InvalidError("reading", why)
        held_for = row["reason"]
        if seen == await conn.fetchval(QUERIES["is_seen"], organisation_id, reading_id, held_for):
            return False
        await conn.execute(
            QUERIES["mark"], organisation_id, reading_id, row["measured_at"], held_for, seen,
            said, actor, now,
        )  # fmt: skip
    return True
