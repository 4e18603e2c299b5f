"""One's own account: what the others see, and how one signs in."""

from aiohttp import web

from care.errors import InvalidError
from care.second_factor import has_second_factor
from care.sessions import open_sessions
from care.users import find_user, update_user
from console.account.shown import own_words, show_own
from console.parts import CALLER, PARTS, SESSION_TOKEN
from console.web.forms import form_of
from console.web.page import see_other


async def page(request: web.Request) -> web.Response:
    return await _shown(request)


async def send(request: web.Request) -> web.Response:
    caller, typed = request[CALLER], (await form_of(request)).text("display_name")
    try:
        async with request.app[PARTS].connection() as conn:
            await update_user(conn, caller.organisation_id, caller.user_id, display_name=typed)
    except InvalidError:
        fault = own_words(request)("you.name_fault")
        return await _shown(request, typed=typed, fault=fault)
    return see_other("/account", told=own_words(request)("you.saved"))


async def _shown(
    request: web.Request, *, typed: str | None = None, fault: str | None = None
) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        user = await find_user(conn, caller.organisation_id, caller.user_id)
        second = await has_second_factor(conn, caller.organisation_id, caller.user_id)
        sessions = await open_sessions(
            conn, caller.user_id, caller.role, request[SESSION_TOKEN], now=parts.clock()
        )
    context = {
        "user": user,
        "typed": user.display_name if typed is None else typed,
        "fault": fault,
        "second_factor": second,
        "sessions": len(sessions),
    }
    return show_own(request, "own.html", context, status=422 if fault else 200)
