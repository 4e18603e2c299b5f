"""A patient's limits: in words, changed, tried on the past, and every version of them."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from aiohttp import web

from care.changes import lock_patient
from care.errors import CareError, FaultsError, InvalidError, TakenError
from care.overrides import read_overrides, resolve
from care.plan_withdrawal import withdraw_plan
from care.plans import PlanVersion, in_force, list_plans, set_plan, standing
from care.programmes import find_programme
from care.rules import Rule
from console.access import REGISTRARS
from console.api.dry_run import AT_ONCE
from console.chart.limits_form import Limits, RuleFields, field_at, fields_of, overrides_in
from console.chart.limits_trial import Trial, trial_of
from console.chart.opened import Opened, opened
from console.parts import CALLER, PARTS
from console.web.formats import Units
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.pool import Connection

TAB: Final = "/limits"
OTHERS: Final = (
    "Somebody has changed the limits since you opened this page. Nothing was overwritten, and what "
    "you typed is kept below. Look at what holds now, then try and save again."
)
OTHER_UNITS: Final = (
    "The units in which this patient's numbers are shown have changed since you opened this page. "
    "Nothing was saved, and below stands what holds, in the units of now: type your numbers again."
)
UNSEEN: Final = "Try the limits on the past first, or tick that you save without."


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """The page's material: what holds, and as which fields it is edited."""

    chart: Opened
    versions: Sequence[PlanVersion]
    plan: PlanVersion
    limits: Limits
    fields: tuple[RuleFields, ...]


async def limits(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, TAB)
        return await _page(request, conn, chart, Form())


async def try_out(request: web.Request) -> web.Response:
    """Shows what would have been; saves nothing."""
    form = await form_of(request)
    async with AT_ONCE, request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, TAB)
        editor = await _editor(conn, chart)
        if editor is None:
            return await _page(request, conn, chart, form)
        if form.text("units") != named(chart.banner.units):
            return await _in_other_units(request, conn, chart, form)
        wanted, faults = overrides_in(form, editor.limits, chart.banner.units)
        if faults:
            return await _page(request, conn, chart, form, faults=faults, status=422)
        try:
            shown = await _tried(conn, editor, wanted)
        except InvalidError as error:
            told = _faults(error, wanted)
            return await _page(request, conn, chart, form, faults=told, status=422)
        return await _page(request, conn, chart, form, trial=shown, seen=digest(wanted))


async def save(request: web.Request) -> web.Response:
    form, caller = await form_of(request), request[CALLER]
    parts = request.app[PARTS]
    async with parts.transaction() as conn:
        chart = await opened(request, conn, TAB)
        await lock_patient(conn, chart.organisation_id, chart.patient_id)
        editor = await _editor(conn, chart)
        if editor is None:
            return await _page(request, conn, chart, form)
        if form.text("units") != named(chart.banner.units):
            return await _in_other_units(request, conn, chart, form)
        wanted, faults = overrides_in(form, editor.limits, chart.banner.units)
        if form.text("base") != stamp(editor.versions):
            faults = {"": OTHERS}
            return await _page(request, conn, chart, form, faults=faults, status=412)
        if form.text("seen") != digest(wanted) and not form.ticked("unseen"):
            faults["unseen"] = UNSEEN
        if not form.text("reason"):
            faults["reason"] = "Say why: it stays with this version."
        if faults:
            return await _page(request, conn, chart, form, faults=faults, status=422)
        try:
            async with conn.transaction():
                made = await set_plan(
                    conn,
                    chart.organisation_id,
                    chart.patient_id,
                    programme=editor.plan.programme,
                    version=editor.plan.programme_version,
                    overrides=wanted,
                    effective_from=_begins(form, chart),
                    reason=form.text("reason"),
                    actor=caller.user_id,
                    now=chart.now,
                )
        except (InvalidError, TakenError) as error:
            status = 409 if isinstance(error, TakenError) else 422
            told = _faults(error, wanted)
            return await _page(request, conn, chart, form, faults=told, status=status)
    said = f"Version {made.plan.version} is saved." if made.changed else "Nothing was different."
    return see_other(f"{chart.where}{TAB}", told=said)


async def withdraw(request: web.Request) -> web.Response:
    """A version that has not begun."""
    form, parts = await form_of(request), request.app[PARTS]
    async with parts.transaction() as conn:
        chart = await opened(request, conn, TAB)
        try:
            number = form.text("version")
            async with conn.transaction():
                await withdraw_plan(
                    conn,
                    chart.organisation_id,
                    chart.patient_id,
                    version=int(number) if number.isdecimal() and len(number) < 7 else 0,  # noqa: PLR2004
                    reason=form.text("withdraw_reason"),
                    actor=request[CALLER].user_id,
                    now=chart.now,
                )
        except CareError as error:
            faults = {"withdraw": f"{_sentence(error.message)}"}
            return await _page(request, conn, chart, form, faults=faults, status=422)
    return see_other(f"{chart.where}{TAB}", told="That version is withdrawn.")


async def _in_other_units(
    request: web.Request, conn: Connection, chart: Opened, form: Form
) -> web.Response:
    """A number that was typed beside °F is none of °C."""
    reason = Form((("reason", form.text("reason")),))
    return await _page(request, conn, chart, reason, faults={"": OTHER_UNITS}, status=412)


async def _page(
    request: web.Request,
    conn: Connection,
    chart: Opened,
    form: Form,
    *,
    faults: Mapping[str, str] | None = None,
    trial: Trial | None = None,
    seen: str = "",
    status: int = 200,
) -> web.Response:
    editor = await _editor(conn, chart)
    versions = editor.versions if editor else await _versions(conn, chart)
    found = {field.id: field for field in editor.fields} if editor else {}
    kinds = dict.fromkeys(field.kind for field in found.values())
    context = chart.context(
        plan=editor.plan if editor else None,
        groups=[(kind, [each for each in found.values() if each.kind == kind]) for kind in kinds],
        title=editor.limits.programme.title if editor else "",
        versions=versions,
        coming=[each for each in standing(versions) if each.effective_from > chart.now],
        typed=form,
        posted=bool(form),
        faults=faults or {},
        trial=trial,
        seen=seen or form.text("seen"),
        base=stamp(versions),
        units=named(chart.banner.units),
        may=request[CALLER].role in REGISTRARS,
    )
    return render(request, "chart/limits.html", context, status=status)


async def _editor(conn: Connection, chart: Opened) -> Editor | None:
    """None: no plan is in force."""
    versions = await _versions(conn, chart)
    plan = in_force(versions, at=chart.now)
    if plan is None:
        return None
    known = await find_programme(conn, plan.programme, plan.programme_version)
    held = Limits(programme=known.programme, overrides=plan.overrides)
    return Editor(
        chart=chart,
        versions=versions,
        plan=plan,
        limits=held,
        fields=fields_of(held, chart.banner.units),
    )


async def _versions(conn: Connection, chart: Opened) -> Sequence[PlanVersion]:
    return await list_plans(conn, chart.organisation_id, chart.patient_id)


async def _tried(conn: Connection, editor: Editor, wanted: Mapping[str, Any]) -> Trial:
    chart = editor.chart
    rules: Sequence[Rule] = resolve(editor.limits.programme, read_overrides(wanted)).rules
    return await trial_of(
        conn,
        chart.organisation_id,
        chart.patient_id,
        wanted,
        plan=editor.plan,
        rules=rules,
        units=chart.banner.units,
        zone=chart.banner.zone,
        now=chart.now,
    )


def stamp(versions: Sequence[PlanVersion]) -> str:
    """Of all versions as they are: another one, or a withdrawal, gives another stamp."""
    said = [(str(one.id), str(one.effective_to), str(one.withdrawn_at)) for one in versions]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def named(units: Units) -> str:
    """In which the numbers of a page stand."""
    return f"{units.weight} {units.glucose} {units.temperature}"


def digest(overrides: Mapping[str, Any]) -> str:
    """Names what was tried: what is saved must be the same."""
    return hashlib.sha256(msgspec.json.encode(overrides, order="sorted")).hexdigest()[:16]


def _begins(form: Form, chart: Opened) -> dt.datetime:
    """Now, or when a day begins where the patient is. Raises InvalidError."""
    if form.text("when") != "later":
        return chart.now
    try:
        day = dt.date.fromisoformat(form.text("from_day"))
    except ValueError:
        raise InvalidError("from_day", "must be a date, as 2026-11-30") from None
    today = chart.now.astimezone(chart.banner.zone).date()
    if day <= today:
        raise InvalidError("from_day", "lies not ahead: choose a later day, or now")
    return dt.datetime.combine(day, dt.time(), chart.banner.zone).astimezone(dt.UTC)


def _faults(error: CareError, wanted: Mapping[str, Any]) -> dict[str, str]:
    """By field of the form; what belongs to none stands on top."""
    if not isinstance(error, FaultsError):
        name = "from_day" if error.field in {"effective_from", "from_day"} else error.field
        known = name in {"from_day", "reason"}
        return {name if known else "": _sentence(error.message)}
    found: dict[str, str] = {}
    for fault in error.faults:
        found.setdefault(field_at(fault.path, wanted) or "", _sentence(fault.message))
    return found


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."
