"""What is kept of a patient, changed with a reason; and who changed what before."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from care.changes import list_changes
from care.errors import InvalidError
from care.patients import update_patient
from console.clinic import patient_form
from console.clinic.asking import asking
from console.clinic.faults import REFUSALS, said
from console.clinic.history import told
from console.clinic.meanwhile import base_of, merged_with_record
from console.clinic.who import CHOICES
from console.clinic.words import zones
from console.seen import because
from console.web.forms import Form, form_of
from console.web.page import render, see_other

HISTORY_MOST: Final = 100


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, None, {})


async def send(request: web.Request) -> web.Response:
    """A reason is asked for: master data decides whose readings are whose, and on which day."""
    form = await form_of(request)
    typed, base = patient_form.typed(form), form.text("base")
    because(request, form.text("reason"))
    try:
        async with asking(request) as it:
            merged = await merged_with_record(it, form)
            typed, base = {**merged.values}, merged.base
            if merged.faults:
                return await _page(request, typed, form, merged.faults, base=base, status=412)
            if not form.text("reason"):
                raise InvalidError("reason", "say why, in a few words")
            made = await update_patient(
                it.conn,
                it.caller.organisation_id,
                it.patient.id,
                **patient_form.meant(typed),
                reason=form.text("reason"),
                **it.by,
            )
            changed = made != it.patient
    except REFUSALS as error:
        return await _page(request, typed, form, said(error), base=base, status=422)
    words = "Saved." if changed else "Nothing was different: nothing was changed."
    return see_other(f"/patients/{it.patient.id}/edit", told=words)


async def _page(
    request: web.Request,
    typed: Mapping[str, str] | None,
    form: Form | None,
    faults: Mapping[str, str],
    *,
    base: str = "",
    status: int = 200,
) -> web.Response:
    async with asking(request) as it:
        kept = patient_form.of_patient(it.patient)
        changes = await list_changes(it.conn, *it.whose)
        context: dict[str, Any] = {
            **CHOICES,
            "banner": await it.banner(),
            "patient": it.patient,
            "values": typed or kept,
            "base": base or base_of(kept),
            "reason": "" if form is None else form.text("reason"),
            "faults": faults,
            "zones": zones(),
            "today": it.today.isoformat(),
            "history": [(each, told(each)) for each in changes[:HISTORY_MOST]],
            "more": max(0, len(changes) - HISTORY_MOST),
        }
    return render(request, "clinic/edit.html", context, status=status)
