"""Changing what is given of a patient: where they live decides on which day a reading counts."""

import datetime as dt

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from care.patients import update_patient
from console.api.asked import asked
from console.api.patients import PatientAnswer
from console.replies import reply


class ChangedPatient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays."""

    mrn: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    birth_date: dt.date | UnsetType | None = UNSET
    """null: it is not known."""
    time_zone: str | None = None
    """IANA name."""
    language: str | None = None
    sex: str | None = None
    phone: str | UnsetType | None = UNSET
    """null: there is none."""
    allergies: str | UnsetType | None = UNSET
    """null: nobody has asked."""
    weight_unit: str | None = None
    glucose_unit: str | None = None
    temperature_unit: str | None = None
    reason: str = ""


async def update(request: web.Request) -> web.Response:
    async with asked(request, ChangedPatient) as it:
        made = await update_patient(
            it.conn,
            it.organisation_id,
            it.patient_id,
            mrn=it.typed.mrn,
            given_name=it.typed.given_name,
            family_name=it.typed.family_name,
            birth_date=it.typed.birth_date,
            time_zone=it.typed.time_zone,
            language=it.typed.language,
            sex=it.typed.sex,
            phone=it.typed.phone,
            allergies=it.typed.allergies,
            weight_unit=it.typed.weight_unit,
            glucose_unit=it.typed.glucose_unit,
            temperature_unit=it.typed.temperature_unit,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    names = PatientAnswer.__struct_fields__
    return reply(PatientAnswer(**{name: getattr(made, name) for name in names}))
