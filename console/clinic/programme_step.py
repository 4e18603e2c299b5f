"""The second step: in which programme, with which limits, from which day on."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from care.enrolments import begin_when_ready, choose_programme
from care.errors import NotFoundError
from care.programme import Overrides
from care.programmes import Known, find_programme, list_programmes
from care.sign_offs import list_sign_offs
from care.wall_clock import day_of
from console.clinic.asking import Asking, asking
from console.clinic.faults import REFUSALS, said
from console.clinic.limits_form import changes, shown
from console.clinic.programmes import signers
from console.clinic.steps import Progress, path_of, progress_of
from console.clinic.words import summary
from console.web.formats import Units
from console.web.forms import form_of
from console.web.page import render, see_other
from console.web.rule_words import measure_words


async def page(request: web.Request) -> web.Response:
    """Without `programme` in the address, and none chosen yet: the list of them."""
    return await _page(request, request.query.get("programme"), None, {})


async def send(request: web.Request) -> web.Response:
    form = await form_of(request)
    programme = form.text("programme")
    try:
        async with asking(request) as it:
            known = await find_programme(it.conn, programme, _number(form.text("version")))
            starts_on = form.given("starts_on")
            await choose_programme(
                it.conn,
                *it.whose,
                programme=programme,
                version=known.programme.version,
                overrides=changes(known.programme, form, _units(it)),
                reason=form.text("reason"),
                starts_on=None if starts_on is None else day_of("starts_on", starts_on),
                now=it.now,
            )
            begun = await begin_when_ready(it.conn, *it.whose, **it.by)
    except REFUSALS as error:
        if isinstance(error, NotFoundError):
            raise
        return await _page(request, programme, form, said(error), status=422)
    return see_other(
        path_of(it.patient.id, "order"),
        told=None if begun is None else "Monitoring has begun.",
    )


async def _page(
    request: web.Request,
    programme: str | None,
    typed: Mapping[str, str] | None,
    faults: Mapping[str, str],
    *,
    status: int = 200,
) -> web.Response:
    async with asking(request) as it:
        progress = await progress_of(it)
        chosen = progress.enrolment
        common = {
            "steps": progress.steps(it.patient.id),
            "here": "programme",
            "banner": await it.banner(),
            "patient": it.patient,
            "progress": progress,
        }
        name = programme or chosen.programme
        if name is None or "choose" in request.query:
            return render(request, "clinic/programmes_step.html", common | await _choices(it))
        version = chosen.programme_version if name == chosen.programme else None
        known = await find_programme(it.conn, name, version)
        signed = (await list_sign_offs(it.conn, it.caller.organisation_id)).get(known.key)
        context = {
            **common,
            **_form(it, known, progress, typed),
            "known": known,
            "signed": signed,
            "signers": await signers(it.conn, it.caller.organisation_id),
            "faults": faults,
            "labels": {"reason": "Why the limits differ", "starts_on": "First day"},
        }
    return render(request, "clinic/programme_step.html", context, status=status)


def _form(
    it: Asking, known: Known, progress: Progress, typed: Mapping[str, str] | None
) -> dict[str, Any]:
    """What the fields say: as typed, as chosen before, or as the programme has it."""
    chosen = progress.enrolment
    mine = chosen.overrides if known.programme.id == chosen.programme else Overrides()
    day = "" if chosen.starts_on is None else chosen.starts_on.isoformat()
    values = {"reason": chosen.reason, "starts_on": day}
    if typed is not None:
        values = {name: typed.get(name, "") for name in values}
    return {
        "rules": shown(known.programme, mine, _units(it), typed),
        "measures": [(each.kind, measure_words(each)) for each in known.programme.measures],
        "values": values,
        "today": it.today.isoformat(),
    }


async def _choices(it: Asking) -> dict[str, Any]:
    newest = {each.programme.id: each for each in await list_programmes(it.conn)}
    signed = await list_sign_offs(it.conn, it.caller.organisation_id)
    return {"programmes": list(newest.values()), "signed": signed, "summary": summary}


def _units(it: Asking) -> Units:
    patient = it.patient
    return Units(
        weight=patient.weight_unit,
        glucose=patient.glucose_unit,
        temperature=patient.temperature_unit,
    )


def _number(text: str) -> int | None:
    """The version that the page showed: a newer one that came meanwhile was not seen."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None  # noqa: PLR2004
