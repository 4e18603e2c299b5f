"""Who is on call, and when nobody is."""

from uuid import UUID

from aiohttp import web
from msgspec import Struct

from alerts.telling.oncall import add_shift, remove_shift, schedule
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime


class NewShift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    user: UUID
    starts_at: AwareTime
    ends_at: AwareTime


async def get_schedule(request: web.Request) -> web.Response:
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        found = await schedule(conn, request[CALLER].organisation_id, now=parts.clock())
    return reply(found)


async def add(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    typed = await read(request, NewShift)
    async with parts.connection() as conn:
        made = await add_shift(
            conn,
            caller.organisation_id,
            user_id=typed.user,
            starts_at=typed.starts_at,
            ends_at=typed.ends_at,
            actor=caller.user_id,
            now=parts.clock(),
        )
    return reply(made, status=201)


async def end(request: web.Request) -> web.Response:
    """One that runs ends now; one that lies ahead is gone."""
    caller, parts = request[CALLER], request.app[PARTS]
    shift_id = id_in_path(request)
    async with parts.connection() as conn:
        ended = await remove_shift(conn, caller.organisation_id, shift_id, now=parts.clock())
    return reply(ended)
