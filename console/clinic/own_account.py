"""The patient's own account: staff make the invitation and hand it over; the rest is theirs."""

from typing import Final

from aiohttp import web

from care.errors import NotFoundError, TakenError
from care.invitations import withdraw
from care.own_accounts import invite_patient, own_account
from console.clinic.account_words import SHEETS
from console.clinic.asking import Asking, asking
from console.clinic.claim_code import picture, server_of
from console.clinic.steps import path_of
from console.web.form_key import proof_of
from console.web.formats import day
from console.web.forms import Form, form_of
from console.web.page import page_of, render, see_other

HAS_ONE: Final = "The patient has an account already: nothing was made."


async def send(request: web.Request) -> web.Response:
    """The sheet stands in the answer itself and nowhere else: of the code only a hash is kept."""
    form = await form_of(request)
    async with asking(request) as it:
        back = _back(it, form)
        try:
            made = await invite_patient(it.conn, *it.whose, proof=proof_of(request, form), **it.by)
        except TakenError:
            return see_other(back, told=HAS_ONE)
        language = it.patient.language if it.patient.language in SHEETS else "en"
        words = SHEETS[language]
        server = server_of(request)
        link = f"{server}/invitation/{made.code}"
        context = {
            "patient": it.patient,
            "banner": await it.banner(),
            "words": words,
            "link": link,
            "code": made.code,
            "where": f"{server}/invitation",
            "picture": picture(link, title=words.picture),
            "until": day(made.expires_at.astimezone(it.zone).date(), language=language),
            "emergency": page_of(request).emergency_number or words.urgent_number,
            "back": back,
        }
    return render(request, "clinic/own_account.html", context)


async def take_back(it: Asking, _: Form, __: web.Request) -> str:
    """An invitation that the patient has not used is good no more."""
    waiting = (await own_account(it.conn, *it.whose, now=it.now)).waiting
    if waiting is None:
        raise NotFoundError("account", "there is no invitation that waits")
    await withdraw(it.conn, *it.whose, waiting.id, **it.by)
    return "The invitation is taken back: its link works no more."


def _back(it: Asking, form: Form) -> str:
    if form.text("from") == "ready":
        return path_of(it.patient.id, "ready")
    return f"/patients/{it.patient.id}/care#account"
