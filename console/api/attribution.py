"""Whose a reading is: said by those who look after patients."""

import datetime as dt
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from care.reassignment import AttributionChange, Owned, is_known, list_attribution, reassign
from console.bodies import read
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply


class NewOwner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    patient: UUID | None
    """null: no patient's. The one it is held for, to confirm it."""
    reason: str
    """How you know."""


class OwnerAnswer(Struct, frozen=True, kw_only=True):
    attribution: str
    reason: str | None
    patient: UUID | None
    local_day: dt.date
    """The day of measurement where that patient lives."""


class ReassignAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    before: OwnerAnswer
    after: OwnerAnswer
    changed: bool
    """False: it stood so already."""


class AttributionAnswer(Struct, frozen=True, kw_only=True):
    items: list[AttributionChange]
    """In the order in which they were made."""


async def reassign_reading(request: web.Request) -> web.Response:
    """Give it to a patient, or to nobody; alerts, trends and days follow by themselves."""
    typed = await read(request, NewOwner)
    caller, parts, reading_id = request[CALLER], request.app[PARTS], id_in_path(request)
    async with parts.connection() as conn:
        done = await reassign(
            conn,
            caller.organisation_id,
            reading_id,
            patient_id=typed.patient,
            actor=caller.user_id,
            reason=typed.reason,
            now=parts.clock(),
        )
    return reply(
        ReassignAnswer(
            id=done.reading,
            before=_owner(done.before),
            after=_owner(done.after),
            changed=done.changed,
        )
    )


async def get_attribution(request: web.Request) -> web.Response:
    """All that was ever said about whose it is."""
    caller, reading_id = request[CALLER], id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        found = await list_attribution(conn, caller.organisation_id, reading_id)
        if not found and not await is_known(conn, caller.organisation_id, reading_id):
            raise NotFound
    return reply(AttributionAnswer(items=found))


def _owner(owned: Owned) -> OwnerAnswer:
    return OwnerAnswer(
        attribution=owned.attribution,
        reason=owned.reason,
        patient=owned.patient_id,
        local_day=owned.local_day,
    )
