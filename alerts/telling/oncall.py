"""The on-call schedule: whom the ladders' `on_call` steps find at a minute."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct
from structlog import get_logger

from alerts.telling.oncall_gaps import AHEAD, Gap, gaps
from alerts.telling.recipients import ROLES
from care.errors import InvalidError, NotFoundError, TakenError
from care.spans import ends_after, meets
from store.pool import Connection
from store.queries import load

log = get_logger()

QUERIES: Final = load("alerts", "oncall.sql")
LONGEST: Final = dt.timedelta(days=366)


class Duty(Struct, frozen=True, kw_only=True):
    """One person, from `starts_at` until before `ends_at`."""

    id: UUID
    user_id: UUID
    username: str
    role: str
    disabled_at: dt.datetime | None
    """Who cannot sign in any more is not told either."""
    starts_at: dt.datetime
    ends_at: dt.datetime
    created_by: UUID | None
    created_at: dt.datetime


class DutySchedule(Struct, frozen=True, kw_only=True):
    shifts: tuple[Duty, ...]
    """Those that are not over."""
    gaps: tuple[Gap, ...]
    """When nobody is on call within the next 14 days."""


async def add_shift(
    conn: Connection,
    organisation_id: UUID,
    *,
    user_id: UUID,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    actor: UUID | None,
    now: dt.datetime,
) -> Duty:
    """Several people may be on call at once; one person is not twice. Raises InvalidError,
    NotFoundError, TakenError.
    """
    ends_after("ends_at", ends_at, starts_at)
    if ends_at <= now:
        raise InvalidError("ends_at", "lies in the past: nobody would be told by it")
    if ends_at - starts_at > LONGEST:
        raise InvalidError("ends_at", f"is more than {LONGEST.days} days after the start")
    async with conn.transaction():
        await conn.execute(QUERIES["lock"], organisation_id)
        await _may_be(conn, organisation_id, user_id)
        for each in await list_shifts(conn, organisation_id, since=starts_at):
            if each.user_id == user_id and meets(
                (starts_at, ends_at), (each.starts_at, each.ends_at)
            ):
                said = f"{each.starts_at:%Y-%m-%d %H:%M} to {each.ends_at:%Y-%m-%d %H:%M} UTC"
                raise TakenError("user", f"{each.username} is on call from {said} already")
        made = await conn.fetchval(
            QUERIES["add"], organisation_id, user_id, starts_at, ends_at, actor, now
        )
        log.info("on call", shift=str(made), by=str(actor))
        return await find_shift(conn, organisation_id, made)


async def remove_shift(
    conn: Connection, organisation_id: UUID, shift_id: UUID, *, now: dt.datetime
) -> Duty:
    """One that runs ends now, one that lies ahead is gone; what was is not rewritten."""
    async with conn.transaction():
        await conn.execute(QUERIES["lock"], organisation_id)
        shift = await find_shift(conn, organisation_id, shift_id)
        if shift.ends_at <= now:
            raise InvalidError("shift", "is over: it stays on record")
        if shift.starts_at >= now:
            await conn.execute(QUERIES["remove"], shift_id)
            return shift
        await conn.execute(QUERIES["shorten"], shift_id, now)
        return await find_shift(conn, organisation_id, shift_id)


async def schedule(conn: Connection, organisation_id: UUID, *, now: dt.datetime) -> DutySchedule:
    shifts = await list_shifts(conn, organisation_id, since=now)
    told = [(each.starts_at, each.ends_at) for each in shifts if each.disabled_at is None]
    return DutySchedule(shifts=tuple(shifts), gaps=gaps(told, since=now, until=now + AHEAD))


async def list_shifts(conn: Connection, organisation_id: UUID, *, since: dt.datetime) -> list[Duty]:
    """Those that end after `since`, in the order in which they begin."""
    rows = await conn.fetch(QUERIES["list"], organisation_id, since)
    return [Duty(**dict(row)) for row in rows]


async def find_shift(conn: Connection, organisation_id: UUID, shift_id: UUID) -> Duty:
    row = await conn.fetchrow(QUERIES["find"], organisation_id, shift_id)
    if row is None:
        raise NotFoundError("shift", f"there is no shift {shift_id}")
    return Duty(**dict(row))


async def _may_be(conn: Connection, organisation_id: UUID, user_id: UUID) -> None:
    account = await conn.fetchrow(QUERIES["account"], organisation_id, user_id)
    if account is None:
        raise NotFoundError("user", f"there is no user {user_id}")
    if account["disabled_at"] is not None:
        raise InvalidError("user", "cannot sign in any more")
    if account["role"] not in ROLES:
        raise InvalidError("user", f"is a {account['role']}: on call are {', '.join(ROLES)}")
