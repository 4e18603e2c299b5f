"""The last step: has a first reading come, who may look along, and the sheet for the home."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from care.enrolments import finish_enrolment
from care.invitations import invite, list_caregivers, list_waiting
from care.kits import newest_reading
from care.own_accounts import own_account
from console.clinic.asking import Asking, asking
from console.clinic.claim_code import OF_LINK, picture, server_of
from console.clinic.faults import REFUSALS, said
from console.clinic.steps import path_of, progress_of
from console.clinic.words import kind_words
from console.web.form_key import make_key, proof_of
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.schema import RELATIONS

RELATION_WORDS: Final = tuple((each, each.capitalize()) for each in RELATIONS)
LABELS: Final = {"name": "Name", "relation": "Relation"}


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send(request: web.Request) -> web.Response:
    """The enrolment is finished, though something may be handed out later."""
    try:
        async with asking(request) as it:
            await finish_enrolment(it.conn, *it.whose, **it.by)
    except REFUSALS as error:
        return await _page(request, None, said(error), status=422)
    return see_other(f"/patients/{it.patient.id}", told="The enrolment is finished.")


async def send_invitation(request: web.Request) -> web.Response:
    """A link for somebody at home, shown this once."""
    form = await form_of(request)
    try:
        async with asking(request) as it:
            made = await invite(
                it.conn,
                *it.whose,
                name=form.text("name"),
                relation=form.text("relation"),
                by_patient=False,
                proof=proof_of(request, form),
                **it.by,
            )
    except REFUSALS as error:
        return await _page(request, form, said(error), status=422)
    link = f"{server_of(request)}/invitation/{made.code}"
    invited = {
        "name": form.text("name"),
        "link": link,
        "picture": picture(link, title=OF_LINK),
        "expires_at": made.expires_at,
    }
    return await _page(request, None, {}, invited=invited)


async def state(request: web.Request) -> web.Response:
    """Whether a reading has come: a part of the page, asked for by its script."""
    async with asking(request) as it:
        context = {**await _first(it), "patient": it.patient, "zone": it.zone}
    return render(request, "clinic/first_reading.html", context)


async def _page(
    request: web.Request,
    form: Form | None,
    faults: Mapping[str, str],
    *,
    status: int = 200,
    invited: Mapping[str, Any] | None = None,
) -> web.Response:
    async with asking(request) as it:
        progress = await progress_of(it)
        steps = progress.steps(it.patient.id)
        context = {
            "steps": steps,
            "open": [step for step in steps if not step.done and step.name != "ready"],
            "here": "ready",
            "banner": await it.banner(),
            "patient": it.patient,
            "progress": progress,
            "zone": it.zone,
            **await _first(it),
            "waiting": await list_waiting(it.conn, *it.whose, now=it.now),
            "own": await own_account(it.conn, *it.whose, now=it.now),
            "caregivers": await list_caregivers(it.conn, *it.whose),
            "relations": RELATION_WORDS,
            "values": {name: form.text(name) if form else "" for name in LABELS},
            "invited": invited,
            "form_key": make_key(),
            "faults": faults,
            "labels": LABELS,
            "sheet": path_of(it.patient.id, "sheet"),
        }
    return render(request, "clinic/ready_step.html", context, status=status)


async def _first(it: Asking) -> dict[str, Any]:
    newest = await newest_reading(it.conn, *it.whose)
    return {"newest": newest, "kind": "" if newest is None else kind_words(newest.kind)}
