"""Pages of one entry: written by hand, looked at with its history, corrected, withdrawn."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from billing.corrections import Change, correct
from billing.entries import Entry
from billing.overlaps import overlaps
from billing.time_log import add_entry, find_entry, history, list_beside
from billing.words import Service
from care.errors import CareError, InvalidError, NotFoundError, TakenError
from care.patients import find_patient
from console.access import ADMIN, CARERS, Caller
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import seen
from console.timelog.forms import choices, fault_of, minutes_in, minutes_needed, start_in, work_in
from console.timelog.listing import line_of
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "time.sql")
PATIENTS_OFFERED: Final = 300
MINUTE: Final = dt.timedelta(minutes=1)
LATE: Final = "late_for_locked_month"
"""What a form says, as the API does, of time in a month that is locked for billing."""


async def new(request: web.Request) -> web.Response:
    now, zone = request.app[PARTS].clock(), request[CALLER].clinic.zone
    typed = {
        "patient": request.query.get("patient", ""),
        "day": now.astimezone(zone).date().isoformat(),
        "service": Service.RPM,
    }
    return await _new(request, typed, {})


async def add(request: web.Request) -> web.Response:
    parts, caller, form = request.app[PARTS], request[CALLER], await form_of(request)
    try:
        starts = start_in(form, caller.clinic.zone)
        minutes = minutes_needed(form)
        async with parts.transaction() as conn:
            patient = await find_patient(conn, caller.organisation_id, form.text("patient"))
            made = await add_entry(
                conn,
                caller.organisation_id,
                patient.id,
                actor=caller.user_id,
                work=work_in(form),
                spans=((starts, starts + minutes * MINUTE),),
                reason=form.text("reason"),
                late_for_locked_month=form.ticked(LATE),
                now=parts.clock(),
            )
    except (InvalidError, NotFoundError) as error:
        return await _new(request, dict(form), _fault(error), status=422)
    seen(request, made.patient_id)
    return see_other("/time", told=f"{made.minutes} minutes are in the time log.")


async def one(request: web.Request) -> web.Response:
    return await _one(request, {}, {})


async def change(request: web.Request) -> web.Response:
    parts, caller, form = request.app[PARTS], request[CALLER], await form_of(request)
    entry_id = id_in_path(request, "entry")
    try:
        async with parts.transaction() as conn:
            before = await find_entry(conn, caller.organisation_id, entry_id)
            made = await correct(
                conn,
                caller.organisation_id,
                entry_id,
                _change(form, before, caller),
                reason=form.text("reason"),
                actor=caller.user_id,
                of_anybody=caller.role == ADMIN,
                now=parts.clock(),
            )
    except (InvalidError, TakenError) as error:
        status = 409 if isinstance(error, TakenError) else 422
        return await _one(request, dict(form), _fault(error), status=status)
    seen(request, made.patient_id)
    told = "The entry is withdrawn." if made.withdrawn else "The entry is corrected."
    return see_other(f"/time/entries/{made.id}", told=told)


async def _new(
    request: web.Request, typed: dict[str, Any], faults: dict[str, str], *, status: int = 200
) -> web.Response:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        patients = await conn.fetch(QUERIES["patients"], caller.organisation_id)
    seen(request, *(row["id"] for row in patients[:PATIENTS_OFFERED]))
    known = next((row for row in patients if str(row["id"]) == typed.get("patient")), None)
    return render(
        request,
        "timelog/new.html",
        {
            "typed": typed,
            "faults": faults,
            "known": known,
            "patients": patients[:PATIENTS_OFFERED],
            **choices(),
        },
        status=status,
    )


async def _one(
    request: web.Request, typed: dict[str, Any], faults: dict[str, str], *, status: int = 200
) -> web.Response:
    caller, entry_id = request[CALLER], id_in_path(request, "entry")
    zone = caller.clinic.zone
    async with request.app[PARTS].connection() as conn:
        rows = await history(conn, caller.organisation_id, entry_id)
        shown = next(each for each in rows if each.id == entry_id)
        found = await _clashing(conn, caller.organisation_id, shown)
    seen(request, shown.patient_id)
    start = shown.started_at.astimezone(zone)
    as_is = {
        "activity": shown.activity, "mode": shown.mode, "with_whom": shown.with_whom or "",
        "note": shown.note, "service": shown.service, "day": start.date().isoformat(),
        "start": f"{start:%H:%M:%S}" if start.second else f"{start:%H:%M}",
        "minutes": str(max(shown.minutes, 1)), "reason": "",
    }  # fmt: skip
    return render(
        request,
        "timelog/entry.html",
        {
            "line": line_of(shown, found, zone),
            "rows": [line_of(each, (), zone) for each in rows],
            "typed": as_is | typed,
            "faults": faults,
            "may": may_correct(shown, caller),
            "pauses": len(shown.spans) - 1,
            **choices(),
        },
        status=status,
    )


def may_correct(entry: Entry, caller: Caller) -> bool:
    own = caller.role in CARERS and entry.user_id == caller.user_id
    return entry.counts and (own or caller.role == ADMIN)


async def _clashing(conn: Connection, organisation_id: UUID, entry: Entry) -> Any:
    beside = await list_beside(conn, organisation_id, [entry])
    return overlaps([entry, *beside]).get(entry.id, ())


def _change(form: Form, before: Entry, caller: Caller) -> Change:
    """A time that is typed as it was stays as it is, to the microsecond."""
    if form.ticked("withdraw"):
        return Change(withdraw=True)
    zone = caller.clinic.zone
    typed, was = start_in(form, zone), before.started_at
    same = typed == was.replace(microsecond=0)
    work = work_in(form, before.work)
    return Change(
        activity=work.activity,
        mode=work.mode,
        with_whom=work.with_whom,
        note=work.note,
        service=work.service,
        started_at=None if same else typed,
        minutes=minutes_in(form),
    )


def _fault(error: CareError) -> dict[str, str]:
    if isinstance(error, NotFoundError):
        return {"patient": "There is no patient with this number."}
    said, locked, _ = error.message.partition(f" It can be written as a late entry: say `{LATE}`")
    if locked:
        return {
            "start": f"{said[0].upper()}{said[1:]} Say below that it is late, and why.",
            LATE: "",
        }
    return fault_of(InvalidError(error.field, error.message))
