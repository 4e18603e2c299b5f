"""One's own second factor: set up, with new recovery codes, or removed.

What makes an account weaker needs the password and a code: a browser left open is not enough.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from care import second_factor as care
from care.errors import CareError
from care.users import User, find_user
from console.account.secret_shown import secret_shown
from console.account.shown import own_words, show_own
from console.account.waiting import waiting
from console.api.proving import code_proved, own_password, seal_of
from console.errors import TooManyRequests, Unauthenticated
from console.parts import CALLER, PARTS
from console.web.forms import form_of
from console.web.page import see_other

PLACE: Final = "/account/second-factor"
TYPED_MAX: Final = 64

Faults = Mapping[str, str]


async def page(request: web.Request) -> web.Response:
    return await _shown(request)


async def begin(request: web.Request) -> web.Response:
    user, form = await _user(request), await form_of(request)
    if faults := await _password_faults(request, user, "begin", form.text("password")):
        return await _shown(request, faults=faults)
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        await care.begin(conn, user, seal=seal_of(request), now=parts.clock())
    return see_other(PLACE)


async def confirm(request: web.Request) -> web.Response:
    parts, user, form = request.app[PARTS], await _user(request), await form_of(request)
    typed = form.text("code")[:TYPED_MAX]
    try:
        async with parts.connection() as conn:
            codes = await care.confirm(conn, user, typed, seal=seal_of(request), now=parts.clock())
    except CareError:
        fault = own_words(request)("second.wrong_code")
        return await _shown(request, faults={"confirm/code": fault})
    return await _shown(request, codes=codes)


async def new_codes(request: web.Request) -> web.Response:
    user = await _user(request)
    if faults := await _both_faults(request, user, "spare-codes"):
        return await _shown(request, faults=faults)
    async with request.app[PARTS].connection() as conn:
        codes = await care.new_spare_codes(conn, user)
    return await _shown(request, codes=codes)


async def remove(request: web.Request) -> web.Response:
    user = await _user(request)
    if faults := await _both_faults(request, user, "remove"):
        return await _shown(request, faults=faults)
    async with request.app[PARTS].connection() as conn:
        await care.remove_second_factor(conn, user.organisation_id, user.id)
    return see_other(PLACE, told=own_words(request)("second.removed"))


async def _user(request: web.Request) -> User:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        return await find_user(conn, caller.organisation_id, caller.user_id)


async def _both_faults(request: web.Request, user: User, form_name: str) -> Faults:
    """The code is looked at only under a right password: no guess of one burns the other."""
    form = await form_of(request)
    faults = await _password_faults(request, user, form_name, form.text("password"))
    if faults:
        return faults
    where = f"{form_name}/code"
    try:
        await code_proved(request, user, form.text("code")[:TYPED_MAX])
    except Unauthenticated:
        return {where: own_words(request)("second.wrong_code")}
    except TooManyRequests as error:
        return {where: _wait(request, error)}
    return {}


def _wait(request: web.Request, error: TooManyRequests) -> str:
    words = own_words(request)
    return words("password.wait", wait=waiting(error.retry_after_s or 1, words))


async def _password_faults(
    request: web.Request, user: User, form_name: str, password: str
) -> Faults:
    where = f"{form_name}/password"
    try:
        right = await own_password(request, user, password)
    except TooManyRequests as error:
        return {where: _wait(request, error)}
    return {} if right else {where: own_words(request)("password.not_yours")}


async def _shown(
    request: web.Request, *, faults: Faults | None = None, codes: Sequence[str] = ()
) -> web.Response:
    parts, user = request.app[PARTS], await _user(request)
    async with parts.connection() as conn:
        state = await care.state_of(conn, user)
        secret = await care.secret_to_confirm(conn, user, seal=seal_of(request), now=parts.clock())
    context = {
        "confirmed": state.confirmed,
        "required": state.required,
        "left": state.spare_codes,
        "secret": None if secret is None else secret_shown(request, user, secret),
        "faults": faults or {},
        "codes": codes,
    }
    return show_own(request, "second_factor.html", context, status=422 if faults else 200)
