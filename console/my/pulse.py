"""Whether there is something new: two numbers for our own script, and nothing about anybody.

Asked once a minute by a page that lies open, it is no sign that somebody is there: the session's
idle limit runs on. What is new is then fetched as a page, which is noted as a look.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from aiohttp import web

from console.access import SELF, require
from console.doors import still_signed_in
from console.errors import NotFound
from console.my.visit import QUERIES
from console.parts import CALLER, PARTS
from console.replies import reply
from store.pool import Connection

LOOKED_BACK: Final = dt.timedelta(days=7)


async def pulse(request: web.Request) -> web.Response:
    caller = await still_signed_in(request)
    require(caller, SELF)
    request[CALLER] = caller
    patient_id = caller.only_patient
    if patient_id is None:
        raise NotFound
    now = request.app[PARTS].clock()
    async with request.app[PARTS].connection() as conn:
        mark = await mark_of(conn, caller.organisation_id, patient_id, now=now)
    return reply({"mark": mark})


async def mark_of(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, now: dt.datetime
) -> str:
    """Another one whenever there is something new. A page asks for its own before it reads."""
    row = await conn.fetchrow(QUERIES["pulse"], organisation_id, patient_id, now - LOOKED_BACK)
    return "" if row is None else "/".join(map(str, row.values()))
