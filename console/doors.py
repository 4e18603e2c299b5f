"""Lets a request in, or tells it why not: before a handler runs, who is asking is settled."""

import datetime as dt
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from care.errors import RefusedError
from care.secrets import matches
from care.sessions import Session, find_session, still_holds
from console.access import Caller, Clinic, require
from console.audit import audited, have_body
from console.errors import Forbidden, Unauthenticated
from console.once import once
from console.parts import CALLER, PARTS, SESSION_TOKEN, SOURCE
from console.routing import Door, Handler, Route
from console.tenancy import Whole, within
from console.web.cookies import token_in
from console.web.csrf import FIELD as CSRF_FIELD
from console.web.csrf import HEADER as CSRF_HEADER
from console.web.csrf import SAFE, refuse_foreign, refuse_forged
from console.web.forms import form_of
from store.pool import Connection

TOKEN_LENGTH_MAX: Final = 512
ENDED: Final = "the session is not, or no longer, good"


class Finding(Protocol):
    """How a session is looked for."""

    async def __call__(self, conn: Connection, token: str, *, now: dt.datetime) -> Session: ...


def guarded(route: Route) -> Handler:
    """The route's handler behind its door."""
    handler = once(route) if route.remembers else route.handler

    async def of_session(request: web.Request) -> web.StreamResponse:
        caller = await _person(request, find=_sign_of_life(request))

        async def check() -> None:
            if (token := request.get(SESSION_TOKEN)) is not None:
                refuse_forged(request, token, request.headers.get(CSRF_HEADER))
            require(caller, route.roles)
            request[CALLER] = caller
            await _let_in_still(route, request, caller)

        return await audited(route, request, caller, check, handler)

    async def of_page(request: web.Request) -> web.StreamResponse:
        caller = await _person(request, find=_sign_of_life(request))
        token = request.get(SESSION_TOKEN)
        if token is None:
            raise Unauthenticated("pages are for browsers")
        request[CALLER] = caller

        async def check() -> None:
            if request.method not in SAFE:
                given = request.headers.get(CSRF_HEADER) or (await form_of(request)).get(CSRF_FIELD)
                refuse_forged(request, token, given)
            require(caller, route.roles)
            await _let_in_still(route, request, caller)

        return await audited(route, request, caller, check, handler)

    return {Door.SESSION: of_session, Door.PAGE: of_page}.get(route.door) or _nobodys(route)


def _nobodys(route: Route) -> Handler:
    """Behind doors where nobody is signed in."""

    async def of_public(request: web.Request) -> web.StreamResponse:
        refuse_foreign(request)
        return await of_anybody(request)

    async def of_anybody(request: web.Request) -> web.StreamResponse:
        with within(Whole.HOUSE):
            return await route.handler(request)

    async def of_source(request: web.Request) -> web.StreamResponse:
        request[SOURCE] = _source(request)
        return await route.handler(request)

    doors: dict[Door, Handler] = {
        Door.OPEN: of_anybody,
        Door.SOURCE: of_source,
        Door.PUBLIC: of_public,
    }
    return doors[route.door]


async def still_signed_in(request: web.Request) -> Caller:
    """Who asks by now, for an answer that goes on: it is no sign that somebody is there."""
    return await _person(request, find=still_holds)


async def _let_in_still(route: Route, request: web.Request, caller: Caller) -> None:
    """A body may take half a minute to come. Whoever was shut out, or has another role, since its
    first byte changes nothing any more. Raises Unauthenticated.
    """
    if request.method in SAFE or not request.body_exists:
        return
    await have_body(route, request)
    now = await still_signed_in(request)
    if (now.user_id, now.role) != (caller.user_id, caller.role):
        raise Unauthenticated(ENDED)


async def recognise(request: web.Request) -> None:
    """Who asks for what has no door: no sign of life, and nothing is refused for it."""
    if _cookie(request, secure=request.app[PARTS].settings.secure) is None:
        return
    try:
        request[CALLER] = await still_signed_in(request)
    except Unauthenticated:
        return


def _sign_of_life(request: web.Request) -> Finding:
    """Scripts of a page that is left open ask for this and that: it keeps no session alive. Pages
    and forms do, and programs; of what a person does in a page, session.js tells by itself.
    """
    by_script = request.headers.get("Sec-Fetch-Dest") == "empty"
    return still_holds if by_script else find_session


async def _person(request: web.Request, *, find: Finding) -> Caller:
    parts = request.app[PARTS]
    token = _bearer(request) or _cookie(request, secure=parts.settings.secure)
    if token is None:
        raise Unauthenticated("sign in at /api/v1/login")
    async with parts.house() as conn:
        try:
            session = await find(conn, token, now=parts.clock())
        except RefusedError as error:
            raise Unauthenticated(ENDED) from error
    return caller_of(session)


def caller_of(session: Session) -> Caller:
    return Caller(
        user_id=session.user_id,
        organisation_id=session.organisation_id,
        role=session.role,
        patient_id=session.patient_id,
        username=session.username,
        display_name=session.display_name,
        preferences=session.preferences,
        language=session.patient_language,
        zone=None if session.patient_zone is None else ZoneInfo(session.patient_zone),
        clinic=Clinic(
            name=session.organisation,
            zone=ZoneInfo(session.organisation_zone),
            phone=session.organisation_phone,
            emergency_number=session.organisation_emergency,
        ),
    )


def _cookie(request: web.Request, *, secure: bool) -> str | None:
    """The token of a browser's cookie, kept at the request: it has to prove where it comes from."""
    token = token_in(request, secure=secure)
    if token is None or not _can_be_a_token(token):
        return None
    request[SESSION_TOKEN] = token
    return token


def _source(request: web.Request) -> str:
    """The gateway that the key names and proves; the directory knows, no query is needed."""
    key = request.headers.get("X-Api-Key") or _bearer(request)
    if key is None or not _can_be_a_token(key):
        raise Unauthenticated("send the source's key as X-Api-Key")
    gateway_id, _, secret = key.partition(".")
    known = request.app[PARTS].directory.snapshot.gateway(gateway_id)
    if known is None or known.credential_hash is None or not matches(secret, known.credential_hash):
        raise Unauthenticated("the source's key is not good")
    if known.revoked_at is not None:
        raise Forbidden("this source has been revoked")
    return gateway_id


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not _can_be_a_token(token):
        return None
    return token


def _can_be_a_token(text: str) -> bool:
    """Ours are plain ASCII; what is not even UTF-8 in a header comes as halves of surrogates."""
    return text.isascii() and len(text) <= TOKEN_LENGTH_MAX
