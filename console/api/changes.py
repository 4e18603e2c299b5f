"""Who changed what around a patient, when and why."""

from aiohttp import web
from msgspec import Struct

from care.changes import CareChange, list_changes
from console.api.patient_in_path import patient_in_path
from console.parts import CALLER, PARTS
from console.replies import reply


class ChangesAnswer(Struct, frozen=True, kw_only=True):
    items: list[CareChange]
    """The latest first."""


async def get_changes(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_changes(conn, request[CALLER].organisation_id, patient_id)
    return reply(ChangesAnswer(items=found))
