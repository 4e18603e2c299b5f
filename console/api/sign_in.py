"""Signing in and out."""

from aiohttp import web
from msgspec import Struct

from care.errors import RefusedError
from care.registry import sign_in, sign_out
from console.bodies import read
from console.errors import Unauthenticated
from console.parts import PARTS
from console.replies import reply
from console.tries import address_of, failed, in_turn, not_too_often


class Login(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    username: str
    password: str


class Token(Struct, frozen=True, kw_only=True):
    token: str


async def login(request: web.Request) -> web.Response:
    """A wrong name, a wrong password and a disabled user look the same from outside."""
    typed = await read(request, Login)
    parts, username = request.app[PARTS], typed.username.lower()
    address = address_of(request)
    # Whoever guesses elsewhere holds off all others, but not the owner at an address of theirs.
    account = parts.acquaintances.counted_as(username, address)
    async with in_turn(request, account):
        not_too_often(request, account)
        async with parts.connection() as conn:
            try:
                token = await sign_in(
                    conn, username=typed.username, password=typed.password, now=parts.clock()
                )
            except RefusedError:
                failed(request, account)
                raise Unauthenticated("the user name or the password is wrong") from None
        parts.accounts.succeeded(account)
        parts.acquaintances.remember(username, address)
    return reply(Token(token=token))


async def logout(request: web.Request) -> web.Response:
    parts = request.app[PARTS]
    _, _, token = request.headers["Authorization"].partition(" ")
    async with parts.connection() as conn:
        await sign_out(conn, token.strip(), now=parts.clock())
    return web.Response(status=204, headers={"Clear-Site-Data": '"cache", "storage"'})
