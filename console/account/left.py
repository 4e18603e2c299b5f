"""How long a session still holds, for the warning before its end; asking is no sign of life."""

from aiohttp import web

from care.errors import RefusedError
from care.sessions import ends_at, still_holds
from console.parts import PARTS
from console.replies import reply
from console.web.cookies import token_in


async def left(request: web.Request) -> web.Response:
    """Whole seconds; 0 for nobody."""
    parts = request.app[PARTS]
    token = token_in(request, secure=parts.settings.secure)
    if token is None or not token.isascii():
        return reply({"left_s": 0})
    now = parts.clock()
    async with parts.connection() as conn:
        try:
            session = await still_holds(conn, token, now=now)
        except RefusedError:
            return reply({"left_s": 0})
    return reply({"left_s": int((ends_at(session) - now).total_seconds())})
