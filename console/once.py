"""`Idempotency-Key`: a write that is sent again is answered again, and done once.

The answer is kept in the transaction of the write itself: either both are there or neither.
"""

import datetime as dt
import hashlib
from typing import Final

from aiohttp import web
from asyncpg import Record

from console.bodies import BODY, raw
from console.errors import BadRequest, Conflict, Unprocessable
from console.parts import CALLER, PARTS
from console.routing import Handler, Route
from store.queries import load

QUERIES: Final = load("console", "idempotency.sql")

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEY_MOST: Final = 200
KEPT_FOR: Final = dt.timedelta(hours=24)
SUCCESS: Final = range(200, 300)


def once(route: Route) -> Handler:
    """The route's handler; under a key, its effects and its answer in one transaction."""

    async def answered(request: web.Request) -> web.StreamResponse:
        key = _key(request)
        if key is None:
            return await route.handler(request)
        if route.body is not None:
            request[BODY] = await raw(request, bytes_max=route.body_bytes_max)
        return await _under(key, route, request)

    return answered


async def _under(key: str, route: Route, request: web.Request) -> web.StreamResponse:
    user_id, parts = request[CALLER].user_id, request.app[PARTS]
    asked, now = _fingerprint(request), parts.clock()
    async with parts.transaction() as conn:
        if not await conn.fetchval(QUERIES["hold"], f"{user_id}/{key}"):
            raise Conflict("a request under this key is being answered", retry_after_s=1)
        kept = await conn.fetchrow(QUERIES["find"], user_id, key)
        if kept is not None:
            return _again(kept, asked)
        response = await route.handler(request)
        if response.status in SUCCESS and isinstance(response, web.Response):
            body = response.body if isinstance(response.body, bytes) else b""
            await conn.execute(QUERIES["forget"], now - KEPT_FOR)
            await conn.execute(QUERIES["keep"], user_id, key, asked, response.status, body, now)
        return response


def _again(kept: Record, asked: bytes) -> web.Response:
    if kept["request"] != asked:
        raise Unprocessable("this key stands for another request", pointer=f"/{HEADER}")
    return web.Response(
        body=kept["body"],
        status=kept["status"],
        content_type="application/json",
        charset="utf-8",
        headers={REPLAYED: "true"},
    )


def _key(request: web.Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= KEY_MOST and key.isascii() and key.isprintable()):
        raise BadRequest(f"1 to {KEY_MOST} printable ASCII characters", pointer=f"/{HEADER}")
    return key


def _fingerprint(request: web.Request) -> bytes:
    """Of method, path with its query, and body."""
    head = f"{request.method} {request.path_qs}\n".encode()
    return hashlib.sha256(head + request.get(BODY, b"")).digest()
