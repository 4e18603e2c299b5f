"""People who are cared for."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import asyncpg
from msgspec import UNSET, Struct, UnsetType

from care import fields, phones
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection
from store.queries import load
from store.schema import GLUCOSE_UNITS, SEXES, TEMPERATURE_UNITS, WEIGHT_UNITS

QUERIES: Final = load("care", "patients.sql")

EARLIEST_BIRTH: Final = 1890
"""Nobody alive is older."""


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
    """As typed; care.phones makes a link of it."""
    allergies: str | None
    """As told; None: nobody has asked yet."""
    weight_unit: str
    glucose_unit: str
    temperature_unit: str
    """What pages show this patient's numbers in; stored ones are canonical."""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


async def add_patient(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    *,
    mrn: str,
    given_name: str,
    family_name: str,
    birth_date: dt.date | None = None,
    time_zone: str | None = None,
    language: str = "en",
    sex: str = "unknown",
    phone: str | None = None,
    allergies: str | None = None,
    weight_unit: str | None = None,
    glucose_unit: str | None = None,
    temperature_unit: str | None = None,
    today: dt.date | None = None,
) -> Patient:
    """Without a time zone or units, the organisation's. Raises TakenError where the number is in
    use, InvalidError with the field that is wrong.
    """
    _born("birth_date", birth_date, today=today)
    record = await conn.fetchrow(
        QUERIES["add"],
        organisation_id,
        fields.text("mrn", mrn),
        fields.text("given_name", given_name),
        fields.text("family_name", family_name),
        birth_date,
        None if time_zone is None else fields.time_zone("time_zone", time_zone),
        fields.text("language", language),
        fields.one_of("sex", sex, SEXES),
        None if phone is None else phones.checked("phone", phone),
        None if allergies is None else fields.text("allergies", allergies, needed=False),
        None if weight_unit is None else fields.one_of("weight_unit", weight_unit, WEIGHT_UNITS),
        None
        if glucose_unit is None
        else fields.one_of("glucose_unit", glucose_unit, GLUCOSE_UNITS),
        None
        if temperature_unit is None
        else fields.one_of("temperature_unit", temperature_unit, TEMPERATURE_UNITS),
    )
    if record is None:
        raise TakenError("mrn", f"there is a patient with number {mrn!r} already")
    return Patient(**record)


async def update_patient(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    mrn: str | None = None,
    given_name: str | None = None,
    family_name: str | None = None,
    birth_date: dt.date | UnsetType | None = UNSET,
    time_zone: str | None = None,
    language: str | None = None,
    sex: str | None = None,
    phone: str | UnsetType | None = UNSET,
    allergies: str | UnsetType | None = UNSET,
    weight_unit: str | None = None,
    glucose_unit: str | None = None,
    temperature_unit: str | None = None,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Patient:
    """Change what is given: not None, or not UNSET where None says that nothing is known.

    Days of readings that are stored stay as they were counted. Raises InvalidError, TakenError.
    """
    given = {
        "mrn": mrn, "given_name": given_name, "family_name": family_name, "time_zone": time_zone,
        "language": language, "sex": sex, "weight_unit": weight_unit, "glucose_unit": glucose_unit,
        "temperature_unit": temperature_unit,
    }  # fmt: skip
    typed: dict[str, Any] = {
        name: CHECKS[name](name, value) for name, value in given.items() if value is not None
    }
    if birth_date is not UNSET:
        _born("birth_date", birth_date, today=now.date() + dt.timedelta(days=1))
        typed["birth_date"] = birth_date
    if phone is not UNSET:
        typed["phone"] = None if phone is None else phones.checked("phone", phone)
    if allergies is not UNSET:
        typed["allergies"] = None if allergies is None else _remark("allergies", allergies)
    why = fields.text("reason", reason, needed=False)
    try:
        async with conn.transaction():
            return await _update(
                conn, organisation_id, patient_id, typed, why, actor=actor, now=now
            )
    except asyncpg.UniqueViolationError:
        raise TakenError("mrn", f"there is a patient with number {mrn!r} already") from None


async def list_patients(conn: Connection, organisation_id: UUID) -> list[Patient]:
    return [Patient(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def find_patient(conn: Connection, organisation_id: UUID, key: str | UUID) -> Patient:
    """By id, or by medical record number; raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["find"], organisation_id, str(key))
    if record is None:
        raise NotFoundError("patient", f"there is no patient {key}")
    return Patient(**record)


async def find_alike(
    conn: Connection,
    organisation_id: UUID,
    *,
    mrn: str,
    given_name: str,
    family_name: str,
    birth_date: dt.date | None,
) -> list[Patient]:
    """Who may be the same person: the same number, or the same name and day of birth.

    Letters' case and space count for nothing; a day of birth that is not known fits every one.
    """
    names = (" ".join(given_name.split()), " ".join(family_name.split()))
    records = await conn.fetch(QUERIES["alike"], organisation_id, mrn.strip(), *names, birth_date)
    return [Patient(**record) for record in records]


async def _update(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    typed: dict[str, Any],
    why: str,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> Patient:
    await lock_patient(conn, organisation_id, patient_id)
    before = await find_patient(conn, organisation_id, patient_id)
    changed = {name: value for name, value in typed.items() if value != getattr(before, name)}
    if not changed:
        return before
    values = [changed.get(name, getattr(before, name)) for name in CHANGEABLE]
    await conn.execute(QUERIES["update"], organisation_id, patient_id, *values)
    was = {name: getattr(before, name) for name in changed}
    await note_change(
        conn, organisation_id, patient_id, "patient changed", actor=actor, now=now,
        reason=why, before=was, after=changed,
    )  # fmt: skip
    return await find_patient(conn, organisation_id, patient_id)


def _born(field: str, day: dt.date | None, *, today: dt.date | None) -> None:
    if day is None:
        return
    if day.year < EARLIEST_BIRTH:
        raise InvalidError(field, "lies too far back")
    if today is not None and day > today:
        raise InvalidError(field, "lies in the future")


def _remark(field: str, typed: str) -> str:
    return fields.text(field, typed, needed=False)


CHECKS: Final[dict[str, Callable[[str, str], str]]] = {
    "mrn": fields.text,
    "given_name": fields.text,
    "family_name": fields.text,
    "time_zone": fields.time_zone,
    "language": fields.text,
    "sex": lambda field, typed: fields.one_of(field, typed, SEXES),
    "weight_unit": lambda field, typed: fields.one_of(field, typed, WEIGHT_UNITS),
    "glucose_unit": lambda field, typed: fields.one_of(field, typed, GLUCOSE_UNITS),
    "temperature_unit": lambda field, typed: fields.one_of(field, typed, TEMPERATURE_UNITS),
}
CHANGEABLE: Final = (
    "mrn", "given_name", "family_name", "birth_date", "time_zone", "language", "sex", "phone",
    "allergies", "weight_unit", "glucose_unit", "temperature_unit",
)  # fmt: skip
"""In the order of the statement's parameters."""
