"""The third step: who ordered it, for what, and who looks after the patient."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aiohttp import web

from care.changes import lock_patient
from care.errors import InvalidError
from care.orders import add_order
from care.programmes import find_programme
from care.teams import add_member, list_team
from care.users import User, list_users
from care.wall_clock import beginning, day_of
from console.clinic.asking import Asking, asking
from console.clinic.faults import REFUSALS, said
from console.clinic.steps import Progress, path_of, progress_of
from console.clinic.words import kind_words
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.schema import TEAM_ROLES
from vitals.kinds import Kind

LABELS = {
    "ordered_by": "Ordering clinician",
    "npi": "NPI",
    "ordered_on": "Ordered on",
    "diagnoses": "Diagnoses",
    "kinds": "What is measured",
    "team": "Care team",
}


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send(request: web.Request) -> web.Response:
    """The order and the team together, or neither. An order that stands is not written twice."""
    form = await form_of(request)
    try:
        async with asking(request) as it:
            await lock_patient(it.conn, *it.whose)
            progress = await progress_of(it)
            if not progress.orders:
                await record_order(it, form)
            await join(it, form.all("team"))
    except REFUSALS as error:
        return await _page(request, form, said(error, names={"ordered_at": "ordered_on"}), 422)
    return see_other(path_of(it.patient.id, "consent"))


async def record_order(it: Asking, form: Form) -> None:
    """From the day on which it was ordered. Raises InvalidError."""
    day = day_of("ordered_on", form.text("ordered_on")) if form.given("ordered_on") else it.today
    if day > it.today:
        raise InvalidError("ordered_on", "lies in the future")
    ordered_at = it.now if day == it.today else beginning(day, it.zone)
    await add_order(
        it.conn,
        *it.whose,
        ordered_by=form.text("ordered_by"),
        kinds=form.all("kinds"),
        ordered_at=ordered_at,
        starts_at=ordered_at,
        npi=form.given("npi"),
        diagnoses=diagnoses_in(form.text("diagnoses")),
        note=form.text("note"),
        **it.by,
    )


def diagnoses_in(text: str) -> list[str]:
    """As people write them one after the other."""
    return [code for code in re.split(r"[\s,;]+", text) if code]


async def join(it: Asking, chosen: list[str]) -> None:
    """Those who are in the team already stay as they are."""
    team = await list_team(it.conn, *it.whose)
    there = {each.user_id for each in team if each.ends_at is None or each.ends_at > it.now}
    for text in dict.fromkeys(chosen):
        try:
            user_id = UUID(text)
        except ValueError as error:
            raise InvalidError("team", "names somebody who is not there") from error
        if user_id not in there:
            await add_member(it.conn, *it.whose, user_id=user_id, starts_at=it.now, **it.by)


async def staff(it: Asking) -> list[User]:
    """Who may be in a team, by name."""
    found = await list_users(it.conn, it.caller.organisation_id)
    able = [each for each in found if each.role in TEAM_ROLES and each.disabled_at is None]
    return sorted(able, key=lambda each: each.name.casefold())


async def _page(
    request: web.Request, form: Form | None, faults: Mapping[str, str], status: int = 200
) -> web.Response:
    async with asking(request) as it:
        progress = await progress_of(it)
        team = await list_team(it.conn, *it.whose)
        there = {each.user_id for each in team if each.ends_at is None or each.ends_at > it.now}
        people = await staff(it)
        ticked = {str(each) for each in there} if form is None else set(form.all("team"))
        context = {
            "steps": progress.steps(it.patient.id),
            "here": "order",
            "banner": await it.banner(),
            "patient": it.patient,
            "progress": progress,
            "people": [(each, str(each.id) in ticked, each.id in there) for each in people],
            "clinicians": [each.name for each in people if each.role == "clinician"],
            "faults": faults,
            "labels": LABELS,
            "today": it.today.isoformat(),
            **await _order_fields(it, progress, form),
        }
    return render(request, "clinic/order_step.html", context, status=status)


async def _order_fields(it: Asking, progress: Progress, form: Form | None) -> dict[str, Any]:
    kinds = [(each.value, kind_words(each)) for each in Kind]
    if form is not None:
        names = ("ordered_by", "npi", "diagnoses", "note", "ordered_on")
        values = {name: form.text(name) for name in names}
        return {"values": values, "kinds": kinds, "ticked": form.all("kinds")}
    asked: list[str] = []
    if (name := progress.enrolment.programme) is not None:
        known = await find_programme(it.conn, name, progress.enrolment.programme_version)
        asked = [each.kind.value for each in known.programme.measures]
    ordered_by = ""
    if it.caller.role == "clinician":
        ordered_by = it.caller.name
    values = {"ordered_by": ordered_by, "npi": "", "diagnoses": "", "note": "",
              "ordered_on": it.today.isoformat()}  # fmt: skip
    return {"values": values, "kinds": kinds, "ticked": asked}
