"""Setting a password by a link that the clinic gave: it works once, for a day."""

from typing import Final

from aiohttp import web

from care.errors import InvalidError, RefusedError
from care.password_codes import set_password_by_code, whose_password_code
from console.account.shown import asked_words, show_alone
from console.account.words import Words
from console.audit_sign_in import set_up
from console.parts import PARTS
from console.tries import failed, not_too_often
from console.web import speaking
from console.web.forms import form_of
from console.web.page import see_other
from console.web.refusals import said

TYPED_MAX: Final = 100


async def page(request: web.Request) -> web.Response:
    return await _shown(request, request.query.get("code", ""), asked_words(request))


async def send(request: web.Request) -> web.Response:
    """Signing in comes after, with all that it asks for: a code proves no second factor."""
    parts, form = request.app[PARTS], await form_of(request)
    code, words = form.text("code")[:TYPED_MAX], asked_words(request, form)
    typed = form.text("new_password")
    try:
        async with parts.transaction() as conn:
            user = await set_password_by_code(conn, code, typed, now=parts.clock())
            await set_up(request, conn, user.id, "a password by a link")
    except InvalidError:
        return await _shown(request, code, words, fault=said(typed, words))
    except RefusedError:
        return await _shown(request, code, words)
    return see_other(f"/sign-in?{speaking.query_of(words.language, why='password')}")


async def _shown(
    request: web.Request, code: str, words: Words, *, fault: str | None = None
) -> web.Response:
    """For a code that is not good, the page says so, and nothing of why."""
    parts = request.app[PARTS]
    await not_too_often(request)
    username = None
    try:
        async with parts.connection() as conn:
            user = await whose_password_code(conn, code[:TYPED_MAX], now=parts.clock())
        username = user.username
    except RefusedError:
        await failed(request)
    status = 404 if username is None else 422 if fault else 200
    context = {"username": username, "code": code, "fault": fault}
    kept = {"code": code}
    return show_alone(request, "new_password.html", context, words=words, status=status, kept=kept)
