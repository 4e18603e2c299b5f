"""Patients and their readings."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from care.registry import add_patient
from console.api.reading_answer import ReadingAnswer, shown
from console.bodies import read
from console.errors import BadRequest, NotFound
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path, instant_in_query, reply
from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

PATIENTS: Final = load("console", "patients.sql")
READINGS: Final = load("console", "readings.sql")


class PatientAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    mrn: str
    given_name: str
    family_name: str
    birth_date: dt.date | None
    time_zone: str
    language: str
    sex: str
    phone: str | None
    """As it was written."""
    allergies: str | None
    """As told; null: nobody has asked yet."""
    weight_unit: str
    glucose_unit: str
    temperature_unit: str
    """What pages show numbers in; the API's own are canonical."""


class NewPatient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    mrn: str
    given_name: str
    family_name: str
    birth_date: dt.date | None = None
    time_zone: str | None = None
    """IANA name; the organisation's by default."""
    language: str = "en"
    sex: str = "unknown"
    """female, male, other or unknown."""
    phone: str | None = None
    allergies: str | None = None
    """As told, also "none known"; null: nobody has asked yet."""
    weight_unit: str | None = None
    """kg or lb; the organisation's by default."""
    glucose_unit: str | None = None
    """mg/dL or mmol/L; the organisation's by default."""
    temperature_unit: str | None = None
    """C or F; the organisation's by default."""


class PatientPage(Struct, frozen=True, kw_only=True):
    items: list[PatientAnswer]
    next: str | None


class ReadingPage(Struct, frozen=True, kw_only=True):
    items: list[ReadingAnswer]
    next: str | None


async def list_patients(request: web.Request) -> web.Response:
    """By name; a patient sees one, themselves."""
    caller, parts = request[CALLER], request.app[PARTS]
    limit = limit_of(request.query.get("limit"))
    place: tuple[Any, Any, Any] = (None, None, None)
    if (cursor := request.query.get("cursor")) is not None:
        place = decode_cursor(cursor, tuple[str, str, UUID])
    async with parts.connection() as conn:
        rows = await conn.fetch(
            PATIENTS["page"], caller.organisation_id, caller.only_patient, *place, limit + 1
        )
    items = [PatientAnswer(**row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    after = encode_cursor(last.family_name, last.given_name, last.id) if last else None
    return reply(PatientPage(items=items, next=after))


async def add(request: web.Request) -> web.Response:
    typed = await read(request, NewPatient)
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        made = await add_patient(
            conn,
            caller.organisation_id,
            mrn=typed.mrn,
            given_name=typed.given_name,
            family_name=typed.family_name,
            birth_date=typed.birth_date,
            time_zone=typed.time_zone,
            language=typed.language,
            sex=typed.sex,
            phone=typed.phone,
            allergies=typed.allergies,
            weight_unit=typed.weight_unit,
            glucose_unit=typed.glucose_unit,
            temperature_unit=typed.temperature_unit,
        )
        return reply(await _patient(conn, caller.organisation_id, made.id), status=201)


async def get_patient(request: web.Request) -> web.Response:
    caller, patient_id = request[CALLER], id_in_path(request)
    caller.may_see(patient_id)
    async with request.app[PARTS].connection() as conn:
        return reply(await _patient(conn, caller.organisation_id, patient_id))


async def list_readings(request: web.Request) -> web.Response:
    """The latest first; `from` is included, `to` is not."""
    caller, patient_id = request[CALLER], id_in_path(request)
    caller.may_see(patient_id)
    limit = limit_of(request.query.get("limit"))
    kind = request.query.get("kind")
    if kind is not None and kind not in set(Kind):
        raise BadRequest(f"one of {', '.join(Kind)}", pointer="/kind")
    span = (instant_in_query(request, "from"), instant_in_query(request, "to"))
    place: tuple[Any, Any] = (None, None)
    if (cursor := request.query.get("cursor")) is not None:
        place = decode_cursor(cursor, tuple[dt.datetime, UUID])
    async with request.app[PARTS].connection() as conn:
        await _patient(conn, caller.organisation_id, patient_id)
        rows = await conn.fetch(
            READINGS["page"],
            *(caller.organisation_id, patient_id, kind, *span, *place, limit + 1),
        )
    items = [shown(dict(row)) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    after = encode_cursor(last["measured_at"], last["id"]) if last else None
    return reply(ReadingPage(items=items, next=after))


async def _patient(conn: Connection, organisation: UUID, patient_id: UUID) -> PatientAnswer:
    row = await conn.fetchrow(PATIENTS["one"], organisation, patient_id)
    if row is None:
        raise NotFound
    return PatientAnswer(**row)
