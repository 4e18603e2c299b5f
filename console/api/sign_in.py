"""Signing in and out."""

from typing import Final

from aiohttp import hdrs, web
from msgspec import Struct

from care.registry import sign_out
from care.sessions import open_session
from console.agents import agent_of
from console.api.proving import prove_again, proved
from console.audit_sign_in import signed_in
from console.bodies import read
from console.parts import PARTS, SESSION_TOKEN
from console.replies import reply
from console.tries import address_of

CLEARED: Final = '"cache", "storage"'
"""What a browser forgets of us besides the cookie, which is taken back by itself."""


class Login(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    username: str
    password: str
    code: str | None = None
    """Of the second factor, where the account has one."""


class Token(Struct, frozen=True, kw_only=True):
    token: str


async def login(request: web.Request) -> web.Response:
    """A wrong name, a wrong password and a disabled user look the same from outside."""
    typed = await read(request, Login)
    parts = request.app[PARTS]
    user = await proved(request, username=typed.username, password=typed.password)
    await prove_again(request, user, typed.code)
    async with parts.connection() as conn:
        token = await open_session(
            conn,
            user.id,
            now=parts.clock(),
            address=address_of(request),
            agent=agent_of(request),
        )
        await signed_in(request, conn, user.id)
    return reply(Token(token=token))


async def logout(request: web.Request) -> web.Response:
    parts = request.app[PARTS]
    token = request.get(SESSION_TOKEN)
    if token is None:
        _, _, token = request.headers[hdrs.AUTHORIZATION].partition(" ")
    async with parts.connection() as conn:
        await sign_out(conn, token.strip(), now=parts.clock())
    return web.Response(status=204, headers={"Clear-Site-Data": CLEARED})
