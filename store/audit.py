"""The audit log in the database: what a row says, how it is hashed, and adding one to its chain."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from msgspec import Struct

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("store", "audit.sql")


class Row(Protocol):
    """One of the table, by column."""

    def __getitem__(self, name: str, /) -> Any: ...


BEGINNING: Final = bytes(32)
"""What stands for the hash before the first row of a chain."""


class Entry(Struct, frozen=True, kw_only=True):
    """What somebody did, or was refused. Nothing in it is a measurement, a name of a patient, or
    what somebody has typed, except a `reason` that was given to be kept.
    """

    at: dt.datetime
    via: str
    actor: UUID | None
    actor_name: str
    """As then, and so is the role: people are renamed, and change what they are."""
    actor_role: str
    action: str
    """In plain words, after the actor's name: "opened the chart of"."""
    route: str
    outcome: str
    status: int | None = None
    patients: Sequence[UUID] = ()
    object_kind: str | None = None
    object_id: str | None = None
    reason: str | None = None
    address: str | None = None
    request_id: str | None = None
    detail: Mapping[str, Any] = {}


async def append(conn: Connection, organisation_id: UUID, entry: Entry) -> int:
    """To the end of an organisation's chain, as the owner of the tables; its position."""
    return int(await conn.fetchval(QUERIES["append"], organisation_id, _encoded(entry)))


async def note(conn: Connection, entry: Entry) -> int:
    """As `append`, for the organisation that a request's connection stands for."""
    return int(await conn.fetchval(QUERIES["note"], _encoded(entry)))


def _encoded(entry: Entry) -> str:
    return msgspec.json.encode(entry).decode()


def hash_of(row: Row) -> bytes:
    """What the hash of a row of the table has to be; the same as `audit_hash` in SQL."""
    return hashlib.sha256(row["previous"] + "".join(map(_part, _parts(row))).encode()).digest()


def _parts(row: Row) -> tuple[Any, ...]:
    return (
        row["organisation_id"],
        row["position"],
        row["at"].astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        row["via"],
        row["actor"],
        row["actor_name"],
        row["actor_role"],
        row["action"],
        row["route"],
        row["outcome"],
        row["status"],
        ",".join(map(str, row["patients"])),
        row["object_kind"],
        row["object_id"],
        row["reason"],
        row["address"],
        row["request_id"],
        row["detail"],
    )


def _part(value: object) -> str:
    if value is None:
        return "-"
    text = str(value)
    return f"{len(text.encode())}:{text}"
