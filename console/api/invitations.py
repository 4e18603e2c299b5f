"""Who at home may look along with a patient, over the API."""

import datetime as dt
from uuid import UUID

from aiohttp import hdrs, web
from msgspec import Struct

from care import invitations, own_accounts
from care.invitations import Caregiver, Waiting
from console.access import PATIENT
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
from console.errors import BadRequest
from console.once import HEADER, KEY_MOST
from console.parts import CALLER, PARTS, SESSION_TOKEN
from console.replies import id_in_path, reply


class LookingAlong(Struct, frozen=True, kw_only=True):
    caregivers: list[Caregiver]
    waiting: list[Waiting]
    """Invitations that nobody has used yet."""


class NewInvitation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    """As the patient calls them."""
    relation: str
    """daughter, son, partner, parent, sibling, relative, friend, neighbour or helper."""


class InvitationMade(Struct, frozen=True, kw_only=True):
    id: UUID
    code: str
    """Told this once; the page for it is /invitation/{code}."""
    expires_at: dt.datetime


class Ended(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing has to be said."""


class NewOwnInvitation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing has to be said: it is for the patient in the path."""


async def get_invitations(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
        whose = caller.organisation_id, patient_id
        answer = LookingAlong(
            caregivers=await invitations.list_caregivers(conn, *whose),
            waiting=await invitations.list_waiting(conn, *whose, now=parts.clock()),
        )
    return reply(answer)


async def add(request: web.Request) -> web.Response:
    async with asked(request, NewInvitation) as it:
        made = await invitations.invite(
            it.conn,
            it.organisation_id,
            it.patient_id,
            name=it.typed.name,
            relation=it.typed.relation,
            by_patient=request[CALLER].role == PATIENT,
            actor=it.actor,
            now=it.now,
            proof=_proof(request),
        )
    answer = InvitationMade(id=made.id, code=made.code, expires_at=made.expires_at)
    return reply(answer, status=201)


async def get_account(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
        answer = await own_accounts.own_account(
            conn, caller.organisation_id, patient_id, now=parts.clock()
        )
    return reply(answer)


async def invite_patient(request: web.Request) -> web.Response:
    async with asked(request, NewOwnInvitation) as it:
        made = await own_accounts.invite_patient(
            it.conn, it.organisation_id, it.patient_id, actor=it.actor, now=it.now,
            proof=_proof(request),
        )  # fmt: skip
    answer = InvitationMade(id=made.id, code=made.code, expires_at=made.expires_at)
    return reply(answer, status=201)


def _proof(request: web.Request) -> str | None:
    """A program that sends again under its key is told the same code: it is made of the key and of
    the session's token, and kept nowhere.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= KEY_MOST or not key.isprintable():
        raise BadRequest(f"1 to {KEY_MOST} printable characters", pointer=f"/{HEADER}")
    token = request.get(SESSION_TOKEN) or request.headers[hdrs.AUTHORIZATION]
    return f"{token}\0{key}"


async def withdraw(request: web.Request) -> web.Response:
    number = id_in_path(request, "item")
    async with asked(request, Ended) as it:
        await invitations.withdraw(
            it.conn, it.organisation_id, it.patient_id, number, actor=it.actor, now=it.now
        )
    return web.Response(status=204)


async def stop(request: web.Request) -> web.Response:
    """Every session of theirs ends."""
    number = id_in_path(request, "item")
    async with asked(request, Ended) as it:
        await invitations.shut_out(
            it.conn, it.organisation_id, it.patient_id, number, actor=it.actor, now=it.now
        )
    return web.Response(status=204)
