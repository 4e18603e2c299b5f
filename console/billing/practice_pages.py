"""The practice as claims name it, and its practitioners."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from billing.months.records import Address
from billing.parties.practice import Profile, practice_of, set_practice
from billing.parties.practitioners import (
    add_practitioner,
    change_practitioner,
    find_practitioner,
    list_practitioners,
    retire_practitioner,
)
from care.users import list_users
from console.access import SELF, Caller
from console.billing.faults import REFUSALS, said, status_of
from console.billing.practice_words import missing_of
from console.billing.tabs import tabs
from console.billing_access import SETTERS
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_or_none
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.pool import Connection

HERE: Final = "/billing/practice"
ADDRESS: Final = ("line_1", "line_2", "city", "state", "zip_code")
FIELDS: Final = (
    "legal_name", "npi", "tax_id", "taxonomy", "place_of_service", "fee_locality", "contact_name",
    "phone", "submitter_id", "receiver_id", "receiver_name",
)  # fmt: skip
PERSON: Final = ("family_name", "given_name", "npi", "credential", "user_id")


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    try:
        async with parts.transaction() as conn:
            await set_practice(
                conn, caller.organisation_id, _profile_in(form), actor=caller.user_id,
                now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        return await _page(request, form, said(error), status=status_of(error))
    return see_other(HERE, told="Saved. Months that are locked keep what they were locked with.")


async def new_practitioner(request: web.Request) -> web.Response:
    return await _practitioner(request, None, dict.fromkeys(PERSON, ""), {})


async def practitioner(request: web.Request) -> web.Response:
    return await _known(request, None, {})


async def add(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    try:
        async with parts.transaction() as conn:
            await add_practitioner(
                conn, caller.organisation_id, **_person_in(form), actor=caller.user_id,
                now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        typed = {name: form.text(name) for name in PERSON}
        return await _practitioner(request, None, typed, said(error), status=status_of(error))
    return see_other(HERE, told="Added.")


async def change(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    who, now = id_in_path(request), parts.clock()
    try:
        async with parts.transaction() as conn:
            if form.text("do") == "retire":
                await retire_practitioner(
                    conn, caller.organisation_id, who, actor=caller.user_id, now=now
                )
            else:
                await change_practitioner(
                    conn, caller.organisation_id, who, **_person_in(form), actor=caller.user_id,
                    now=now,
                )  # fmt: skip
    except REFUSALS as error:
        return await _known(request, form, said(error), status=status_of(error))
    return see_other(HERE, told="Saved.")


def _profile_in(form: Form) -> Profile:
    return Profile(
        **{name: form.text(name) for name in FIELDS},
        address=Address(**{name: form.text(name) for name in ADDRESS}),
        second_person=form.ticked("second_person"),
    )


def _person_in(form: Form) -> dict[str, Any]:
    return {
        "family_name": form.text("family_name"),
        "given_name": form.text("given_name"),
        "npi": form.given("npi"),
        "credential": form.text("credential"),
        "user_id": id_or_none(form.text("user_id")),
    }


async def _page(
    request: web.Request, form: Form | None, faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        profile = await practice_of(conn, caller.organisation_id)
        practitioners = await list_practitioners(conn, caller.organisation_id)
    named = {*FIELDS, *ADDRESS}
    context: dict[str, Any] = {
        "values": values_of(profile, form),
        "practitioners": practitioners,
        "missing": missing_of(profile),
        "faults": faults,
        "refused": " ".join(each for field, each in faults.items() if field not in named),
        "sets": caller.role in SETTERS,
        **tabs(caller, HERE),
    }
    return render(request, "billing/practice.html", context, status=status)


def values_of(profile: Profile, form: Form | None) -> dict[str, Any]:
    """As typed, else as kept."""
    if form is not None:
        typed: dict[str, Any] = {name: form.text(name) for name in (*FIELDS, *ADDRESS)}
        return typed | {"second_person": form.ticked("second_person")}
    kept = {name: getattr(profile, name) or "" for name in FIELDS}
    address = {name: getattr(profile.address, name, "") for name in ADDRESS}
    return kept | address | {"second_person": profile.second_person}


async def _known(
    request: web.Request, form: Form | None, faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    caller, who = request[CALLER], id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        found = await find_practitioner(conn, caller.organisation_id, who)
    values = {name: str(getattr(found, name) or "") for name in PERSON}
    if form is not None:
        values = {name: form.text(name) for name in PERSON}
    return await _practitioner(
        request, who, values, faults, retired=found.retired_at is not None, status=status
    )


async def _practitioner(
    request: web.Request,
    known: UUID | None,
    values: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    retired: bool = False,
    status: int = 200,
) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        users = await _users(conn, request[CALLER])
    context: dict[str, Any] = {
        "known": known,
        "values": values,
        "retired": retired,
        "users": [("", "None"), *users],
        "faults": faults,
        "refused": " ".join(each for field, each in faults.items() if field not in PERSON),
    }
    return render(request, "billing/practitioner.html", context, status=status)


async def _users(conn: Connection, caller: Caller) -> list[tuple[str, str]]:
    """The staff."""
    rows = await list_users(conn, caller.organisation_id)
    return [
        (str(each.id), f"{each.display_name or each.username} ({each.role})")
        for each in rows
        if each.role not in SELF and each.disabled_at is None
    ]
