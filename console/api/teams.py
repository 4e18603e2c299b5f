"""Who looks after a patient."""

from uuid import UUID

from aiohttp import web
from msgspec import Struct

from care.teams import Member, add_member, list_team, remove_member
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
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
    async with asked(request, NewMember) as it:
        made = await add_member(
            it.conn,
            it.organisation_id,
            it.patient_id,
            user_id=it.typed.user,
            role=it.typed.role,
            starts_at=it.typed.starts_at or it.now,
            ends_at=it.typed.ends_at,
            actor=it.actor,
            now=it.now,
        )
    return reply(made, status=201)


async def remove(request: web.Request) -> web.Response:
    """That somebody was in the team stays on record."""
    member_id = id_in_path(request, "item")
    async with asked(request, LeavingMember) as it:
        left = await remove_member(
            it.conn,
            it.organisation_id,
            it.patient_id,
            member_id,
            ends_at=it.typed.ends_at or it.now,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    return reply(left)
