"""The page behind an invitation: for somebody whom nobody here knows yet, who brings a code.

Every code that is no good is answered alike and counted by address, so that guessing ends soon.
"""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from care import invitations
from care.errors import InvalidError, RefusedError, TakenError
from care.invitations import Invitation
from console.my.figures import when
from console.my.words import LANGUAGES, NAMES, Words, words_of
from console.parts import PARTS
from console.tries import address_of, failed, not_too_often
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from console.web.refusals import said
from console.web.speaking import query_of
from store import audit

CODE_MOST: Final = 64
OWN: Final = "joined by invitation, as the patient, the record of"


async def ask_for_code(request: web.Request) -> web.Response:
    """For whoever was told a code over the telephone."""
    words = _words(request, None)
    return _shown(request, words, "code.html", {})


async def go_to_code(request: web.Request) -> web.Response:
    form = await form_of(request)
    typed = invitations.normal(form.text("code"))[:CODE_MOST]
    chosen = form.text("language")
    query = f"?language={chosen}" if chosen in LANGUAGES else ""
    return see_other(f"/invitation/{typed}{query}" if typed else "/invitation")


async def look(request: web.Request) -> web.Response:
    """Who invites whom, by first name, and what it means to say yes."""
    await not_too_often(request)
    found = await _found(request)
    if found is None:
        return _over(request)
    words = _words(request, found)
    return _asked(request, found, words, Form(), {})


async def join(request: web.Request) -> web.Response:
    await not_too_often(request)
    form, found = await form_of(request), await _found(request)
    if found is None:
        return _over(request)
    words = _words(request, found)
    faults = faults_in(form, words, own=found.own)
    if faults:
        return _asked(request, found, words, form, faults, status=422)
    try:
        await _accept(request, found, form, words)
    except RefusedError:
        return _over(request)
    except TakenError:
        # Only who holds a good code can ask, and each name that is in use is counted.
        await failed(request)
        faults = {"username": words("invitation.fault_taken")}
    except InvalidError as error:
        field = error.field if error.field in {"name", "username", "password"} else "username"
        password = field == "password"
        fault = said(form.text(field), words) if password else words(f"invitation.fault_{field}")
        faults = {field: fault}
    if faults:
        return _asked(request, found, words, form, faults, status=422)
    query = query_of(words.language)
    where = f"/sign-in?{query}" if query else "/sign-in"
    return see_other(where, told=words("invitation.joined"))


def faults_in(form: Form, words: Words, *, own: bool) -> dict[str, str]:
    """What can be seen without asking anybody; all of it at once. The clinic knows a patient's own
    name: they are not asked.
    """
    faults = {
        name: words(f"invitation.fault_{name}")
        for name in (() if own else ("name",)) + ("username", "password")
        if not form.text(name)
    }
    if "password" not in faults and form.text("password") != form.text("again"):
        faults["again"] = words("invitation.fault_again")
    if not form.ticked("agree"):
        faults["agree"] = words("invitation.fault_agree")
    return faults


async def _accept(request: web.Request, found: Invitation, form: Form, words: Words) -> None:
    parts = request.app[PARTS]
    now, called = parts.clock(), found.name if found.own else form.text("name")
    async with parts.transaction() as conn:
        user_id = await invitations.accept(
            conn,
            found,
            name=called,
            username=form.text("username"),
            password=form.text("password"),
            language=words.language,
            now=now,
        )
        await audit.append(
            conn,
            found.organisation_id,
            audit.Entry(
                at=now,
                via="page",
                actor=user_id,
                actor_name=called,
                actor_role="patient" if found.own else "caregiver",
                action=OWN if found.own else "joined by invitation to look after",
                route="POST /invitation/{code}",
                outcome="done",
                status=303,
                patients=[found.patient_id],
                object_kind="invitation",
                object_id=str(found.id),
                address=address_of(request),
            ),
        )


async def _found(request: web.Request) -> Invitation | None:
    code = request.match_info["code"][:CODE_MOST]
    parts = request.app[PARTS]
    try:
        async with parts.connection() as conn:
            return await invitations.find_invitation(conn, code, now=parts.clock())
    except RefusedError:
        await failed(request)
        return None


def _asked(
    request: web.Request,
    found: Invitation,
    words: Words,
    form: Form,
    faults: Mapping[str, str],
    *,
    status: int = 200,
) -> web.Response:
    zone, now = ZoneInfo(found.time_zone), request.app[PARTS].clock()
    context = {
        "invitation": found,
        "until": when(found.expires_at, zone, words, now=now),
        "typed": {
            "name": form.text("name") or found.name,
            "username": form.text("username"),
            "agree": form.ticked("agree"),
        },
        "faults": faults,
    }
    return _shown(request, words, "invitation.html", context, status=status)


def _over(request: web.Request) -> web.Response:
    return _shown(request, _words(request, None), "over.html", {}, status=404)


def _shown(
    request: web.Request,
    words: Words,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> web.Response:
    languages = [(code, NAMES[code]) for code in LANGUAGES if code != words.language]
    return render(
        request,
        f"my/{template}",
        {"w": words, "languages": languages, **context},
        status=status,
        language=words.language,
    )


def _words(request: web.Request, found: Invitation | None) -> Words:
    """What was asked for; else the patient's language, which their people mostly share; else what
    the browser says first.
    """
    asked = request.query.get("language")
    if asked in LANGUAGES:
        return words_of(asked)
    if found is not None:
        return words_of(found.language)
    return words_of(request.headers.get("Accept-Language", "").partition(",")[0])
