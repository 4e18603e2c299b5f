"""The administrator's own organisation: what it is called, how it is reached, what it asks."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from billing.parties.record_changes import note_record_change
from care.consent_texts import LANGUAGES, current_text, write_text
from care.organisations import Organisation, only_one, organisation_of, update_organisation
from console.clinic import words
from console.clinic.faults import REFUSALS, said
from console.parts import CALLER, PARTS
from console.web.forms import Form, form_of
from console.web.page import render, see_other

LABELS: Final = {
    "name": "Name",
    "time_zone": "Time zone",
    "phone": "Telephone",
    "emergency_number": "Emergency number",
    "weight_unit": "Weight",
    "glucose_unit": "Glucose",
    "temperature_unit": "Temperature",
    "body": "What patients are told",
}
FIELDS: Final = (
    "name", "time_zone", "phone", "emergency_number", "weight_unit", "glucose_unit",
    "temperature_unit",
)  # fmt: skip
SPOKEN: Final = dict(words.LANGUAGES)


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send(request: web.Request) -> web.Response:
    form = await form_of(request)
    caller, parts = request[CALLER], request.app[PARTS]
    try:
        async with parts.transaction() as conn:
            before = await organisation_of(conn, caller.organisation_id)
            after = await update_organisation(
                conn,
                caller.organisation_id,
                name=form.text("name"),
                time_zone=form.text("time_zone"),
                phone=form.given("phone"),
                emergency_number=form.given("emergency_number"),
                weight_unit=form.text("weight_unit"),
                glucose_unit=form.text("glucose_unit"),
                temperature_unit=form.text("temperature_unit"),
                second_factor_required=form.ticked("second_factor"),
            )
            # Months are of this zone: what comes of it for locked ones somebody else approves.
            await note_record_change(
                conn, caller.organisation_id, "practice", None,
                ["time_zone"] if after.time_zone != before.time_zone else [],
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        return await _page(request, form, said(error), status=422)
    return see_other("/clinic", told="Saved.")


async def send_text(request: web.Request) -> web.Response:
    """What patients are told before they consent: a new version, when anything is different."""
    form = await form_of(request)
    caller, parts = request[CALLER], request.app[PARTS]
    language = form.text("language")
    try:
        async with parts.transaction() as conn:
            made = await write_text(
                conn,
                caller.organisation_id,
                language=language,
                body=form.text("body"),
                actor=caller.user_id,
                now=parts.clock(),
            )
    except REFUSALS as error:
        faults = {f"body-{language}": words_ for words_ in said(error).values()}
        return await _page(request, None, faults, body=(language, form.text("body")), status=422)
    spoken = SPOKEN.get(language, language)
    return see_other("/clinic", told=f"Version {made.version} in {spoken} holds from now on.")


async def _page(
    request: web.Request,
    form: Form | None,
    faults: Mapping[str, str],
    *,
    body: tuple[str, str] | None = None,
    status: int = 200,
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.transaction() as conn:
        clinic = await organisation_of(conn, caller.organisation_id)
        texts = [
            await current_text(conn, caller.organisation_id, each, now=parts.clock())
            for each in LANGUAGES
        ]
        alone = await only_one(conn)
    typed = dict([body]) if body is not None else {}
    context: dict[str, Any] = {
        "clinic": clinic,
        "values": _values(clinic, form),
        "second_factor": clinic.second_factor_required
        if form is None
        else form.ticked("second_factor"),
        "texts": [(each, SPOKEN[each.language], typed.get(each.language, each.body))
                  for each in texts],
        "zones": words.zones(),
        "weight_units": words.WEIGHT_UNITS,
        "glucose_units": words.GLUCOSE_UNITS,
        "temperature_units": words.TEMPERATURE_UNITS,
        "alone": alone,
        "settings": parts.settings,
        "faults": faults,
        "labels": LABELS,
    }  # fmt: skip
    return render(request, "clinic/organisation.html", context, status=status)


def _values(clinic: Organisation, form: Form | None) -> dict[str, str]:
    if form is not None:
        return {name: form.text(name) for name in FIELDS}
    return {name: getattr(clinic, name) or "" for name in FIELDS}
