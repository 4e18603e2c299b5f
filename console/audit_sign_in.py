"""Sign-ins in the audit log: who came in, who was tried in vain, what was set up on the way in."""

import datetime as dt
from typing import Final
from uuid import UUID

from aiohttp import web
from asyncpg import Record

from care.sessions import Lapsed, lapse
from care.users import User
from console.parts import PARTS, REQUEST_ID
from console.routing import API
from console.tries import address_of
from store import audit
from store.audit import Entry
from store.pool import Connection
from store.queries import load
from store.schema import UNCLAIMED

QUERIES: Final = load("console", "audit.sql")
BY_THE_CLOCK: Final = "was signed out by the clock"
NOBODY: Final = "an unknown account"
"""What was typed is not kept: people type passwords into the wrong field."""


async def set_up(request: web.Request, conn: Connection, user_id: UUID, what: str) -> None:
    """By who has a link, or one proof of two, and no session. In the transaction of what is done,
    so that both are there or neither.
    """
    row = await conn.fetchrow(QUERIES["user"], user_id)
    await _write(request, conn, row, f"set up {what}", "done")


async def signed_in(request: web.Request, conn: Connection, user_id: UUID) -> None:
    """Before they are told: whoever could not be written down is not let in."""
    row = await conn.fetchrow(QUERIES["user"], user_id)
    await _write(request, conn, row, "signed in", "done")


async def tried_in_vain(
    request: web.Request, *, username: str = "", user: User | None = None, why: str
) -> None:
    """To the log of the organisation whose account was tried; of nobody's, to nobody's."""
    async with request.app[PARTS].house() as conn:
        row = (
            await conn.fetchrow(QUERIES["user"], user.id)
            if user is not None
            else await conn.fetchrow(QUERIES["user_named"], username.lower())
        )
        await _write(request, conn, row, "tried to sign in", "refused", why=why)


async def lapsed(conn: Connection, *, now: dt.datetime) -> None:
    """Sessions that nobody ended: one row each, from whichever process sees it first."""
    async with conn.transaction():
        for each in await lapse(conn, now=now):
            await audit.append(conn, each.organisation_id, _lapse(each, now=now))


def _lapse(session: Lapsed, *, now: dt.datetime) -> Entry:
    ended_at = session.ended_at.astimezone(dt.UTC).isoformat(timespec="seconds")
    return Entry(
        at=now,
        via="system",
        actor=session.user_id,
        actor_name=session.display_name or session.username,
        actor_role=session.role,
        action=BY_THE_CLOCK,
        route="",
        outcome="done",
        object_kind="sessions",
        object_id=str(session.id),
        address=session.address or None,
        detail={
            "why": f"{'nothing was done' if session.idle else 'it was too old'}; "
            f"it was of no use from {ended_at} on"
        },
    )


async def _write(
    request: web.Request,
    conn: Connection,
    row: Record | None,
    action: str,
    outcome: str,
    why: str = "",
) -> None:
    resource = request.match_info.route.resource
    path = "" if resource is None else resource.canonical
    whose = UNCLAIMED if row is None else row["organisation_id"]
    entry = Entry(
        at=request.app[PARTS].clock(),
        via="api" if path.startswith(API) else "page",
        actor=None if row is None else row["id"],
        actor_name=NOBODY if row is None else row["display_name"] or row["username"],
        actor_role="" if row is None else row["role"],
        action=action,
        route=f"{request.method} {path.removeprefix(API)}",
        outcome=outcome,
        address=address_of(request),
        request_id=request.get(REQUEST_ID),
        detail={"why": why} if why else {},
    )
    await audit.append(conn, whose, entry)
