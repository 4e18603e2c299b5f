"""A session of a browser: begun with a cookie once somebody is proved, ended without a trace."""

from typing import Final

from aiohttp import web

from care.half_sessions import open_half
from care.second_factor import Need, begin, need_of
from care.sessions import open_session, sign_out
from care.users import User
from console import browsers
from console.account.half_cookie import forget_half, keep_half
from console.agents import agent_of
from console.api.proving import seal_of
from console.api.sign_in import CLEARED
from console.audit_sign_in import signed_in
from console.parts import CALLER, PARTS, SESSION_TOKEN
from console.tries import address_of
from console.web import cookies, speaking
from console.web.page import see_other
from console.web.words import ENGLISH

HOME: Final = "/"
"""Leads everybody to where they begin."""
CODE: Final = "/sign-in/code"
ENROLMENT: Final = "/sign-in/second-factor"


async def go_on(
    request: web.Request, user: User, *, where: str, language: str = ENGLISH
) -> web.Response:
    """After a first proof: in, or on to the second, in the language that was chosen here."""
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        need = await need_of(conn, user)
        if need is Need.NOTHING:
            return await let_in(request, user, where=where)
        if need is Need.ENROLMENT:
            await begin(conn, user, seal=seal_of(request), now=parts.clock())
        token = await open_half(conn, user, now=parts.clock())
    page = CODE if need is Need.CODE else ENROLMENT
    query = speaking.query_of(language, next=None if where == HOME else where)
    answer = see_other(f"{page}?{query}" if query else page)
    keep_half(answer, token, secure=parts.settings.secure)
    return answer


async def let_in(
    request: web.Request, user: User, *, where: str, answer: web.Response | None = None
) -> web.Response:
    """A new session in every case: one from before, or from a stranger, is of no use after.

    `answer`: what is shown instead of bringing them there.
    """
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
        await signed_in(request, conn, user.id)
        answer = answer or see_other(where)
        await browsers.remember(request, conn, answer, user.id)
    forget_half(answer, secure=parts.settings.secure)
    cookies.keep(answer, token, secure=parts.settings.secure)
    return answer


async def leave(request: web.Request) -> web.Response:
    """The session ends at the server; the browser forgets what it kept of our pages."""
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        await sign_out(conn, request[SESSION_TOKEN], now=parts.clock())
    query = speaking.query_of(speaking.of_caller(request[CALLER]), why="signed-out")
    answer = see_other(f"/sign-in?{query}")
    cookies.forget(answer, secure=parts.settings.secure)
    answer.headers["Clear-Site-Data"] = CLEARED
    return answer
