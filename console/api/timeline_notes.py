"""Calls, visits, messages and notes, written onto a patient's timeline."""

from uuid import UUID

from aiohttp import web
from msgspec import Struct

from care.care_notes import NoteText, add_note
from console.api.asked import asked
from console.replies import reply
from vitals.reading import AwareTime


class NewNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    """`call`, `video`, `visit`, `message` or `note`."""
    text: str
    with_whom: str | None = None
    """`patient`, `caregiver`, `clinician`, `pharmacy`, `laboratory`, `home_care` or `other`; not
    for a note."""
    direction: str | None = None
    """`to_them` or `from_them`; of calls and messages."""
    reached: bool | None = None
    """Whether somebody was reached; not for a note."""
    at: AwareTime | None = None
    """When it was: now by default."""
    corrects: UUID | None = None
    """The note that this one takes the place of; that one stays, marked."""


async def add(request: web.Request) -> web.Response:
    async with asked(request, NewNote) as it:
        made = await add_note(
            it.conn,
            it.organisation_id,
            it.patient_id,
            NoteText(
                kind=it.typed.kind,
                text=it.typed.text,
                with_whom=it.typed.with_whom,
                direction=it.typed.direction,
                reached=it.typed.reached,
            ),
            at=it.typed.at or it.now,
            author=it.actor,
            now=it.now,
            corrects=it.typed.corrects,
        )
    return reply(made, status=201)
