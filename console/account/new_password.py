"""Setting a password by a link that the clinic gave: it works once, for a day."""

from typing import Final

from aiohttp import web

from care.errors import InvalidError, RefusedError
from care.password_codes import set_password_by_code, whose_password_code
from console.parts import PARTS
from console.tries import failed, not_too_often
from console.web.forms import form_of
from console.web.page import render, see_other

TYPED_MAX: Final = 100


async def page(request: web.Request) -> web.Response:
    return await _shown(request, request.query.get("code", ""))


async def send(request: web.Request) -> web.Response:
    """Signing in comes after, with all that it asks for: a code proves no second factor."""
    parts, form = request.app[PARTS], await form_of(request)
    code = form.text("code")[:TYPED_MAX]
    try:
        async with parts.connection() as conn:
            await set_password_by_code(conn, code, form.text("new_password"), now=parts.clock())
    except InvalidError as error:
        return await _shown(request, code, fault=f"The password {error.message}.")
    except RefusedError:
        return await _shown(request, code)
    return see_other("/sign-in?why=password")


async def _shown(request: web.Request, code: str, *, fault: str | None = None) -> web.Response:
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
    return render(request, "account/new_password.html", context, status=status)
