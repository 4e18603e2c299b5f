"""The second proof: a code of an app, or one of the sheet."""

from aiohttp import web

from console.account.halfway import Halfway, begin_again, done, halfway
from console.account.letting_in import HOME, let_in
from console.account.shown import asked_words, show_alone
from console.account.waiting import waiting
from console.account.words import Words
from console.api.proving import code_proved
from console.errors import TooManyRequests, Unauthenticated
from console.web.forms import form_of
from console.web.local import local_path

TYPED_MAX = 64


async def page(request: web.Request) -> web.Response:
    half, words = await halfway(request), asked_words(request)
    if half is None:
        return begin_again(words)
    return _shown(request, half, words, where=local_path(request.query.get("next")))


async def send(request: web.Request) -> web.Response:
    half, form = await halfway(request), await form_of(request)
    words, where = asked_words(request, form), local_path(form.get("next"))
    if half is None:
        return begin_again(words)
    try:
        await code_proved(request, half.user, form.text("code")[:TYPED_MAX])
    except Unauthenticated:
        fault = words("code.wrong")
        return _shown(request, half, words, where=where, fault=fault, status=422)
    except TooManyRequests as error:
        wait_s = error.retry_after_s or 1
        fault = words("code.held_off", wait=waiting(wait_s, words))
        answer = _shown(request, half, words, where=where, fault=fault, status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    await done(request, half)
    return await let_in(request, half.user, where=where or HOME)


def _shown(
    request: web.Request,
    half: Halfway,
    words: Words,
    *,
    where: str | None,
    fault: str | None = None,
    status: int = 200,
) -> web.Response:
    context = {"csrf": half.csrf, "next": where, "fault": fault}
    kept = {"next": where}
    return show_alone(request, "code.html", context, words=words, status=status, kept=kept)
