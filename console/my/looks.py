"""Who looked at a record, as its patient may read it: a line for each person, day and purpose."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from store.pool import Connection
from store.schema import ROLES

READ: Final = "GET "
LOOKING: Final = frozenset(
    {
        "POST /billing/months/{month}/exports",
        "POST /billing/{month}/exports",
        "POST /billing/{month}/search",
        "POST /invitation/{code}",
        "POST /limits/dry-run",
        "POST /patients/search",
        "POST /patients/{id}/limits/try",
        "POST /queue",
        "POST /timers",
        "POST /timers/{id}/beat",
        "POST /timers/{id}/discard",
        "POST /timers/{id}/pause",
        "POST /timers/{id}/stop",
    }
)
"""Posted, and yet nothing of the record is another: a search, a try, the clock of an open chart."""
COMMANDS: Final = "hearthbeat "
"""How a route begins that is no page: somebody at the server, by a name that says nothing here."""
READING_COMMANDS: Final = frozenset(
    {
        "hearthbeat billing adjustments",
        "hearthbeat billing export",
        "hearthbeat billing review",
        "hearthbeat billing verify",
    }
)
ROWS: Final = 2000
SHOWN: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    name: str
    """Empty for a machine of the clinic's, and for whoever types commands there."""
    role: str | None
    at: dt.datetime
    """The last time of that day."""
    changed: bool


async def looks(
    conn: Connection,
    statement: str,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    but: UUID,
    zone: ZoneInfo,
) -> list[Look]:
    """`but`: whoever asks, who knows what they did."""
    rows = await conn.fetch(statement, organisation_id, patient_id, but, ROWS)
    return told(map(dict, rows), zone=zone)


def told(rows: Iterable[Mapping[str, Any]], *, zone: ZoneInfo) -> list[Look]:
    """Newest first; what a page fetches again and again is one look."""
    found: dict[tuple[object, ...], Look] = {}
    for row in rows:
        route = row["route"]
        changed = not (route.startswith(READ) or route in LOOKING or route in READING_COMMANDS)
        name = "" if route.startswith(COMMANDS) else row["actor_name"]
        day = row["at"].astimezone(zone).date()
        found.setdefault(
            (row["actor"], name, day, changed),
            Look(
                name=name,
                role=row["actor_role"] if row["actor_role"] in ROLES else None,
                at=row["at"],
                changed=changed,
            ),
        )
    return list(found.values())[:SHOWN]
