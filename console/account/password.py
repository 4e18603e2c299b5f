"""Changing one's own password: the old one is asked for, and every other session ends."""

from aiohttp import web

from care.errors import InvalidError
from care.users import find_user, set_password
from console.account.letting_in import let_in
from console.account.shown import own_words, show_own
from console.account.waiting import waiting
from console.api.proving import own_password
from console.errors import TooManyRequests
from console.parts import CALLER, PARTS
from console.web.forms import form_of
from console.web.page import see_other
from console.web.refusals import said


async def page(request: web.Request) -> web.Response:
    return _shown(request)


async def send(request: web.Request) -> web.Response:
    """Whoever changes it goes on under a new session."""
    parts, caller, form = request.app[PARTS], request[CALLER], await form_of(request)
    words, new = own_words(request), form.text("new_password")
    async with parts.connection() as conn:
        user = await find_user(conn, caller.organisation_id, caller.user_id)
    try:
        if not await own_password(request, user, form.text("old_password")):
            return _shown(request, old_fault=words("password.not_yours"))
        async with parts.connection() as conn:
            await set_password(
                conn, caller.organisation_id, caller.username, new, now=parts.clock()
            )
    except InvalidError:
        return _shown(request, new_fault=said(new, words))
    except TooManyRequests as error:
        wait = waiting(error.retry_after_s or 1, words)
        return _shown(request, old_fault=words("password.wait", wait=wait), status=429)
    told = words("password.changed")
    return await let_in(request, user, where="/account", answer=see_other("/account", told=told))


def _shown(
    request: web.Request,
    *,
    old_fault: str | None = None,
    new_fault: str | None = None,
    status: int = 422,
) -> web.Response:
    """What was typed is not given back: it is a secret."""
    context = {"old_fault": old_fault, "new_fault": new_fault}
    refused = old_fault or new_fault
    return show_own(request, "password.html", context, status=status if refused else 200)
