"""Who changed what around a patient, when and why: written with each change, never altered."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from care.errors import NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "changes.sql")


class CareChange(Struct, frozen=True, kw_only=True):
    at: dt.datetime
    actor: UUID | None
    """None: somebody at the clinic's own machine, by a command."""
    username: str | None
    what: str
    """`plan set`, `team member added` …: a noun and what became of it."""
    reason: str
    facts: dict[str, Any]


async def note_change(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    what: str,
    *,
    actor: UUID | None,
    now: dt.datetime,
    reason: str = "",
    **facts: Any,
) -> None:
    """In the transaction of the change itself."""
    await conn.execute(
        QUERIES["note"],
        organisation_id,
        patient_id,
        now,
        actor,
        what,
        reason,
        msgspec.json.encode(facts).decode(),
    )


async def list_changes(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> list[CareChange]:
    """The latest first."""
    records = await conn.fetch(QUERIES["of_patient"], organisation_id, patient_id)
    return [
        CareChange(**{**record, "facts": msgspec.json.decode(record["facts"])})
        for record in records
    ]


async def lock_patient(conn: Connection, organisation_id: UUID, patient_id: UUID) -> None:
    """Nobody else changes what is around this patient until the transaction ends."""
    if await conn.fetchval(QUERIES["lock_patient"], organisation_id, patient_id) is None:
        raise NotFoundError("patient", f"there is no patient {patient_id}")
