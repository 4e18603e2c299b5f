"""The page to sign in at: a user name, a password, and nothing that tells a stranger anything."""

from typing import Final

from aiohttp import web

from console.account.letting_in import HOME, go_on
from console.account.local import local_path
from console.account.waiting import waiting
from console.api.proving import proved
from console.doors import still_signed_in
from console.errors import TooManyRequests, Unauthenticated
from console.parts import PARTS
from console.web.forms import Form, form_of
from console.web.page import render, see_other

WHY: Final = {
    "signed-out": "You are signed out.",
    "idle": "You were signed out because nothing was done for a while. Nothing you saved is lost.",
    "too-late": "That took longer than five minutes. Begin again.",
    "password": "Your password is set. Sign in with it.",
}
"""Why somebody is here, by a word in the address."""
TYPED_MAX: Final = 300


async def page(request: web.Request) -> web.Response:
    """Whoever is signed in is not asked again."""
    where = local_path(request.query.get("next"))
    try:
        await still_signed_in(request)
    except Unauthenticated:
        return shown(request, where=where, why=WHY.get(request.query.get("why", "")))
    return see_other(where or HOME)


async def send(request: web.Request) -> web.Response:
    """The same words for a wrong name, a wrong password and a disabled account."""
    form = await form_of(request)
    where = local_path(form.get("next"))
    username, password = form.text("username")[:TYPED_MAX], form.text("password")
    try:
        user = await proved(request, username=username, password=password)
    except Unauthenticated:
        fault = "The user name or the password is wrong."
        return shown(request, form, where=where, fault=fault, status=422)
    except TooManyRequests as error:
        return _held_off(request, form, error, where=where)
    return await go_on(request, user, where=where or HOME)


def _held_off(
    request: web.Request, form: Form, error: TooManyRequests, *, where: str | None
) -> web.Response:
    wait_s = error.retry_after_s or 1
    fault = f"Too many attempts have failed. Wait {waiting(wait_s)}, then try again."
    answer = shown(request, form, where=where, fault=fault, status=429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def shown(
    request: web.Request,
    form: Form | None = None,
    *,
    where: str | None = None,
    why: str | None = None,
    fault: str | None = None,
    status: int = 200,
) -> web.Response:
    context = {
        "username": form.text("username")[:TYPED_MAX] if form else "",
        "next": None if where == HOME else where,
        "provider": _provider_name(request),
        "why": why,
        "fault": fault,
    }
    return render(request, "account/sign_in.html", context, status=status)


def _provider_name(request: web.Request) -> str | None:
    """On the button for those who sign in elsewhere; None where nobody can."""
    oidc = request.app[PARTS].settings.oidc
    return None if oidc is None else oidc.name
