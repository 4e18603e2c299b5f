"""People who may sign in."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import InvalidError, NotFoundError, RefusedError, TakenError
from care.passwords import hash_password, verify_password
from care.patients import find_patient
from care.secrets import make_secret
from store.pool import Connection
from store.queries import load
from store.schema import ROLES

QUERIES: Final = load("care", "users.sql")

ABOUT_A_PATIENT: Final = frozenset({"patient", "caregiver"})
"""Roles that see one patient, who must be named."""
ADMIN: Final = "admin"
CREDENTIAL_MAX: Final = 20


class User(Struct, frozen=True, kw_only=True):
    id: UUID
    organisation_id: UUID
    username: str
    role: str
    patient_id: UUID | None
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    display_name: str = ""
    credential: str = ""
    """As "RN": what stands behind the name where somebody signs for what they did."""

    @property
    def name(self) -> str:
        """As others see them."""
        return self.display_name or self.username


async def add_user(
    conn: Connection,
    organisation_id: UUID,
    *,
    username: str,
    password: str | None,
    role: str,
    patient_id: UUID | None = None,
    display_name: str = "",
    credential: str = "",
) -> User:
    """Raises TakenError where the user name is in use anywhere.

    Without a password nobody can sign in yet: see `care.password_codes`.
    """
    fields.one_of("role", role, ROLES)
    if (role in ABOUT_A_PATIENT) != (patient_id is not None):
        raise InvalidError("patient", "is named for patients and caregivers, and for nobody else")
    if patient_id is not None:
        await find_patient(conn, organisation_id, patient_id)
    shown, letters = _display_name(display_name), _credential(credential)
    name, kept = fields.username(username), await hash_password(password or make_secret())
    async with conn.transaction():
        user_id = await conn.fetchval(QUERIES["add"], organisation_id, name, kept, role, patient_id)
        if user_id is None:
            raise TakenError("username", f"{username!r} is in use")
        await conn.execute(QUERIES["describe"], organisation_id, user_id, shown, letters)
        return await find_user(conn, organisation_id, user_id)


async def find_user(conn: Connection, organisation_id: UUID, user_id: UUID) -> User:
    """Raises NotFoundError for nobody of this organisation."""
    record = await conn.fetchrow(QUERIES["find"], organisation_id, user_id)
    if record is None:
        raise NotFoundError("user", "there is no such user")
    return User(**record)


async def user_named(conn: Connection, organisation_id: UUID, username: str) -> User:
    """Raises NotFoundError for nobody of this organisation."""
    record = await conn.fetchrow(QUERIES["named"], organisation_id, username.lower())
    if record is None:
        raise NotFoundError("username", f"there is no user {username!r}")
    return User(**record)


async def list_users(conn: Connection, organisation_id: UUID) -> list[User]:
    return [User(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def update_user(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    *,
    display_name: str | None = None,
    credential: str | None = None,
    role: str | None = None,
) -> User:
    """What is None stays. Sessions go on, with the new role from their next request.

    Raises InvalidError where nobody would be left to administer the clinic.
    """
    shown = None if display_name is None else _display_name(display_name)
    letters = None if credential is None else _credential(credential)
    async with conn.transaction():
        before = await find_user(conn, organisation_id, user_id)
        if role is not None and role != before.role:
            await _change_role(conn, before, role)
        await conn.execute(
            QUERIES["describe"],
            organisation_id,
            user_id,
            before.display_name if shown is None else shown,
            before.credential if letters is None else letters,
        )
        return await find_user(conn, organisation_id, user_id)


async def is_last_admin(conn: Connection, organisation_id: UUID, user_id: UUID) -> bool:
    """Whether nobody else administers the clinic.

    Within a transaction the answer holds until its end: whoever else asks has to wait.
    """
    await conn.execute(QUERIES["hold_organisation"], organisation_id)
    user = await find_user(conn, organisation_id, user_id)
    others = await conn.fetchval(QUERIES["others_who_administer"], organisation_id, user_id)
    return user.role == ADMIN and user.disabled_at is None and others == 0


async def disable_user(
    conn: Connection, organisation_id: UUID, username: str, *, now: dt.datetime
) -> None:
    """They cannot sign in any more, and every session of theirs ends."""
    await _change(conn, "disable", organisation_id, username, now, now=now)


async def enable_user(conn: Connection, organisation_id: UUID, username: str) -> None:
    """They can sign in again, with the password that they had."""
    found = await conn.fetchval(QUERIES["enable"], organisation_id, username.lower())
    if found is None:
        raise NotFoundError("username", f"there is no user {username!r}")


async def set_password(
    conn: Connection, organisation_id: UUID, username: str, password: str, *, now: dt.datetime
) -> None:
    """The old password and every session end."""
    kept = await hash_password(password)
    await _change(conn, "set_password", organisation_id, username, kept, now=now)


class Login(Struct, frozen=True, kw_only=True):
    """Who might be signing in, and what is kept of their password; None for nobody."""

    user: User | None
    kept: str | None = None


async def find_login(conn: Connection, username: str) -> Login:
    """To be given to `matching` once the connection is given back: hashing takes a while."""
    record = await conn.fetchrow(QUERIES["sign_in"], username.lower())
    if record is None:
        return Login(user=None)
    user = User(**{name: record[name] for name in User.__struct_fields__})
    return Login(user=user, kept=record["password_hash"])


async def matching(login: Login, password: str) -> User:
    """The user; raises RefusedError, the same for a wrong name, password or a disabled user, and
    after the same work.
    """
    if not await verify_password(password, login.kept) or login.user is None:
        raise RefusedError("username", "or password is wrong")
    return login.user


async def check_password(conn: Connection, *, username: str, password: str) -> User:
    """As `matching`, for whom no others wait."""
    return await matching(await find_login(conn, username), password)


async def end_sign_ins(conn: Connection, user_id: UUID, *, now: dt.datetime) -> None:
    """Every session, what is halfway to one, and what browsers have earned by earlier ones."""
    await conn.execute(QUERIES["end_sessions"], user_id, now)
    await conn.execute(QUERIES["end_halves"], user_id)
    await conn.execute(QUERIES["forget_browsers"], user_id)


async def _change_role(conn: Connection, user: User, role: str) -> None:
    fields.one_of("role", role, ROLES)
    if (role in ABOUT_A_PATIENT) or (user.role in ABOUT_A_PATIENT):
        raise InvalidError("role", "patients and caregivers keep theirs; add an account instead")
    if await is_last_admin(conn, user.organisation_id, user.id):
        raise InvalidError("role", "is kept: nobody else administers this clinic")
    await conn.execute(QUERIES["change_role"], user.organisation_id, user.id, role)


async def _change(
    conn: Connection,
    query: str,
    organisation_id: UUID,
    username: str,
    value: object,
    *,
    now: dt.datetime,
) -> None:
    """Set one thing of a user, and end what they could have signed in by until now."""
    async with conn.transaction():
        user_id = await conn.fetchval(QUERIES[query], organisation_id, username.lower(), value)
        if user_id is None:
            raise NotFoundError("username", f"there is no user {username!r}")
        await end_sign_ins(conn, user_id, now=now)
        await conn.execute(QUERIES["end_password_code"], user_id)


def _display_name(typed: str) -> str:
    return fields.text("display_name", typed, needed=False)


def _credential(typed: str) -> str:
    found = fields.text("credential", typed, needed=False)
    if len(found) > CREDENTIAL_MAX:
        raise InvalidError("credential", f"may have at most {CREDENTIAL_MAX} characters")
    return found
