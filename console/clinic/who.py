"""The first step: who it is. The patient is made here, so that nothing is lost by leaving."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from care.enrolments import begin_enrolment, find_enrolment, list_unfinished
from care.errors import NotFoundError, TakenError
from care.organisations import organisation_of
from care.patients import Patient, add_patient, find_alike, find_patient, update_patient
from console.clinic import patient_form, words
from console.clinic.asking import asking
from console.clinic.faults import REFUSALS, said
from console.clinic.meanwhile import base_of, merged_with_record
from console.clinic.steps import path_of, progress_of
from console.parts import CALLER, PARTS
from console.seen import seen
from console.web.forms import form_of
from console.web.page import render, see_other
from store.pool import Connection

CHOICES = {
    "sexes": words.SEXES,
    "languages": words.LANGUAGES,
    "weight_units": words.WEIGHT_UNITS,
    "glucose_units": words.GLUCOSE_UNITS,
    "temperature_units": words.TEMPERATURE_UNITS,
    "asked": patient_form.ASKED,
}


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {}, [])


async def send(request: web.Request) -> web.Response:
    """Makes the patient, unless somebody like that is there: then a person decides."""
    form = await form_of(request)
    caller, parts = request[CALLER], request.app[PARTS]
    typed, now = patient_form.typed(form), parts.clock()
    try:
        async with parts.transaction() as conn:
            given = patient_form.meant(typed)
            alike = await _alike(conn, caller.organisation_id, given)
            same = await _sent_before(conn, alike, given, caller.user_id, now=now)
            if same is not None:
                return see_other(f"/patients/{same.id}/enrol")
            if alike and not _is_another(alike, given, confirmed=form.ticked("another")):
                return await _page(request, typed, {}, alike, status=422)
            made = await add_patient(conn, caller.organisation_id, **given, today=_latest_day(now))
            await begin_enrolment(
                conn, caller.organisation_id, made.id, actor=caller.user_id, now=now
            )
    except REFUSALS as error:
        alike = []
        if isinstance(error, TakenError):  # Somebody was faster by a moment.
            async with parts.connection() as conn:
                alike = [await find_patient(conn, caller.organisation_id, typed["mrn"])]
        return await _page(request, typed, said(error), alike, status=422)
    seen(request, made.id)
    return see_other(path_of(made.id, "programme"))


async def resume(request: web.Request) -> web.Response:
    """Where the enrolment of a patient stands; begins nothing by itself."""
    async with asking(request) as it:
        try:
            progress = await progress_of(it)
        except NotFoundError:
            return render(
                request,
                "clinic/begin.html",
                {"patient": it.patient, "banner": await it.banner()},
            )
    return see_other(progress.next_path(it.patient.id))


async def begin(request: web.Request) -> web.Response:
    """For a patient who is there already."""
    async with asking(request) as it:
        await begin_enrolment(it.conn, *it.whose, **it.by)
    return see_other(f"/patients/{it.patient.id}/enrol")


async def again(request: web.Request) -> web.Response:
    """The first step, of a patient who has been made: what was typed, to be corrected."""
    return await _again(request, None, {})


async def send_again(request: web.Request) -> web.Response:
    form = await form_of(request)
    typed, base = patient_form.typed(form), form.text("base")
    try:
        async with asking(request) as it:
            merged = await merged_with_record(it, form)
            typed, base = {**merged.values}, merged.base
            if merged.faults:
                return await _again(request, typed, merged.faults, base=base, status=412)
            await update_patient(
                it.conn,
                it.caller.organisation_id,
                it.patient.id,
                **patient_form.meant(typed),
                reason="enrolment",
                **it.by,
            )
    except REFUSALS as error:
        return await _again(request, typed, said(error), base=base, status=422)
    return see_other(path_of(it.patient.id, "programme"))


async def _again(
    request: web.Request,
    typed: Mapping[str, str] | None,
    faults: Mapping[str, str],
    *,
    base: str = "",
    status: int = 200,
) -> web.Response:
    async with asking(request) as it:
        progress, kept = await progress_of(it), patient_form.of_patient(it.patient)
        context = {
            **CHOICES,
            "steps": progress.steps(it.patient.id),
            "here": "who",
            "banner": await it.banner(),
            "values": typed or kept,
            "base": base or base_of(kept),
            "faults": faults,
            "zones": words.zones(),
            "today": it.today.isoformat(),
        }
    return render(request, "clinic/who_again.html", context, status=status)


async def _page(
    request: web.Request,
    typed: Mapping[str, str] | None,
    faults: Mapping[str, str],
    alike: list[Patient],
    *,
    status: int = 200,
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        clinic = await organisation_of(conn, caller.organisation_id)
        waiting = await list_unfinished(conn, caller.organisation_id)
    seen(request, *(each.id for each in alike), *(each.patient_id for each in waiting))
    blank = dict.fromkeys(patient_form.FIELDS, "") | {
        "sex": "unknown",
        "language": "en",
        "time_zone": clinic.time_zone,
        "weight_unit": clinic.weight_unit,
        "glucose_unit": clinic.glucose_unit,
        "temperature_unit": clinic.temperature_unit,
        "allergies_asked": "no",
    }
    values = typed or blank
    context = {
        **CHOICES,
        "values": values,
        "faults": faults,
        "alike": alike,
        "same_number": any(each.mrn == values["mrn"] for each in alike),
        "waiting": [] if typed else waiting,
        "zones": words.zones(),
        "today": parts.clock().astimezone(ZoneInfo(clinic.time_zone)).date().isoformat(),
    }
    return render(request, "clinic/who.html", context, status=status)


async def _alike(conn: Connection, organisation_id: Any, given: Mapping[str, Any]) -> list[Patient]:
    return await find_alike(
        conn,
        organisation_id,
        mrn=given["mrn"],
        given_name=given["given_name"],
        family_name=given["family_name"],
        birth_date=given["birth_date"],
    )


async def _sent_before(
    conn: Connection,
    alike: list[Patient],
    given: Mapping[str, Any],
    actor: Any,
    *,
    now: dt.datetime,
) -> Patient | None:
    """The same form, sent twice by the same person: one patient, and no complaint."""
    for each in alike:
        if any(getattr(each, name) != value for name, value in given.items()):
            continue
        try:
            known = await find_enrolment(conn, each.organisation_id, each.id)
        except NotFoundError:
            continue
        fresh = now - known.started_at < dt.timedelta(hours=1)
        if fresh and known.started_by == actor and known.finished_at is None:
            return each
    return None


def _is_another(alike: list[Patient], given: Mapping[str, Any], *, confirmed: bool) -> bool:
    """A number is one person's: no word of anybody makes it two people's."""
    if any(each.mrn == given["mrn"] for each in alike):
        raise TakenError("mrn", "already belongs to another patient")
    return confirmed


def _latest_day(now: dt.datetime) -> dt.date:
    """Somewhere it is tomorrow already."""
    return (now + dt.timedelta(hours=14)).date()
