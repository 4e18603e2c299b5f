"""Time that falls into a month that is locked: refused in plain words, with the way out.

What was locked is never changed in silence. An entry that belongs there is written as a late one,
with a reason; the month then shows an adjustment that somebody else decides about.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from billing.months.calendar import months_between
from billing.months.sources import practice_zone
from billing.spans import Span
from care.errors import InvalidError
from store.pool import Connection
from store.queries import load

QUERIES = load("billing", "months.sql")


async def refuse_locked(
    conn: Connection,
    organisation_id: UUID,
    start: dt.datetime,
    end: dt.datetime,
    *,
    late: bool,
    reason: str,
) -> None:
    """Raises InvalidError where any of it lies in a locked month, unless it is said to be late."""
    said = await _locked(conn, organisation_id, start, end)
    if said is None:
        return
    if not late:
        raise InvalidError(
            "started_at",
            f"lies in {said}, which is locked for billing. It can be written as a late entry: say"
            " `late_for_locked_month` and give a reason. It becomes an adjustment of that month",
        )
    if not reason:
        raise InvalidError("reason", f"{said} is locked: say why this is written down now")


async def touches_locked(conn: Connection, organisation_id: UUID, spans: Sequence[Span]) -> bool:
    return await _locked(conn, organisation_id, spans[0][0], spans[-1][1]) is not None


async def _locked(
    conn: Connection, organisation_id: UUID, start: dt.datetime, end: dt.datetime
) -> str | None:
    """The first locked month that it touches, in words."""
    asked = months_between(start, end, await practice_zone(conn, organisation_id))
    names = {each.name: each.said for each in asked}
    rows = await conn.fetch(QUERIES["locked_months"], organisation_id, list(names))
    return names[rows[0]["month"]] if rows else None
