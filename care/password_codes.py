"""A code by which somebody sets their own password, once: nobody types another's."""

import datetime as dt
from typing import Final
from uuid import UUID

from care.errors import NotFoundError, RefusedError
from care.secrets import fingerprint, make_secret
from care.users import QUERIES, User, find_user, set_password
from store.pool import Connection

GOOD_FOR: Final = dt.timedelta(hours=24)


async def issue_password_code(
    conn: Connection, organisation_id: UUID, user_id: UUID, *, now: dt.datetime
) -> str:
    """Shown this once; one given out before is void. Raises NotFoundError for a disabled user."""
    code = make_secret()
    issued = await conn.fetchval(
        QUERIES["issue_password_code"], organisation_id, user_id, fingerprint(code), now + GOOD_FOR
    )
    if issued is None:
        raise NotFoundError("user", "there is no such user, or the account is disabled")
    return code


async def whose_password_code(conn: Connection, code: str, *, now: dt.datetime) -> User:
    """Raises RefusedError for a code that is over, was used, or never was."""
    record = await conn.fetchrow(QUERIES["whose_password_code"], fingerprint(code), now)
    if record is None:
        raise RefusedError("code", "is not, or no longer, good: ask your clinic for a new one")
    return User(**record)


async def set_password_by_code(
    conn: Connection, code: str, password: str, *, now: dt.datetime
) -> User:
    """The user, whose sessions all end. Raises RefusedError, or InvalidError for the password,
    which leaves the code good.
    """
    user = await whose_password_code(conn, code, now=now)
    async with conn.transaction():
        if await conn.fetchval(QUERIES["use_password_code"], fingerprint(code), now) is None:
            raise RefusedError("code", "is not, or no longer, good: ask your clinic for a new one")
        await set_password(conn, user.organisation_id, user.username, password, now=now)
    return await find_user(conn, user.organisation_id, user.id)


async def forget_password_codes(conn: Connection, *, now: dt.datetime) -> None:
    await conn.execute(QUERIES["forget_password_codes"], now)
