"""Setting up a second factor on the way in, where the clinic wants one of everybody."""

from aiohttp import web

from care.errors import InvalidError, TakenError
from care.second_factor import confirm, secret_to_confirm
from console.account.halfway import Halfway, begin_again, done, halfway
from console.account.letting_in import HOME, let_in
from console.account.secret_shown import secret_shown
from console.account.shown import asked_words, show_alone
from console.account.words import Words
from console.api.proving import seal_of
from console.audit_sign_in import set_up
from console.parts import PARTS
from console.web.forms import form_of
from console.web.local import local_path

TYPED_MAX = 64


async def page(request: web.Request) -> web.Response:
    half, words = await halfway(request), asked_words(request)
    if half is None:
        return begin_again(words)
    return await _shown(request, half, words, where=local_path(request.query.get("next")))


async def send(request: web.Request) -> web.Response:
    """The sheet of spare codes is the first thing that they see."""
    half, form = await halfway(request), await form_of(request)
    parts, words = request.app[PARTS], asked_words(request, form)
    if half is None:
        return begin_again(words)
    where = local_path(form.get("next"))
    typed = form.text("code")[:TYPED_MAX]
    try:
        async with parts.transaction() as conn:
            codes = await confirm(conn, half.user, typed, seal=seal_of(request), now=parts.clock())
            await set_up(request, conn, half.user.id, "a second factor")
    except (InvalidError, TakenError):  # Set up meanwhile, elsewhere: they are asked for its code.
        fault = words("second.wrong_code")
        return await _shown(request, half, words, where=where, fault=fault, status=422)
    await done(request, half)
    context = {"codes": codes, "where": where or HOME}
    answer = show_alone(request, "spare_codes_first.html", context, words=words)
    return await let_in(request, half.user, where=HOME, answer=answer)


async def _shown(
    request: web.Request,
    half: Halfway,
    words: Words,
    *,
    where: str | None,
    fault: str | None = None,
    status: int = 200,
) -> web.Response:
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        secret = await secret_to_confirm(conn, half.user, seal=seal_of(request), now=parts.clock())
    if secret is None:
        return begin_again(words)
    context = {
        "csrf": half.csrf,
        "next": where,
        "fault": fault,
        "secret": secret_shown(request, half.user, secret),
    }
    kept = {"next": where}
    return show_alone(request, "enrolling.html", context, words=words, status=status, kept=kept)
