"""The page to sign in at: a user name, a password, and nothing that tells a stranger anything."""

from typing import Final

from aiohttp import web

from console.account.letting_in import HOME, go_on
from console.account.shown import asked_words, show_alone
from console.account.waiting import waiting
from console.account.words import Words
from console.api.proving import proved
from console.doors import still_signed_in
from console.errors import TooManyRequests, Unauthenticated
from console.parts import PARTS
from console.web.forms import Form, form_of
from console.web.local import local_path
from console.web.page import see_other

WHY: Final = {
    "signed-out": "sign_in.why_signed_out",
    "idle": "sign_in.why_idle",
    "not-saved": "sign_in.why_not_saved",
    "too-late": "sign_in.why_too_late",
    "password": "sign_in.why_password",
}
"""Why somebody is here, by a word in the address."""
PLACE: Final = "/sign-in"
"""Shown at the way back from another sign-in page too."""
TYPED_MAX: Final = 300


async def page(request: web.Request) -> web.Response:
    """Whoever is signed in is not asked again."""
    where = local_path(request.query.get("next"))
    try:
        await still_signed_in(request)
    except Unauthenticated:
        return shown(request, asked_words(request), where=where, why=request.query.get("why"))
    return see_other(where or HOME)


async def send(request: web.Request) -> web.Response:
    """The same words for a wrong name, a wrong password and a disabled account."""
    form = await form_of(request)
    words, where = asked_words(request, form), local_path(form.get("next"))
    username, password = form.text("username")[:TYPED_MAX], form.text("password")
    try:
        user = await proved(request, username=username, password=password)
    except Unauthenticated:
        fault = words("sign_in.wrong")
        return shown(request, words, form, where=where, fault=fault, status=422)
    except TooManyRequests as error:
        return _held_off(request, words, form, error, where=where)
    return await go_on(request, user, where=where or HOME, language=words.language)


def _held_off(
    request: web.Request, words: Words, form: Form, error: TooManyRequests, *, where: str | None
) -> web.Response:
    wait_s = error.retry_after_s or 1
    fault = words("sign_in.held_off", wait=waiting(wait_s, words))
    answer = shown(request, words, form, where=where, fault=fault, status=429)
    answer.headers["Retry-After"] = str(wait_s)
    return answer


def shown(
    request: web.Request,
    words: Words,
    form: Form | None = None,
    *,
    where: str | None = None,
    why: str | None = None,
    fault: str | None = None,
    status: int = 200,
) -> web.Response:
    where = None if where == HOME else where
    reason = WHY.get(why or "")
    context = {
        "username": form.text("username")[:TYPED_MAX] if form else "",
        "next": where,
        "provider": _provider_name(request),
        "why": None if reason is None else words(reason),
        "fault": fault,
    }
    kept = {"next": where, "why": None if reason is None else why}
    return show_alone(
        request, "sign_in.html", context, words=words, status=status, kept=kept, path=PLACE
    )


def _provider_name(request: web.Request) -> str | None:
    """On the button for those who sign in elsewhere; None where nobody can."""
    oidc = request.app[PARTS].settings.oidc
    return None if oidc is None else oidc.name
