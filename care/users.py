"""People who may sign in."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import InvalidError, NotFoundError, RefusedError, TakenError
from care.passwords import hash_password, verify_password
from care.patients import find_patient
from store.pool import Connection
from store.queries import load
from store.schema import ROLES

QUERIES: Final = load("care", "users.sql")

ABOUT_A_PATIENT: Final = frozenset({"patient", "caregiver"})
"""Roles that see one patient, who must be named."""


class User(Struct, frozen=True, kw_only=True):
    id: UUID
    organisation_id: UUID
    username: str
    role: str
    patient_id: UUID | None
    created_at: dt.datetime
    disabled_at: dt.datetime | None


async def add_user(
    conn: Connection,
    organisation_id: UUID,
    *,
    username: str,
    password: str,
    role: str,
    patient_id: UUID | None = None,
) -> User:
    """Raises TakenError where the user name is in use anywhere."""
    fields.one_of("role", role, ROLES)
    if (role in ABOUT_A_PATIENT) != (patient_id is not None):
        raise InvalidError("patient", "is named for patients and caregivers, and for nobody else")
    if patient_id is not None:
        await find_patient(conn, organisation_id, patient_id)
    name, kept = fields.username(username), await hash_password(password)
    record = await conn.fetchrow(QUERIES["add"], organisation_id, name, kept, role, patient_id)
    if record is None:
        raise TakenError("username", f"{username!r} is in use")
    return User(**record)


async def list_users(conn: Connection, organisation_id: UUID) -> list[User]:
    return [User(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def disable_user(
    conn: Connection, organisation_id: UUID, username: str, *, now: dt.datetime
) -> None:
    """They cannot sign in any more, and every session of theirs ends."""
    await _change(conn, "disable", organisation_id, username, now, now=now)


async def set_password(
    conn: Connection, organisation_id: UUID, username: str, password: str, *, now: dt.datetime
) -> None:
    """The old password and every session end."""
    kept = await hash_password(password)
    await _change(conn, "set_password", organisation_id, username, kept, now=now)


async def check_password(conn: Connection, *, username: str, password: str) -> User:
    """The user; raises RefusedError, the same for a wrong name, password or a disabled user."""
    record = await conn.fetchrow(QUERIES["sign_in"], username.lower())
    kept = None if record is None else record["password_hash"]
    if not await verify_password(password, kept) or record is None:
        raise RefusedError("username", "or password is wrong")
    return User(**{name: record[name] for name in User.__struct_fields__})


async def _change(
    conn: Connection,
    query: str,
    organisation_id: UUID,
    username: str,
    value: object,
    *,
    now: dt.datetime,
) -> None:
    """Set one thing of a user, and end their sessions."""
    async with conn.transaction():
        user_id = await conn.fetchval(QUERIES[query], organisation_id, username.lower(), value)
        if user_id is None:
            raise NotFoundError("username", f"there is no user {username!r}")
        await conn.execute(QUERIES["end_sessions"], user_id, now)
