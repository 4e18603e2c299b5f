"""How people of the clinic are reached, who is on call, and what became of messages."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from alerts.telling import contacts
from alerts.telling.deliveries import list_deliveries
from alerts.telling.oncall import add_shift, remove_shift, schedule
from care.errors import CareError, InvalidError
from care.registry import list_users
from console.access import ADMIN, AUDITOR, Caller
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.pool import Connection

MESSAGES_SHOWN: Final = 30
HERE: Final = "/notifications"


async def show(request: web.Request) -> web.Response:
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """One's own; an administrator adds for anybody of the clinic."""
    form, caller, parts = await form_of(request), request[CALLER], request.app[PARTS]
    try:
        async with parts.connection() as conn:
            made = await contacts.add_contact(
                conn,
                caller.organisation_id,
                user_id=_whose(form, caller),
                channel=form.text("channel"),
                address=_address(form, caller),
                min_severity=form.text("min_severity") or "low",
                quiet_from=form.given("quiet_from"),
                quiet_to=form.given("quiet_to"),
                actor=caller.user_id,
                now=parts.clock(),
            )
    except CareError as error:
        return await _page(request, form=form, faults={error.field: error.message})
    if made.secret is not None:
        return await _page(request, secret=made.secret)
    return see_other(HERE, told="Added. Send a test message to see that it arrives.")


async def try_out(request: web.Request) -> web.Response:
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        contact = await _mine(request, conn)
        try:
            await contacts.try_contact(
                conn, request[CALLER].organisation_id, contact.id, now=parts.clock()
            )
        except CareError as error:
            return await _page(request, faults={"test": error.message})
    return see_other(HERE, told="A test message is on its way. Below you see what becomes of it.")


async def end(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        contact = await _mine(request, conn)
        await contacts.end_contact(
            conn, caller.organisation_id, contact.id, actor=caller.user_id, now=parts.clock()
        )
    return see_other(HERE, told="Nothing is sent there any more.")


async def add_duty(request: web.Request) -> web.Response:
    """Times are typed on the clinic's wall clock."""
    form, caller, parts = await form_of(request), request[CALLER], request.app[PARTS]
    try:
        async with parts.connection() as conn:
            await add_shift(
                conn,
                caller.organisation_id,
                user_id=_id(form, "user"),
                starts_at=_typed(form, "starts_at", caller.clinic.zone),
                ends_at=_typed(form, "ends_at", caller.clinic.zone),
                actor=caller.user_id,
                now=parts.clock(),
            )
    except CareError as error:
        return await _page(request, form=form, faults={f"duty_{error.field}": error.message})
    return see_other(f"{HERE}#duty", told="Put on call.")


async def end_duty(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        await remove_shift(conn, caller.organisation_id, id_in_path(request), now=parts.clock())
    return see_other(f"{HERE}#duty", told="Taken off call.")


async def _page(
    request: web.Request,
    *,
    form: Form | None = None,
    faults: Mapping[str, str] | None = None,
    secret: str | None = None,
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    everybodys = caller.role == ADMIN
    async with parts.connection() as conn:
        shown: dict[str, Any] = {
            "contacts": await contacts.list_contacts(
                conn, caller.organisation_id, user_id=None if everybodys else caller.user_id
            ),
            "duty": await schedule(conn, caller.organisation_id, now=parts.clock()),
            "people": await list_users(conn, caller.organisation_id),
            "messages": await list_deliveries(conn, caller.organisation_id, most=MESSAGES_SHOWN)
            if caller.role in {ADMIN, AUDITOR}
            else [],
        }
    shown["contacts"] = [each for each in shown["contacts"] if each.patient_id is None]
    people = shown.pop("people")
    shown["called"] = {each.username: each.name for each in people}
    shown["staff"] = [
        # Two people can have chosen the same name.
        (each.id, each.name if each.name == each.username else f"{each.name}, {each.username}")
        for each in people
        if each.role in contacts.STAFF and each.disabled_at is None
    ]
    context = {"form": form or Form(), "faults": dict(faults or {}), "secret": secret, **shown}
    return render(request, "desk/reach.html", context, status=422 if faults else 200)


async def _mine(request: web.Request, conn: Connection) -> contacts.Contact:
    caller = request[CALLER]
    found = await contacts.find_contact(conn, caller.organisation_id, id_in_path(request))
    theirs = found.patient_id is None and found.user_id == caller.user_id
    if not (theirs or (caller.role == ADMIN and found.patient_id is None)):
        raise NotFound
    return found


def _whose(form: Form, caller: Caller) -> UUID:
    return _id(form, "user") if caller.role == ADMIN and "user" in form else caller.user_id


def _address(form: Form, caller: Caller) -> str:
    address = form.text("address")
    if caller.role != ADMIN and address.lower().startswith("http:"):
        raise InvalidError("address", "must be https; an admin may add http to this machine")
    return address


def _id(form: Form, name: str) -> UUID:
    try:
        return UUID(form.text(name))
    except ValueError:
        raise InvalidError(name, "must be chosen") from None


def _typed(form: Form, name: str, zone: ZoneInfo) -> dt.datetime:
    """As `datetime-local` fields send it."""
    try:
        found = dt.datetime.fromisoformat(form.text(name))
        if found.tzinfo is not None:
            raise InvalidError(name, "is on the clinic's clock: without an offset")
        return found.replace(tzinfo=zone).astimezone(dt.UTC)
    except (ValueError, OverflowError):  # The last evening of 9999 is none elsewhere.
        raise InvalidError(name, "must be a date and a time, as 2026-11-22 18:00") from None
