"""Fee schedules: taken in as files, looked at, never changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from billing.parties.fees import fees_of, import_fees, list_schedules
from billing.parties.payers import list_payers
from care.errors import FaultsError, InvalidError
from care.faults import Fault
from console.billing import typed, words
from console.billing.faults import REFUSALS, said, sentence, status_of
from console.billing.tabs import tabs
from console.billing_access import SETTERS
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_or_none
from console.web.forms import Form, form_of
from console.web.page import render, see_other

HERE: Final = "/billing/fees"
FIELDS: Final = ("name", "payer", "effective_from", "effective_to", "file")
FILE_MOST: Final = 60 * 1024
"""Of characters: a form takes no more."""


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    try:
        first, last = _span_in(form)
        async with parts.transaction() as conn:
            made = await import_fees(
                conn, caller.organisation_id, form.text("file"),
                payer=id_or_none(form.text("payer")), name=form.text("name"), effective_from=first,
                effective_to=last, actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except FaultsError as error:
        faults = {"file": "has lines that cannot be read: see above"}
        return await _page(request, form, faults, lines=error.faults, status=422)
    except REFUSALS as error:
        return await _page(request, form, said(error), status=status_of(error))
    return see_other(f"{HERE}/{made.id}", told=f"{made.codes} fees are taken in.")


async def one(request: web.Request) -> web.Response:
    caller, schedule_id = request[CALLER], id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        fees = await fees_of(conn, caller.organisation_id, schedule_id)
        rows = await list_schedules(conn, caller.organisation_id)
    context = {
        "schedule": next(each for each in rows if each.id == schedule_id),
        "fees": fees,
        "words": words,
        **tabs(caller, HERE),
    }
    return render(request, "billing/fees_one.html", context)


def _span_in(form: Form) -> tuple[dt.date, dt.date | None]:
    if not form.text("file"):
        raise InvalidError("file", "must not be empty")
    return typed.day(form, "effective_from"), typed.day_or_none(form, "effective_to")


async def _page(
    request: web.Request,
    form: Form | None,
    faults: Mapping[str, str],
    *,
    lines: Sequence[Fault] = (),
    status: int = 200,
) -> web.Response:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        schedules = await list_schedules(conn, caller.organisation_id)
        payers = await list_payers(conn, caller.organisation_id)
    context: dict[str, Any] = {
        "schedules": schedules,
        "payers": [
            ("", "Every payer without a schedule of its own"),
            *((str(each.id), each.terms.name) for each in payers),
        ],
        "typed": {name: form.text(name) if form else "" for name in FIELDS},
        "faults": faults,
        "lines": [(each.line, each.key, sentence(each.message)) for each in lines],
        "most": FILE_MOST,
        "sets": caller.role in SETTERS,
        **tabs(caller, HERE),
    }
    return render(request, "billing/fees.html", context, status=status)
