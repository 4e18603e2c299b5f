"""What one shift tells the next: written once, kept for good, and read by name."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from care.errors import InvalidError, NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "queue.sql")
TEXT_LEAST: Final = 3
TEXT_MOST: Final = 4000
LONGEST_SHIFT: Final = dt.timedelta(hours=12)


class HandOver(Struct, frozen=True, kw_only=True):
    id: UUID
    author_id: UUID
    author: str
    written_at: dt.datetime
    since: dt.datetime
    text: str
    facts: dict[str, Any]
    """What was open, and what had been done, when it was written."""
    read: bool
    """By whoever asks."""
    readers: list[str]


class Done(Struct, frozen=True, kw_only=True):
    """One thing that somebody did about an alert."""

    event: str
    at: dt.datetime
    name: str
    label: str
    severity: str
    patient_id: UUID | None
    patient: str
    outcome: str


async def write_hand_over(
    conn: Connection,
    organisation_id: UUID,
    author: UUID,
    *,
    text: str,
    since: dt.datetime,
    facts: dict[str, Any],
    now: dt.datetime,
) -> UUID:
    """Raises InvalidError. Its author has read it."""
    if not TEXT_LEAST <= len(text.strip()) <= TEXT_MOST:
        raise InvalidError("text", f"needs {TEXT_LEAST} to {TEXT_MOST:,} characters")
    if not all(each.isprintable() or each in "\r\n\t" for each in text):
        raise InvalidError("text", "holds a character that cannot be printed")
    kept = msgspec.json.encode(facts).decode()
    async with conn.transaction():
        made: UUID = await conn.fetchval(
            QUERIES["write hand over"], organisation_id, author, now, since, text.strip(), kept
        )
        await read_hand_over(conn, organisation_id, author, made, now=now)
    return made


async def list_hand_overs(
    conn: Connection, organisation_id: UUID, reader: UUID, *, most: int
) -> list[HandOver]:
    """The latest first."""
    found = await conn.fetch(QUERIES["hand overs"], organisation_id, reader, most)
    return [
        HandOver(**(dict(record) | {"facts": msgspec.json.decode(record["facts"])}))
        for record in found
    ]


async def read_hand_over(
    conn: Connection, organisation_id: UUID, reader: UUID, hand_over_id: UUID, *, now: dt.datetime
) -> None:
    """Once is enough. Raises NotFoundError."""
    if not await conn.fetchval(QUERIES["is hand over"], organisation_id, hand_over_id):
        raise NotFoundError("hand_over", "there is no such hand-over")
    await conn.execute(QUERIES["read hand over"], organisation_id, reader, hand_over_id, now)


async def done_since(conn: Connection, organisation_id: UUID, since: dt.datetime) -> list[Done]:
    """What people did about alerts, the latest first."""
    return [
        Done(
            event=record["event"],
            at=record["at"],
            name=record["name"],
            label=record["label"],
            severity=record["severity"],
            patient_id=record["patient_id"],
            patient=_named(record["family_name"], record["given_name"], record["mrn"]),
            outcome=str(msgspec.json.decode(record["facts"]).get("outcome", "")).replace("_", " "),
        )
        for record in await conn.fetch(QUERIES["done since"], organisation_id, since)
    ]


def shift_began(last: HandOver | None, *, now: dt.datetime) -> dt.datetime:
    """With the last note, or twelve hours ago where that is longer past."""
    earliest = now - LONGEST_SHIFT
    return earliest if last is None else min(max(last.written_at, earliest), now)


def _named(family: str | None, given: str | None, mrn: str | None) -> str:
    return "" if family is None else f"{family}, {given} (MRN {mrn})"
