"""Accounts as an administrator sees them: who was here last, who has a second factor."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care.errors import InvalidError, NotFoundError
from care.second_factor import remove_second_factor
from care.users import (
    ABOUT_A_PATIENT,
    User,
    disable_user,
    enable_user,
    end_sign_ins,
    find_user,
    is_last_admin,
)
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "accounts.sql")


class Account(Struct, frozen=True, kw_only=True):
    id: UUID
    username: str
    role: str
    display_name: str
    credential: str
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    last_seen_at: dt.datetime | None
    """None: never, as far as is on record."""
    sessions: int
    """That are open now."""
    second_factor: bool
    waits_for_password: bool
    """A link was given out, and is still good."""
    patient_id: UUID | None
    patient: str | None
    """Whom a patient's or caregiver's account is about."""

    @property
    def name(self) -> str:
        return self.display_name or self.username


async def list_accounts(
    conn: Connection, organisation_id: UUID, *, now: dt.datetime
) -> list[Account]:
    """Staff first, then those of patients; by name, disabled ones last."""
    records = await conn.fetch(QUERIES["list"], organisation_id, None, now)
    return [Account(**record) for record in records]


async def find_account(
    conn: Connection, organisation_id: UUID, user_id: UUID, *, now: dt.datetime
) -> Account:
    """Raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["list"], organisation_id, user_id, now)
    if record is None:
        raise NotFoundError("user", "there is no such account")
    return Account(**record)


async def shut_out(
    conn: Connection, organisation_id: UUID, user_id: UUID, *, now: dt.datetime
) -> User:
    """Disable an account; raises InvalidError where nobody would be left to administer."""
    async with conn.transaction():
        user = await find_user(conn, organisation_id, user_id)
        if await is_last_admin(conn, organisation_id, user_id):
            raise InvalidError(
                "account", "is the only administrator's: make somebody else one first"
            )
        await disable_user(conn, organisation_id, user.username, now=now)
        return user


async def open_again(conn: Connection, organisation_id: UUID, user_id: UUID) -> User:
    """Enable an account; raises InvalidError for a caregiver whom the patient has shut out."""
    async with conn.transaction():
        user = await find_user(conn, organisation_id, user_id)
        if user.role in ABOUT_A_PATIENT and await conn.fetchval(
            QUERIES["shut_out_by_patient"], organisation_id, user.patient_id, str(user.id)
        ):
            raise InvalidError(
                "account", "stays closed: the patient has ended it, and can invite them again"
            )
        await enable_user(conn, organisation_id, user.username)
        return user


async def end_all_sessions(
    conn: Connection, organisation_id: UUID, user_id: UUID, *, now: dt.datetime
) -> None:
    """Wherever they are signed in, they have to sign in again."""
    user = await find_user(conn, organisation_id, user_id)
    async with conn.transaction():
        await end_sign_ins(conn, user.id, now=now)


async def reset_second_factor(
    conn: Connection, organisation_id: UUID, user_id: UUID, *, now: dt.datetime
) -> None:
    """By somebody else: whoever holds a telephone that was lost must not stay signed in."""
    async with conn.transaction():
        await remove_second_factor(conn, organisation_id, user_id)
        await end_all_sessions(conn, organisation_id, user_id, now=now)
