"""The sheet that a patient takes home: how to measure, when, and whom to call."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from care.enrolments import find_enrolment
from care.errors import NotFoundError
from care.kits import list_held
from care.organisations import organisation_of
from care.phones import dialled
from care.plans import in_force, list_plans
from care.programme import Measure
from care.programmes import find_programme
from console.clinic.asking import Asking, asking
from console.clinic.sheet_words import SHEETS, Sheet
from console.web.page import page_of, render
from vitals.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of measurement, as the sheet tells of it."""

    kind: Kind
    title: str
    when: tuple[str, ...]
    how: tuple[str, ...]


async def page(request: web.Request) -> web.Response:
    async with asking(request) as it:
        words = SHEETS.get(it.patient.language, SHEETS["en"])
        measures = await _measures(it)
        held = await list_held(it.conn, *it.whose)
        clinic = await organisation_of(it.conn, it.caller.organisation_id)
        shown = page_of(request)
        phone = clinic.phone or shown.clinic_phone
        context = {
            "patient": it.patient,
            "banner": await it.banner(),
            "words": words,
            "asked": [told(each, words) for each in measures],
            "devices": [each for each in held if each.ends_at is None],
            "clinic": clinic,
            "phone": phone,
            "dialled": dialled(phone) if phone else None,
            "emergency": clinic.emergency_number or shown.emergency_number,
            "back": f"/patients/{it.patient.id}/enrol/ready",
        }
    return render(request, "clinic/sheet.html", context)


async def _measures(it: Asking) -> tuple[Measure, ...]:
    """Of the plan that holds or is to begin; before consent, of the programme that is chosen."""
    plans = await list_plans(it.conn, *it.whose)
    plan = in_force(plans, at=it.now) or next(
        (each for each in plans if each.withdrawn_at is None and each.effective_from > it.now), None
    )
    if plan is not None:
        return plan.measures
    try:
        chosen = await find_enrolment(it.conn, *it.whose)
    except NotFoundError:
        return ()
    if chosen.programme is None:
        return ()
    known = await find_programme(it.conn, chosen.programme, chosen.programme_version)
    return known.programme.measures


DAYS: Final = 7


def told(measure: Measure, words: Sheet) -> Asked:
    """In the patient's language: times as the clock on the wall has them."""
    days = (
        words.every_day
        if len(measure.days) == DAYS
        else ", ".join(words.days[each] for each in measure.days)
    )
    when = tuple(
        words.slot.format(start=slot.start, end=slot.end, times=words.times(slot.readings))
        for slot in measure.slots
    )
    return Asked(
        kind=measure.kind,
        title=words.kinds[measure.kind],
        when=(*when, days),
        how=words.how[measure.kind],
    )
