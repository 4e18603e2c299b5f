"""How people and patients are reached: one's own for everybody, all for admins."""

from uuid import UUID

from aiohttp import web
from msgspec import Struct

from alerts.telling.contacts import (
    Contact,
    add_contact,
    end_contact,
    find_contact,
    list_contacts,
    try_contact,
)
from alerts.telling.deliveries import Delivery, deliveries_to, find_delivery
from care.registry import find_patient
from care.rules import Severity
from console.access import ADMIN, PATIENT, REGISTRARS, SELF, Caller
from console.bodies import read
from console.errors import Forbidden, NotFound, Unprocessable
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_in_query, reply
from store.pool import Connection


class ContactsAnswer(Struct, frozen=True, kw_only=True):
    items: list[Contact]


class NewContact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    user: UUID | None = None
    """Whose; one's own where neither is given."""
    patient: UUID | None = None
    channel: str
    """email, sms, ntfy; for people of the clinic also webhook and console."""
    address: str = ""
    min_severity: Severity = Severity.LOW
    quiet_from: str | None = None
    quiet_to: str | None = None
    """As 21:00 and 08:00, on the clinic's or the patient's wall clock."""
    receipts: bool = False
    """Of patients: a word when a measurement has arrived."""


class AddedContact(Struct, frozen=True, kw_only=True):
    contact: Contact
    secret: str | None
    """Of a webhook: what signs it. Shown this once."""


class MessagesAnswer(Struct, frozen=True, kw_only=True):
    items: list[Delivery]
    """The latest first, at most 20 of the last month."""


async def get_contacts(request: web.Request) -> web.Response:
    """One's own. Admins see everybody's; `patient` asks for a patient's."""
    caller = request[CALLER]
    patient, user = (
        id_in_query(request, "patient", detail="is no id"),
        id_in_query(request, "user", detail="is no id"),
    )
    if caller.role in SELF:
        caller.may_see(patient or caller.only_patient)
        patient, user = caller.only_patient, None
    elif patient is not None:
        _must(caller.role in REGISTRARS)
    elif caller.role != ADMIN:
        _must(user in {None, caller.user_id})
        user = caller.user_id
    async with request.app[PARTS].connection() as conn:
        found = await list_contacts(
            conn, caller.organisation_id, user_id=user, patient_id=patient,
            ended=request.query.get("ended") == "true",
        )  # fmt: skip
    return reply(ContactsAnswer(items=found))


async def add(request: web.Request) -> web.Response:
    """Whose it may not be is told before anything of it is looked at."""
    caller, parts = request[CALLER], request.app[PARTS]
    typed = await read(request, NewContact)
    if caller.role != ADMIN and typed.address.strip().lower().startswith("http:"):
        # To this machine only, and it is not theirs: what listens here may ask nobody's name.
        raise Unprocessable(
            "must be https; an admin may add http to this machine", pointer="/address"
        )
    async with parts.connection() as conn:
        user, patient = await _whose(conn, caller, typed)
        made = await add_contact(
            conn,
            caller.organisation_id,
            user_id=user,
            patient_id=patient,
            channel=typed.channel,
            address=typed.address,
            min_severity=typed.min_severity,
            quiet_from=typed.quiet_from,
            quiet_to=typed.quiet_to,
            receipts=typed.receipts,
            actor=caller.user_id,
            now=parts.clock(),
        )
    return reply(AddedContact(contact=made.contact, secret=made.secret), status=201)


async def end(request: web.Request) -> web.Response:
    """Nothing goes there any more; that it was stays on record."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        contact = await _mine(request, conn)
        ended = await end_contact(
            conn, caller.organisation_id, contact.id, actor=caller.user_id, now=parts.clock()
        )
    return reply(ended)


async def test(request: web.Request) -> web.Response:
    """Queue a message that says only that it is a test; `/messages` tells what became of it."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        contact = await _mine(request, conn)
        message = await try_contact(conn, caller.organisation_id, contact.id, now=parts.clock())
        found = await find_delivery(conn, caller.organisation_id, message)
    return reply(found, status=202)


async def messages(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        contact = await _mine(request, conn)
        found = await deliveries_to(conn, caller.organisation_id, contact, now=parts.clock())
    return reply(MessagesAnswer(items=found))


async def _whose(
    conn: Connection, caller: Caller, typed: NewContact
) -> tuple[UUID | None, UUID | None]:
    """A person of the clinic, or a patient: those that this caller may add for."""
    if caller.role == PATIENT:
        _must(typed.user is None)
        caller.may_see(typed.patient or caller.only_patient)
        return None, caller.only_patient
    if typed.patient is not None:
        _must(caller.role in REGISTRARS)
        return typed.user, (await find_patient(conn, caller.organisation_id, typed.patient)).id
    _must(caller.role == ADMIN or typed.user in {None, caller.user_id})
    return typed.user or caller.user_id, None


async def _mine(request: web.Request, conn: Connection) -> Contact:
    """The contact of the path, there for whose it is and for who looks after them."""
    caller = request[CALLER]
    contact = await find_contact(conn, caller.organisation_id, id_in_path(request))
    if caller.role in SELF:
        caller.may_see(contact.patient_id)
        return contact
    may = (
        caller.role in REGISTRARS
        if contact.patient_id is not None
        else caller.role == ADMIN or contact.user_id == caller.user_id
    )
    if not may:
        raise NotFound
    return contact


def _must(allowed: bool) -> None:  # noqa: FBT001 - reads as what it says
    if not allowed:
        raise Forbidden("people of the clinic change their own contacts; admins everybody's")
