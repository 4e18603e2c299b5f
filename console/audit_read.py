"""The audit log as people read it: filtered, paged, and in sentences."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "audit.sql")
KINDS: Final = ("reads", "opened", "listed", "changes", "sign-ins", "refused", "commands")
NAMED_MOST: Final = 3
"""Patients that a sentence names; of more it says how many."""


class Filter(Struct, frozen=True, kw_only=True):
    """What of the log is wanted; None: whatever it is."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    actor: UUID | None = None
    patient: UUID | None = None
    action: str | None = None
    """A part of the words, or the whole of a route: `GET /patients/{id}`."""
    kind: str | None = None
    """One of KINDS."""


class AuditRow(Struct, frozen=True, kw_only=True):
    """One thing that was done, or refused."""

    position: int
    """In the chain of the organisation, from 1 on, without a gap."""
    at: dt.datetime
    via: str
    """`page`, `api`, `command` or `system`."""
    actor: UUID | None
    actor_name: str
    actor_role: str
    action: str
    route: str
    outcome: str
    """`done`, `refused` or `failed`."""
    status: int | None
    patients: list[UUID]
    object_kind: str | None
    object_id: str | None
    reason: str | None
    address: str | None
    request_id: str | None
    detail: dict[str, Any]
    hash: str
    """SHA-256 of the row and of the one before it."""
    username: str | None
    """What they sign in with, now: everybody chooses how others see them, and two may choose alike.
    Not part of the row."""


class Known(Struct, frozen=True, kw_only=True):
    """A patient by name."""

    id: UUID
    mrn: str
    given_name: str
    family_name: str


async def read(
    conn: Connection, organisation_id: UUID, wanted: Filter, *, before: int | None, limit: int
) -> list[AuditRow]:
    """The latest first."""
    rows = await conn.fetch(
        QUERIES["page"],
        organisation_id,
        wanted.since,
        wanted.until,
        wanted.actor,
        wanted.patient,
        wanted.action,
        wanted.kind,
        before,
        limit,
    )
    return [AuditRow(**{**row, "detail": msgspec.json.decode(row["detail"])}) for row in rows]


async def known(
    conn: Connection, organisation_id: UUID, rows: Iterable[AuditRow]
) -> dict[UUID, Known]:
    """The patients that sentences name."""
    wanted = {each for row in rows for each in row.patients[:NAMED_MOST]}
    found = await conn.fetch(QUERIES["patients"], organisation_id, sorted(wanted))
    return {row["id"]: Known(**row) for row in found}


def who(row: AuditRow) -> str:
    return f"{row.actor_name} ({row.actor_role})" if row.actor_role else row.actor_name


def account(row: AuditRow) -> str:
    """Beside the name where that says something else."""
    return "" if row.username is None or row.username == row.actor_name else row.username


def what(row: AuditRow) -> str:
    """After the name: what was done, or was not."""
    if row.outcome == "refused" and row.action != "tried to sign in":
        return f"was refused: {row.action}"
    if row.outcome == "failed":
        return f"tried, and it was not done: {row.action}"
    return row.action


def whom(row: AuditRow, names: Mapping[UUID, Known]) -> Sequence[str]:
    """Each patient in words, or how many."""
    if len(row.patients) > NAMED_MOST:
        return (f"{len(row.patients):,} patients",)
    return tuple(_named(each, names) for each in row.patients)


def _named(patient: UUID, names: Mapping[UUID, Known]) -> str:
    found = names.get(patient)
    if found is None:
        return f"patient {patient}"
    return f"MRN {found.mrn}, {found.given_name} {found.family_name}"
