"""What became of messages."""

import datetime as dt
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from alerts.telling.deliveries import Delivery, find_delivery, list_deliveries
from console.errors import BadRequest
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from store.schema.alerts import DELIVERY_STATES, MESSAGES


class NotificationPage(Struct, frozen=True, kw_only=True):
    items: list[Delivery]
    """The latest first."""
    next: str | None


async def list_all(request: web.Request) -> web.Response:
    limit = limit_of(request.query.get("limit"))
    before: tuple[dt.datetime | None, UUID | None] = (None, None)
    if (cursor := request.query.get("cursor")) is not None:
        before = decode_cursor(cursor, tuple[dt.datetime, UUID])
    async with request.app[PARTS].connection() as conn:
        found = await list_deliveries(
            conn,
            request[CALLER].organisation_id,
            states=_words(request, "state", DELIVERY_STATES),
            whats=_words(request, "what", MESSAGES),
            before=before,
            most=limit + 1,
        )
    shown = found[:limit]
    more = len(found) > limit
    after = encode_cursor(shown[-1].created_at, shown[-1].id) if more else None
    return reply(NotificationPage(items=shown, next=after))


async def get_one(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        found = await find_delivery(conn, request[CALLER].organisation_id, id_in_path(request))
    return reply(found)


def _words(request: web.Request, name: str, known: tuple[str, ...]) -> list[str] | None:
    text = request.query.get(name)
    if text is None:
        return None
    words = text.split(",")
    if not set(words) <= set(known):
        raise BadRequest(f"of {', '.join(known)}, comma between", pointer=f"/{name}")
    return words
