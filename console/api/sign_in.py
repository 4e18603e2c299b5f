"""Signing in and out, and how a hub turns its one-time code into credentials."""

from aiohttp import web
from msgspec import Struct

from care.errors import RefusedError
from care.registry import enrol, sign_in, sign_out
from console.bodies import read
from console.errors import TooManyRequests, Unauthenticated, Unprocessable
from console.parts import PARTS
from console.replies import reply


class Login(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    username: str
    password: str


class Token(Struct, frozen=True, kw_only=True):
    token: str


class EnrolmentCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str


class HubCredentials(Struct, frozen=True, kw_only=True):
    gateway: str
    """The user name at the broker."""
    secret: str
    """The password at the broker. Shown this once."""
    source_key: str
    """For `POST /api/v1/readings`."""


async def login(request: web.Request) -> web.Response:
    """A wrong name, a wrong password and a disabled user look the same from outside."""
    typed = await read(request, Login)
    parts, account = request.app[PARTS], typed.username.lower()
    _not_too_often(request, account)
    async with parts.connection() as conn:
        try:
            token = await sign_in(
                conn, username=typed.username, password=typed.password, now=parts.clock()
            )
        except RefusedError:
            _failed(request, account)
            raise Unauthenticated("the user name or the password is wrong") from None
    parts.accounts.succeeded(account)
    return reply(Token(token=token))


async def logout(request: web.Request) -> web.Response:
    parts = request.app[PARTS]
    _, _, token = request.headers["Authorization"].partition(" ")
    async with parts.connection() as conn:
        await sign_out(conn, token.strip(), now=parts.clock())
    return web.Response(status=204, headers={"Clear-Site-Data": '"cache", "storage"'})


async def enrolment(request: web.Request) -> web.Response:
    """The code is burnt in this call, and what it bought is shown this once."""
    typed = await read(request, EnrolmentCode)
    parts = request.app[PARTS]
    _not_too_often(request)
    async with parts.connection() as conn:
        try:
            made = await enrol(conn, typed.code, now=parts.clock())
        except RefusedError as error:
            _failed(request)
            raise Unprocessable(error.message, pointer="/code") from None
    answer = HubCredentials(gateway=made.gateway_id, secret=made.secret, source_key=made.source_key)
    return reply(answer, status=201)


def _not_too_often(request: web.Request, *accounts: str) -> None:
    parts = request.app[PARTS]
    now = parts.clock()
    wait_s = max(
        parts.accounts.wait_s(*accounts, now=now),
        parts.addresses.wait_s(str(request.remote), now=now),
    )
    if wait_s:
        raise TooManyRequests("too many failed attempts", retry_after_s=wait_s)


def _failed(request: web.Request, *accounts: str) -> None:
    parts = request.app[PARTS]
    parts.accounts.failed(*accounts, now=parts.clock())
    parts.addresses.failed(str(request.remote), now=parts.clock())
