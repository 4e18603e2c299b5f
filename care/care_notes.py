"""Calls, visits, messages and notes: what was said and done around a patient, written once.

Nothing is changed later: a correction is a new row that names the one it takes the place of.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.changes import lock_patient
from care.errors import InvalidError, NotFoundError, TakenError
from care.spans import has_been
from store.pool import Connection
from store.queries import load
from store.schema.care_notes import NOTE_DIRECTIONS, NOTE_KINDS, NOTE_PARTIES, NOTE_TEXT_MAX

QUERIES: Final = load("care", "care_notes.sql")

BARE: Final = "note"
DIRECTED: Final = frozenset({"call", "video", "message"})
"""Those that one side begins."""


class NoteText(Struct, frozen=True, kw_only=True):
    """What somebody writes down."""

    kind: str
    text: str
    with_whom: str | None = None
    direction: str | None = None
    """`to_them` or `from_them`."""
    reached: bool | None = None
    """Whether somebody was spoken to, or the message got through."""


class CareNote(Struct, frozen=True, kw_only=True):
    id: UUID
    at: dt.datetime
    kind: str
    with_whom: str | None
    direction: str | None
    reached: bool | None
    text: str
    author: UUID
    author_name: str
    recorded_at: dt.datetime
    corrects: UUID | None
    corrected_by: UUID | None
    """The row that stands in its place now."""


async def add_note(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    written: NoteText,
    *,
    at: dt.datetime,
    author: UUID,
    now: dt.datetime,
    corrects: UUID | None = None,
) -> CareNote:
    """Raises InvalidError, NotFoundError, and TakenError where it was corrected already."""
    said = checked(written)
    has_been("at", at, now=now)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        if corrects is not None:
            await _not_corrected(conn, organisation_id, patient_id, corrects)
        made = await conn.fetchval(
            QUERIES["add"], organisation_id, patient_id, at, said.kind, said.with_whom,
            said.direction, said.reached, said.text, author, now, corrects,
        )  # fmt: skip
        return await find_note(conn, organisation_id, patient_id, made)


async def find_note(
    conn: Connection, organisation_id: UUID, patient_id: UUID, note_id: UUID
) -> CareNote:
    record = await conn.fetchrow(QUERIES["one"], organisation_id, patient_id, note_id)
    if record is None:
        raise NotFoundError("note", f"there is no note {note_id} of this patient")
    return CareNote(**record)


def checked(written: NoteText) -> NoteText:
    """What does not belong to its kind is left out. Raises InvalidError for what is missing."""
    kind = fields.one_of("kind", written.kind, NOTE_KINDS)
    text = long_text("text", written.text)
    if kind == BARE:
        return NoteText(kind=kind, text=text)
    party = fields.one_of("with_whom", written.with_whom or "", NOTE_PARTIES)
    direction = None
    if kind in DIRECTED:
        direction = fields.one_of("direction", written.direction or "", NOTE_DIRECTIONS)
    if written.reached is None:
        raise InvalidError("reached", "say whether somebody was reached")
    return NoteText(
        kind=kind, text=text, with_whom=party, direction=direction, reached=written.reached
    )


def long_text(field: str, typed: str) -> str:
    """Several lines; refuses control characters and what is too long."""
    found = typed.strip().replace("\r\n", "\n")
    if not found:
        raise InvalidError(field, "must not be empty")
    if len(found) > NOTE_TEXT_MAX:
        raise InvalidError(field, f"may have at most {NOTE_TEXT_MAX} characters")
    if not all(each.isprintable() or each in "\n\t" for each in found):
        raise InvalidError(field, "holds a character that cannot be printed")
    return found


async def _not_corrected(
    conn: Connection, organisation_id: UUID, patient_id: UUID, note_id: UUID
) -> None:
    held = await find_note(conn, organisation_id, patient_id, note_id)
    if held.corrected_by is not None:
        raise TakenError("corrects", "it was corrected already: correct the newer one")
