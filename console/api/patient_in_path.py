"""The patient that a path names, there for this caller."""

from uuid import UUID

from aiohttp import web

from care.registry import find_patient
from console.parts import CALLER
from console.replies import id_in_path
from store.pool import Connection


async def patient_in_path(request: web.Request, conn: Connection) -> UUID:
    """Raises NotFound or NotFoundError; before a body is looked at."""
    caller, patient_id = request[CALLER], id_in_path(request)
    caller.may_see(patient_id)
    return (await find_patient(conn, caller.organisation_id, patient_id)).id
