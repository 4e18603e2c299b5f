"""The second proof: a code of an app, or one of the sheet."""

from aiohttp import web

from console.account.halfway import Halfway, begin_again, done, halfway
from console.account.letting_in import HOME, let_in
from console.account.local import local_path
from console.account.waiting import waiting
from console.api.proving import code_proved
from console.errors import TooManyRequests, Unauthenticated
from console.web.forms import form_of
from console.web.page import render

TYPED_MAX = 64


async def page(request: web.Request) -> web.Response:
    half = await halfway(request)
    if half is None:
        return begin_again()
    return _shown(request, half, where=local_path(request.query.get("next")))


async def send(request: web.Request) -> web.Response:
    half = await halfway(request)
    if half is None:
        return begin_again()
    form = await form_of(request)
    where = local_path(form.get("next"))
    try:
        await code_proved(request, half.user, form.text("code")[:TYPED_MAX])
    except Unauthenticated:
        fault = "That code is wrong, was used before, or is over. Wait for the next one."
        return _shown(request, half, where=where, fault=fault, status=422)
    except TooManyRequests as error:
        wait_s = error.retry_after_s or 1
        fault = f"Too many codes were wrong. Wait {waiting(wait_s)}, then try again."
        answer = _shown(request, half, where=where, fault=fault, status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    await done(request, half)
    return await let_in(request, half.user, where=where or HOME)


def _shown(
    request: web.Request,
    half: Halfway,
    *,
    where: str | None,
    fault: str | None = None,
    status: int = 200,
) -> web.Response:
    context = {"csrf": half.csrf, "next": where, "fault": fault}
    return render(request, "account/code.html", context, status=status)
