"""Changing what is given of a patient: where they live decides on which day a reading counts."""

from aiohttp import web
from msgspec import Struct

from care.patients import update_patient
from console.api.asked import asked
from console.api.patients import PatientAnswer
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
    async with asked(request, ChangedPatient) as it:
        made = await update_patient(
            it.conn,
            it.organisation_id,
            it.patient_id,
            given_name=it.typed.given_name,
            family_name=it.typed.family_name,
            time_zone=it.typed.time_zone,
            language=it.typed.language,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    names = PatientAnswer.__struct_fields__
    return reply(PatientAnswer(**{name: getattr(made, name) for name in names}))
