"""Who looks after a patient."""

from uuid import UUID

from aiohttp import web
from msgspec import Struct

from care.teams import Member, add_member, list_team, remove_member
from console.api.patient_in_path import patient_in_path
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime


class TeamAnswer(Struct, frozen=True, kw_only=True):
    items: list[Member]
    """Those who left too."""


class NewMember(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    user: UUID
    role: str | None = None
    """That of the account by default."""
    starts_at: AwareTime | None = None
    """Now by default."""
    ends_at: AwareTime | None = None


class LeavingMember(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ends_at: AwareTime | None = None
    """Now by default."""
    reason: str = ""


async def get_team(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        return reply(
            TeamAnswer(items=await list_team(conn, request[CALLER].organisation_id, patient_id))
        )


async def add(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    typed, now = await read(request, NewMember), parts.clock()
    async with parts.connection() as conn:
        made = await add_member(
            conn,
            caller.organisation_id,
            patient_id,
            user_id=typed.user,
            role=typed.role,
            starts_at=typed.starts_at or now,
            ends_at=typed.ends_at,
            actor=caller.user_id,
            now=now,
        )
    return reply(made, status=201)


async def remove(request: web.Request) -> web.Response:
    """That somebody was in the team stays on record."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    member_id = id_in_path(request, "item")
    typed, now = await read(request, LeavingMember), parts.clock()
    async with parts.connection() as conn:
        left = await remove_member(
            conn,
            caller.organisation_id,
            patient_id,
            member_id,
            ends_at=typed.ends_at or now,
            reason=typed.reason,
            actor=caller.user_id,
            now=now,
        )
    return reply(left)
