"""Changing what is given of a patient: where they live decides on which day a reading counts."""

from aiohttp import web
from msgspec import Struct

from care.patients import update_patient
from console.api.patient_in_path import patient_in_path
from console.api.patients import PatientAnswer
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import reply


class ChangedPatient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays."""

    given_name: str | None = None
    family_name: str | None = None
    time_zone: str | None = None
    """IANA name."""
    language: str | None = None
    reason: str = ""


async def update(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    typed = await read(request, ChangedPatient)
    async with parts.connection() as conn:
        made = await update_patient(
            conn,
            caller.organisation_id,
            patient_id,
            given_name=typed.given_name,
            family_name=typed.family_name,
            time_zone=typed.time_zone,
            language=typed.language,
            reason=typed.reason,
            actor=caller.user_id,
            now=parts.clock(),
        )
    names = PatientAnswer.__struct_fields__
    return reply(PatientAnswer(**{name: getattr(made, name) for name in names}))
