"""People who are cared for."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
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
    sex: str
    phone: str | None
    allergies: str | None
    """As told; None: nobody has asked yet."""
    weight_unit: str
    glucose_unit: str
    """What pages show this patient's numbers in; stored ones are canonical."""


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


async def update_patient(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    given_name: str | None = None,
    family_name: str | None = None,
    time_zone: str | None = None,
    language: str | None = None,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Patient:
    """Change what is given. Days of readings that are stored stay as they were counted."""
    typed = {
        "given_name": None if given_name is None else fields.text("given_name", given_name),
        "family_name": None if family_name is None else fields.text("family_name", family_name),
        "time_zone": None if time_zone is None else fields.time_zone("time_zone", time_zone),
        "language": None if language is None else fields.text("language", language),
    }
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        before = await find_patient(conn, organisation_id, patient_id)
        changed = {
            name: value
            for name, value in typed.items()
            if value is not None and value != getattr(before, name)
        }
        if not changed:
            return before
        await conn.execute(QUERIES["update"], patient_id, *typed.values())
        was = {name: getattr(before, name) for name in changed}
        await note_change(
            conn, organisation_id, patient_id, "patient changed", actor=actor, now=now,
            reason=why, before=was, after=changed,
        )  # fmt: skip
        return await find_patient(conn, organisation_id, patient_id)


async def list_patients(conn: Connection, organisation_id: UUID) -> list[Patient]:
    return [Patient(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def find_patient(conn: Connection, organisation_id: UUID, key: str | UUID) -> Patient:
    """By id, or by medical record number; raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["find"], organisation_id, str(key))
    if record is None:
        raise NotFoundError("patient", f"there is no patient {key}")
    return Patient(**record)
