"""Where somebody is signed in, and how to end it there."""

import datetime as dt
from uuid import UUID

from aiohttp import web

from care.sessions import AGE_MAX, end_others, end_session, idle_max, open_sessions, stay
from console.account.tabs import tabs_of
from console.errors import NotFound
from console.parts import CALLER, PARTS, SESSION_TOKEN
from console.web.page import render, see_other


async def page(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        sessions = await open_sessions(
            conn, caller.user_id, caller.role, request[SESSION_TOKEN], now=parts.clock()
        )
    context = {
        "tabs": tabs_of(caller),
        "sessions": sessions,
        "idle": idle_max(caller.role),
        "age": AGE_MAX,
        "minute": dt.timedelta(minutes=2),
    }
    return render(request, "account/sessions.html", context)


async def end(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    try:
        session_id = UUID(request.match_info["session"])
    except ValueError as error:
        raise NotFound from error
    async with parts.connection() as conn:
        await end_session(conn, caller.user_id, session_id, now=parts.clock())
    return see_other("/account/sessions", told="Signed out there.")


async def end_the_others(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        await end_others(conn, caller.user_id, request[SESSION_TOKEN], now=parts.clock())
    return see_other("/account/sessions", told="Signed out everywhere else.")


async def stay_signed_in(request: web.Request) -> web.Response:
    """Somebody has said that they are there."""
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        await stay(conn, request[SESSION_TOKEN], now=parts.clock())
    return web.Response(status=204)
