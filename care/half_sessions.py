"""Between a right password and a second proof: known by whom, and let in nowhere yet."""

import datetime as dt
from typing import Final

from care.errors import RefusedError
from care.secrets import fingerprint, make_secret
from care.sessions import QUERIES
from care.users import User
from store.pool import Connection

GOOD_FOR: Final = dt.timedelta(minutes=5)


async def open_half(conn: Connection, user: User, *, now: dt.datetime) -> str:
    """A token that opens no door: it says whose second proof is waited for."""
    token = make_secret()
    await conn.execute(QUERIES["half_open"], fingerprint(token), user.id, now)
    return token


async def whose_half(conn: Connection, token: str, *, now: dt.datetime) -> User:
    """Raises RefusedError for one that is over, was used, or never was."""
    record = await conn.fetchrow(QUERIES["half_find"], fingerprint(token), now - GOOD_FOR)
    if record is None:
        raise RefusedError("token", "is not, or no longer, good: sign in again")
    return User(**record)


async def end_half(conn: Connection, token: str) -> None:
    await conn.execute(QUERIES["half_end"], fingerprint(token))


async def forget_halves(conn: Connection, *, now: dt.datetime) -> None:
    await conn.execute(QUERIES["half_forget"], now - GOOD_FOR)
