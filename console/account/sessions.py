"""Where somebody is signed in, and how to end it there."""

import datetime as dt
from typing import Final
from uuid import UUID

from aiohttp import web

from care.sessions import AGE_MAX, end_others, end_session, idle_max, open_sessions, stay
from console.account.shown import own_words, show_own
from console.errors import NotFound
from console.parts import CALLER, PARTS, SESSION_TOKEN
from console.web.page import see_other

JUST_NOW: Final = dt.timedelta(minutes=2)
"""What is used is written down by the minute."""


async def page(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        sessions = await open_sessions(
            conn, caller.user_id, caller.role, request[SESSION_TOKEN], now=parts.clock()
        )
    context = {
        "sessions": sessions,
        "idle_minutes": int(idle_max(caller.role) / dt.timedelta(minutes=1)),
        "age_hours": int(AGE_MAX / dt.timedelta(hours=1)),
        "just_now": JUST_NOW,
    }
    return show_own(request, "sessions.html", context)


async def end(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    try:
        session_id = UUID(request.match_info["session"])
    except ValueError as error:
        raise NotFound from error
    async with parts.connection() as conn:
        await end_session(conn, caller.user_id, session_id, now=parts.clock())
    return see_other("/account/sessions", told=own_words(request)("sessions.ended"))


async def end_the_others(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        await end_others(conn, caller.user_id, request[SESSION_TOKEN], now=parts.clock())
    return see_other("/account/sessions", told=own_words(request)("sessions.ended_others"))


async def stay_signed_in(request: web.Request) -> web.Response:
    """Somebody has said that they are there."""
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        await stay(conn, request[SESSION_TOKEN], now=parts.clock())
    return web.Response(status=204)
