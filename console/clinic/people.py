"""Who may sign in: staff and patients' accounts. Passwords are neither typed nor shown here."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from care.accounts import (
    Account,
    end_all_sessions,
    find_account,
    list_accounts,
    open_again,
    reset_second_factor,
    shut_out,
)
from care.errors import InvalidError
from care.password_codes import GOOD_FOR, issue_password_code
from care.users import ABOUT_A_PATIENT, add_user, find_user, update_user
from console.clinic import words
from console.clinic.claim_code import server_of
from console.clinic.faults import REFUSALS, said
from console.parts import CALLER, PARTS, Parts
from console.replies import id_in_path
from console.routing import Handler
from console.seen import seen
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.pool import Connection

LABELS: Final = {
    "username": "User name",
    "display_name": "Name",
    "credential": "Credential",
    "role": "Role",
}
FIELDS: Final = tuple(LABELS)
Deed = Callable[[Connection, UUID, UUID, Parts], Awaitable[str]]


async def page(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        found = await list_accounts(conn, caller.organisation_id, now=parts.clock())
    seen(request, *(each.patient_id for each in found))
    context = {
        "staff": [each for each in found if each.role not in ABOUT_A_PATIENT],
        "others": [each for each in found if each.role in ABOUT_A_PATIENT],
        "role_words": words.ROLE_WORDS,
    }
    return render(request, "clinic/people.html", context)


async def new(request: web.Request) -> web.Response:
    return _new(request, dict.fromkeys(FIELDS, "") | {"role": "nurse"}, {})


async def add(request: web.Request) -> web.Response:
    """The account, and a link by which the person sets a password; the link is shown this once."""
    form = await form_of(request)
    caller, parts = request[CALLER], request.app[PARTS]
    typed = {name: form.text(name) for name in FIELDS}
    try:
        async with parts.transaction() as conn:
            _of_staff(typed["role"])
            made = await add_user(
                conn,
                caller.organisation_id,
                username=typed["username"],
                password=None,
                role=typed["role"],
                display_name=typed["display_name"],
                credential=typed["credential"],
            )
            code = await issue_password_code(
                conn, caller.organisation_id, made.id, now=parts.clock()
            )
    except REFUSALS as error:
        return _new(request, typed, said(error), status=422)
    return await _one(request, made.id, {}, link=_link(request, code))


async def one(request: web.Request) -> web.Response:
    return await _one(request, id_in_path(request), {})


async def change(request: web.Request) -> web.Response:
    """Name, credential, role. Patients and caregivers keep the role that they have."""
    form = await form_of(request)
    caller, parts, user_id = request[CALLER], request.app[PARTS], id_in_path(request)
    try:
        async with parts.transaction() as conn:
            role = form.given("role")
            before = await find_user(conn, caller.organisation_id, user_id)
            if role is not None and before.role not in ABOUT_A_PATIENT:
                _of_staff(role)
            await update_user(
                conn,
                caller.organisation_id,
                user_id,
                display_name=form.text("display_name"),
                credential=form.text("credential"),
                role=role,
            )
    except REFUSALS as error:
        return await _one(request, user_id, said(error), form=form, status=422)
    return see_other(f"/people/{user_id}", told="Saved.")


async def link(request: web.Request) -> web.Response:
    """A new link for the password, shown this once. Until it is used the old password stays."""
    caller, parts, user_id = request[CALLER], request.app[PARTS], id_in_path(request)
    async with parts.transaction() as conn:
        code = await issue_password_code(conn, caller.organisation_id, user_id, now=parts.clock())
    return await _one(request, user_id, {}, link=_link(request, code))


def doing(deed: Deed) -> Handler:
    """A button of an account's page."""

    async def handler(request: web.Request) -> web.StreamResponse:
        caller, parts, user_id = request[CALLER], request.app[PARTS], id_in_path(request)
        try:
            async with parts.transaction() as conn:
                done = await deed(conn, caller.organisation_id, user_id, parts)
        except REFUSALS as error:
            return await _one(request, user_id, said(error), status=422)
        return see_other(f"/people/{user_id}", told=done)

    return handler


async def disable(conn: Connection, organisation_id: UUID, user_id: UUID, parts: Parts) -> str:
    await shut_out(conn, organisation_id, user_id, now=parts.clock())
    return "The account is disabled, and every session of it has ended."


async def enable(conn: Connection, organisation_id: UUID, user_id: UUID, _: Parts) -> str:
    await open_again(conn, organisation_id, user_id)
    return "The account is open again, with the password that it had."


async def end_sessions(conn: Connection, organisation_id: UUID, user_id: UUID, parts: Parts) -> str:
    await end_all_sessions(conn, organisation_id, user_id, now=parts.clock())
    return "Every session of this account has ended."


async def reset_factor(conn: Connection, organisation_id: UUID, user_id: UUID, parts: Parts) -> str:
    await reset_second_factor(conn, organisation_id, user_id, now=parts.clock())
    return "The second factor is removed, and every session has ended. They set up a new one."


def _of_staff(role: str) -> None:
    if role not in dict(words.ROLES):
        raise InvalidError("role", "is one of staff: patients and caregivers come by invitation")


def _link(request: web.Request, code: str) -> str:
    return f"{server_of(request)}/sign-in/new-password?code={code}"


def _new(
    request: web.Request, values: Mapping[str, str], faults: Mapping[str, str], status: int = 200
) -> web.Response:
    context = {"values": values, "faults": faults, "labels": LABELS, "roles": words.ROLES}
    return render(request, "clinic/person_new.html", context, status=status)


async def _one(
    request: web.Request,
    user_id: UUID,
    faults: Mapping[str, str],
    *,
    form: Form | None = None,
    link: str | None = None,
    status: int = 200,
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        account = await find_account(conn, caller.organisation_id, user_id, now=parts.clock())
    seen(request, account.patient_id)
    context: dict[str, Any] = {
        "account": account,
        "values": _values(account, form),
        "faults": faults,
        "labels": LABELS,
        "roles": words.ROLES,
        "role_words": words.ROLE_WORDS,
        "about_a_patient": account.role in ABOUT_A_PATIENT,
        "own": account.id == caller.user_id,
        "link": link,
        "link_hours": int(GOOD_FOR.total_seconds() // 3600),
    }
    return render(request, "clinic/person.html", context, status=status)


def _values(account: Account, form: Form | None) -> dict[str, str]:
    if form is not None:
        return {name: form.text(name) for name in ("display_name", "credential", "role")}
    return {
        "display_name": account.display_name,
        "credential": account.credential,
        "role": account.role,
    }
