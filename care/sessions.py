"""Sign-ins that are going on: opaque tokens, kept as hashes, ended by idleness, age or choice."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from care.errors import NotFoundError, RefusedError
from care.secrets import fingerprint, make_secret
from care.users import ABOUT_A_PATIENT
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "sessions.sql")

# HIPAA 164.312(a)(2)(iii), automatic logoff: a nurse called away from an open console.
IDLE_MAX: Final = dt.timedelta(minutes=15)
IDLE_MAX_AT_HOME: Final = dt.timedelta(minutes=30)
"""Of patients and caregivers: one person's readings, read slowly."""
AGE_MAX: Final = dt.timedelta(hours=12)
NOTED_EVERY: Final = dt.timedelta(minutes=1)
"""Activity is written down this often, not on every request: idleness may be counted from up to
a minute too early."""
SHOWN_MAX: Final = 200


class Session(Struct, frozen=True, kw_only=True):
    """Who is asking."""

    id: UUID
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
    patient_language: str | None = None
    """Of the one patient whom this person sees: how pages at home are written."""
    patient_zone: str | None = None


class OpenSession(Struct, frozen=True, kw_only=True):
    """One of somebody's own, as they see it."""

    id: UUID
    current: bool
    """The one that asks."""
    created_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    address: str
    agent: str


class Lapsed(Struct, frozen=True, kw_only=True):
    """One that nobody ended: the clock did."""

    id: UUID
    user_id: UUID
    organisation_id: UUID
    username: str
    display_name: str
    role: str
    last_seen_at: dt.datetime
    expires_at: dt.datetime
    address: str

    @property
    def idle(self) -> bool:
        """Nobody did anything; else it was too old."""
        return self.last_seen_at + idle_max(self.role) < self.expires_at

    @property
    def ended_at(self) -> dt.datetime:
        return min(self.expires_at, self.last_seen_at + idle_max(self.role))


def idle_max(role: str) -> dt.timedelta:
    """How long somebody may do nothing and stay signed in."""
    return IDLE_MAX_AT_HOME if role in ABOUT_A_PATIENT else IDLE_MAX


def ends_at(session: Session) -> dt.datetime:
    """When it ends, if nothing more is done."""
    return min(session.expires_at, session.last_seen_at + idle_max(session.role))


def is_live(session: Session, *, now: dt.datetime) -> bool:
    return now < ends_at(session)


async def open_session(
    conn: Connection, user_id: UUID, *, now: dt.datetime, address: str = "", agent: str = ""
) -> str:
    """A new session's token, shown this once, for somebody who has proved who they are.

    Raises RefusedError for who was disabled meanwhile.
    """
    token = make_secret()
    opened = await conn.fetchval(
        QUERIES["open"],
        fingerprint(token),
        user_id,
        now,
        now + AGE_MAX,
        address[:SHOWN_MAX],
        agent[:SHOWN_MAX],
    )
    if opened is None:
        raise RefusedError("username", "or password is wrong")
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


async def stay(conn: Connection, token: str, *, now: dt.datetime) -> None:
    """Somebody says that they are there: noted to the second, where requests are to the minute."""
    await conn.execute(QUERIES["note"], fingerprint(token), now)


async def sign_out(conn: Connection, token: str, *, now: dt.datetime) -> None:
    """End a session; one that is not there needs no ending."""
    await conn.execute(QUERIES["end"], fingerprint(token), now)


async def open_sessions(
    conn: Connection, user_id: UUID, role: str, token: str, *, now: dt.datetime
) -> list[OpenSession]:
    """Somebody's own that still hold, the latest used first."""
    idle_since = now - idle_max(role)
    rows = await conn.fetch(QUERIES["open_ones"], user_id, fingerprint(token), now, idle_since)
    return [OpenSession(**row) for row in rows]


async def end_session(
    conn: Connection, user_id: UUID, session_id: UUID, *, now: dt.datetime
) -> None:
    """End one of somebody's own; raises NotFoundError for another's."""
    if await conn.fetchval(QUERIES["end_one"], user_id, session_id, now) is None:
        raise NotFoundError("session", "there is no such session")


async def end_others(conn: Connection, user_id: UUID, token: str, *, now: dt.datetime) -> None:
    """End all of somebody's own but the one that asks."""
    await conn.execute(QUERIES["end_others"], user_id, fingerprint(token), now)


async def lapse(conn: Connection, *, now: dt.datetime) -> list[Lapsed]:
    """Those that the clock has ended since this was asked last, each told once. By clinics, so that
    two who write them down do not wait for each other.
    """
    rows = await conn.fetch(
        QUERIES["lapse"], now, now - IDLE_MAX, now - IDLE_MAX_AT_HOME, sorted(ABOUT_A_PATIENT)
    )
    found = (Lapsed(**row) for row in rows)
    return sorted(found, key=lambda each: (each.organisation_id, each.ended_at))


async def forget_old(conn: Connection, *, now: dt.datetime) -> None:
    """Delete what has been of no use for a day."""
    await conn.execute(QUERIES["forget"], now - dt.timedelta(days=1))


def _session(record: Record) -> Session:
    return Session(**{**record, "preferences": msgspec.json.decode(record["preferences"])})
