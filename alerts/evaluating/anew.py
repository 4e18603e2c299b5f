"""Asking for patients to be judged again from an instant on: after a doubt, for a proof."""

import datetime as dt
from typing import Final
from uuid import UUID

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("alerts", "anew.sql")


async def judge_anew(
    conn: Connection, organisation_id: UUID, *, patient_id: UUID | None, since: dt.datetime
) -> int:
    """Queue one patient, or all of the organisation with a plan; how many.

    The alerts stay as they are where readings and plans still say the same.
    """
    rows = await conn.fetch(QUERIES["queue"], organisation_id, patient_id, since)
    return len(rows)


async def still_queued(conn: Connection, organisation_id: UUID) -> int:
    """How many rows of the organisation wait to be evaluated."""
    found: int = await conn.fetchval(QUERIES["waiting"], organisation_id)
    return found
