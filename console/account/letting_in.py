"""A session of a browser: begun with a cookie once somebody is proved, ended without a trace."""

from aiohttp import web

from care.sessions import open_session, sign_out
from care.users import User
from console.agents import agent_of
from console.api.sign_in import CLEARED
from console.parts import PARTS, SESSION_TOKEN
from console.tries import address_of
from console.web import cookies
from console.web.page import see_other


async def let_in(request: web.Request, user: User, *, where: str) -> web.Response:
    """A new session in every case: one from before, or from a stranger, is of no use after."""
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        if (old := cookies.token_in(request, secure=parts.settings.secure)) is not None:
            await sign_out(conn, old, now=parts.clock())
        token = await open_session(
            conn,
            user.id,
            now=parts.clock(),
            address=address_of(request),
            agent=agent_of(request),
        )
    answer = see_other(where)
    cookies.keep(answer, token, secure=parts.settings.secure)
    return answer


async def leave(request: web.Request) -> web.Response:
    """The session ends at the server; the browser forgets what it kept of our pages."""
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        await sign_out(conn, request[SESSION_TOKEN], now=parts.clock())
    answer = see_other("/sign-in?why=signed-out")
    cookies.forget(answer, secure=parts.settings.secure)
    answer.headers["Clear-Site-Data"] = CLEARED
    return answer
