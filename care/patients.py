"""People who are cared for."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "patients.sql")


class Patient(Struct, frozen=True, kw_only=True):
    id: UUID
    organisation_id: UUID
    mrn: str
    """The medical record number, unique in its organisation."""
    given_name: str
    family_name: str
    birth_date: dt.date | None
    time_zone: str
    """Where the patient lives: it decides on which day a reading was taken."""
    language: str
    created_at: dt.datetime


async def add_patient(
    conn: Connection,
    organisation_id: UUID,
    *,
    mrn: str,
    given_name: str,
    family_name: str,
    birth_date: dt.date | None = None,
    time_zone: str | None = None,
    language: str = "en",
) -> Patient:
    """Without a time zone, the organisation's. Raises TakenError where the number is in use."""
    if birth_date is not None and birth_date.year < 1890:  # noqa: PLR2004 - nobody alive is older
        raise InvalidError("birth_date", "lies too far back")
    record = await conn.fetchrow(
        QUERIES["add"],
        organisation_id,
        fields.text("mrn", mrn),
        fields.text("given_name", given_name),
        fields.text("family_name", family_name),
        birth_date,
        None if time_zone is None else fields.time_zone("time_zone", time_zone),
        fields.text("language", language),
    )
    if record is None:
        raise TakenError("mrn", f"there is a patient with number {mrn!r} already")
    return Patient(**record)


async def list_patients(conn: Connection, organisation_id: UUID) -> list[Patient]:
    return [Patient(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def find_patient(conn: Connection, organisation_id: UUID, key: str | UUID) -> Patient:
    """By id, or by medical record number; raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["find"], organisation_id, str(key))
    if record is None:
        raise NotFoundError("patient", f"there is no patient {key}")
    return Patient(**record)
