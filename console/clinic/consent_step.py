"""The fourth step: consent. Nothing is monitored before it; with it, monitoring begins."""

from collections.abc import Mapping

from aiohttp import web

from care.consent_texts import current_text
from care.enrolments import begin_when_ready
from care.errors import InvalidError
from console.clinic import consent_form, words
from console.clinic.asking import asking
from console.clinic.faults import REFUSALS, said
from console.clinic.steps import path_of, progress_of
from console.web.consent_words import CONSENT_KINDS, METHODS
from console.web.forms import Form, form_of
from console.web.page import render, see_other

ALSO = ("billing", "messages")
"""May be agreed to besides."""
BEGUN = "Consent is recorded, and monitoring has begun."
NOT_BEGUN = "Consent is recorded. Monitoring begins when a programme is chosen."


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send(request: web.Request) -> web.Response:
    """Records what was agreed to, and begins the episode and its plan; all of it, or nothing."""
    form = await form_of(request)
    try:
        async with asking(request) as it:
            progress = await progress_of(it)
            if not progress.consented:
                if not form.ticked("monitoring"):
                    raise InvalidError("monitoring", "without this consent nothing can be recorded")
                also = [kind for kind in ALSO if form.ticked(kind)]
                await consent_form.record(it, form, ["monitoring", *also])
            begun = await begin_when_ready(it.conn, *it.whose, **it.by)
    except REFUSALS as error:
        faults = said(error, names={"given_at": "given_on"})
        return await _page(request, form, faults, status=422)
    if begun is None:
        return see_other(path_of(it.patient.id, "programme"), told=NOT_BEGUN)
    return see_other(path_of(it.patient.id, "kit"), told=BEGUN)


async def _page(
    request: web.Request, form: Form | None, faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    async with asking(request) as it:
        progress = await progress_of(it)
        context = {
            "steps": progress.steps(it.patient.id),
            "here": "consent",
            "banner": await it.banner(),
            "patient": it.patient,
            "progress": progress,
            "consents": [
                (dict(CONSENT_KINDS)[each.kind], dict(METHODS)[each.method], each)
                for each in await consent_form.standing(it)
            ],
            "text": await current_text(
                it.conn, it.caller.organisation_id, it.patient.language, now=it.now
            ),
            "values": consent_form.values(it, form),
            "ticked": set(form or ()),
            "methods": METHODS,
            "givers": words.GIVERS,
            "faults": faults,
            "labels": consent_form.LABELS,
            "today": it.today.isoformat(),
        }
    return render(request, "clinic/consent_step.html", context, status=status)
