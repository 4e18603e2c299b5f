"""Sign-ins that are going on: opaque tokens, kept as hashes, ended by idleness, age or choice."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from care.errors import RefusedError
from care.secrets import fingerprint, make_secret
from care.users import check_password
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "sessions.sql")

# HIPAA 164.312(a)(2)(iii), automatic logoff: a nurse called away from an open console.
IDLE_MAX: Final = dt.timedelta(minutes=15)
AGE_MAX: Final = dt.timedelta(hours=12)
NOTED_EVERY: Final = dt.timedelta(minutes=1)
"""Activity is written down this often, not on every request: idleness may be counted from up to
a minute too early."""


class Session(Struct, frozen=True, kw_only=True):
    """Who is asking."""

    user_id: UUID
    organisation_id: UUID
    username: str
    role: str
    patient_id: UUID | None
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    display_name: str
    preferences: dict[str, Any]
    organisation: str
    organisation_zone: str
    organisation_phone: str | None
    organisation_emergency: str | None


def is_live(session: Session, *, now: dt.datetime) -> bool:
    return now < session.expires_at and now < session.last_seen_at + IDLE_MAX


async def sign_in(conn: Connection, *, username: str, password: str, now: dt.datetime) -> str:
    """A new session's token, shown this once; raises RefusedError."""
    user = await check_password(conn, username=username, password=password)
    token = make_secret()
    await conn.execute(QUERIES["open"], fingerprint(token), user.id, now, now + AGE_MAX)
    return token


async def find_session(conn: Connection, token: str, *, now: dt.datetime) -> Session:
    """The session that a token stands for, noting that it is used; raises RefusedError."""
    session = await still_holds(conn, token, now=now)
    if now - session.last_seen_at >= NOTED_EVERY:
        await conn.execute(QUERIES["note"], fingerprint(token), now)
    return session


async def still_holds(conn: Connection, token: str, *, now: dt.datetime) -> Session:
    """As `find_session`, for what only goes on: nobody has done anything, so that a page that is
    left open does not keep its session alive.
    """
    record = await conn.fetchrow(QUERIES["find"], fingerprint(token))
    session = None if record is None else _session(record)
    if session is None or not is_live(session, now=now):
        raise RefusedError("token", "is not, or no longer, good: sign in again")
    return session


async def sign_out(conn: Connection, token: str, *, now: dt.datetime) -> None:
    """End a session; one that is not there needs no ending."""
    await conn.execute(QUERIES["end"], fingerprint(token), now)


async def forget_old(conn: Connection, *, now: dt.datetime) -> None:
    """Delete what has been of no use for a day."""
    await conn.execute(QUERIES["forget"], now - dt.timedelta(days=1))


def _session(record: Record) -> Session:
    return Session(**{**record, "preferences": msgspec.json.decode(record["preferences"])})
