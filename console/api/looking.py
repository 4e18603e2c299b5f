"""Who looks at a row of the queue: a lease while a page is open there, and no history.

Who presses "claim" says more, and has it written down: console.api.alert_actions.claim.
"""

import datetime as dt
from typing import Final, Literal
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from console.bodies import read
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.replies import reply
from store.queries import load

QUERIES: Final = load("console", "queue.sql")
LEASE: Final = dt.timedelta(minutes=2)
"""A page whose user does something renews it; one that is left ends it, or this does."""


class LookingBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the queue, as `/queue` names it."""

    subject_kind: Literal["patient", "gateway", "device"]
    subject: str
    looking: bool = True


class LookingAnswer(Struct, frozen=True, kw_only=True):
    """Who looks at it now: not always who asked."""

    user: UUID | None = None
    name: str | None = None


async def look(request: web.Request) -> web.Response:
    body = await read(request, LookingBody)
    parts, caller = request.app[PARTS], request[CALLER]
    now = parts.clock()
    row = (caller.organisation_id, body.subject_kind, body.subject)
    async with parts.transaction() as conn:
        if not await conn.fetchval(QUERIES["standing row"], *row):
            if body.looking:
                raise NotFound
            # Resolved a moment ago, as its page leaves it: there is nothing to look away from.
            return reply(LookingAnswer())
        if body.looking:
            await conn.execute(QUERIES["look"], *row, caller.user_id, now, now + LEASE)
        else:
            await conn.execute(QUERIES["look away"], *row, caller.user_id, now + LEASE)
        holder = await conn.fetchrow(QUERIES["looks"], *row, now)
        await conn.execute(QUERIES["tell"])
    return reply(LookingAnswer(**dict(holder)) if holder else LookingAnswer())
