"""Clinics and practices: everything else belongs to one of them."""

import datetime as dt
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import UNSET, Struct, UnsetType

from care import fields, phones
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection
from store.queries import load
from store.schema import GLUCOSE_UNITS, TEMPERATURE_UNITS, WEIGHT_UNITS

QUERIES: Final = load("care", "organisations.sql")


class Organisation(Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    time_zone: str
    created_at: dt.datetime
    phone: str | None
    """Whom patients call; None: as the installation's settings say."""
    emergency_number: str | None
    weight_unit: str
    glucose_unit: str
    temperature_unit: str
    """Of patients who are added without units of their own."""
    second_factor_required: bool
    """Of the staff."""


async def add_organisation(conn: Connection, *, name: str, time_zone: str = "UTC") -> Organisation:
    """Raises TakenError where the name is in use."""
    record = await conn.fetchrow(
        QUERIES["add"], fields.text("name", name), fields.time_zone("time_zone", time_zone)
    )
    if record is None:
        raise TakenError("name", f"there is an organisation {name!r} already")
    return Organisation(**record)


async def update_organisation(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    phone: str | UnsetType | None = UNSET,
    emergency_number: str | UnsetType | None = UNSET,
    weight_unit: str | None = None,
    glucose_unit: str | None = None,
    temperature_unit: str | None = None,
    second_factor_required: bool | None = None,
) -> Organisation:
    """Change what is given. Patients and hubs that are there keep the zone and units they have."""
    before = await organisation_of(conn, organisation_id)
    values = (
        before.name if name is None else fields.text("name", name),
        before.time_zone if time_zone is None else fields.time_zone("time_zone", time_zone),
        before.phone if phone is UNSET else _number("phone", phone),
        before.emergency_number
        if emergency_number is UNSET
        else _number("emergency_number", emergency_number, short=True),
        before.weight_unit
        if weight_unit is None
        else fields.one_of("weight_unit", weight_unit, WEIGHT_UNITS),
        before.glucose_unit
        if glucose_unit is None
        else fields.one_of("glucose_unit", glucose_unit, GLUCOSE_UNITS),
        before.temperature_unit
        if temperature_unit is None
        else fields.one_of("temperature_unit", temperature_unit, TEMPERATURE_UNITS),
        before.second_factor_required if second_factor_required is None else second_factor_required,
    )
    try:
        await conn.execute(QUERIES["update"], organisation_id, *values)
    except asyncpg.UniqueViolationError:
        raise TakenError("name", f"there is an organisation {name!r} already") from None
    return await organisation_of(conn, organisation_id)


async def organisation_of(conn: Connection, organisation_id: UUID) -> Organisation:
    """Raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["one"], organisation_id)
    if record is None:
        raise NotFoundError("organisation", f"there is none with the id {organisation_id}")
    return Organisation(**record)


async def only_one(conn: Connection) -> bool:
    """Whether what is changed for the whole installation is changed for nobody else."""
    found: bool = await conn.fetchval(QUERIES["only_one"])
    return found


async def list_organisations(conn: Connection) -> list[Organisation]:
    """All that care for somebody: not the one that holds what unknown gateways send."""
    return [Organisation(**record) for record in await conn.fetch(QUERIES["list"])]


async def find_organisation(conn: Connection, name: str | None) -> Organisation:
    """By name; without a name, the only one there is."""
    found = [each for each in await list_organisations(conn) if name in (None, each.name)]
    if name is None and len(found) > 1:
        names = ", ".join(each.name for each in found)
        raise InvalidError("organisation", f"say which of {names}")
    if not found:
        raise NotFoundError("organisation", f"there is none{f' named {name!r}' if name else ''}")
    return found[0]


def _number(field: str, typed: str | None, *, short: bool = False) -> str | None:
    return None if typed is None else phones.checked(field, typed, short=short)
