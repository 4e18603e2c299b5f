"""Signing in at the clinic's own provider: out with a state of this browser's, back with a code."""

from typing import Final

import msgspec
from aiohttp import web
from joserfc import jws
from joserfc.errors import JoseError
from structlog import get_logger

from care.errors import RefusedError
from care.oidc_attempts import GOOD_FOR, Attempt, begin, take
from care.oidc_links import user_of
from console.account.letting_in import HOME, go_on, let_in
from console.account.oidc_provider import PROVIDER, Provider
from console.account.oidc_token import Expected, OidcError, Proof, verified
from console.account.shown import asked_words
from console.account.sign_in import shown
from console.errors import NotFound
from console.parts import PARTS
from console.tries import failed, not_too_often
from console.web.local import local_path

log = get_logger()

RETURN: Final = "/sign-in/oidc/return"
PLAIN: Final = "hearthbeat-oidc"
SECURE: Final = "__Host-hearthbeat-oidc"
LONGEST: Final = 4096
NOT_THERE: Final = "sign_in.not_there"
NO_ACCOUNT: Final = "sign_in.no_account"
BEGIN_AGAIN: Final = "sign_in.begin_again"
UNREACHABLE: Final = "sign_in.unreachable"


async def leave(request: web.Request) -> web.Response:
    """Changes nothing but that somebody may come back: a link is enough."""
    parts, provider = request.app[PARTS], _provider(request)
    await not_too_often(request)
    where = local_path(request.query.get("next")) or HOME
    async with parts.connection() as conn:
        attempt = await begin(conn, where=where, browser=_browser(request), now=parts.clock())
    try:
        address = await provider.address(
            attempt, redirect_uri=_redirect(request), now=parts.clock()
        )
    except OidcError as error:
        log.warning("nobody can sign in at the OpenID provider", why=str(error))
        return _refused(request, UNREACHABLE, where=where, status=503)
    answer = web.Response(status=303, headers={"Location": address})
    secure = parts.settings.secure
    answer.set_cookie(
        _name(secure=secure),
        attempt.browser,
        max_age=int(GOOD_FOR.total_seconds()),
        path="/",
        httponly=True,
        secure=secure,
        samesite="Lax",
    )
    return answer


async def come_back(request: web.Request) -> web.Response:
    """Whatever is wrong, nobody is let in, and the attempt is over."""
    await not_too_often(request)
    provider = _provider(request)
    try:
        attempt = await _attempt(request)
    except RefusedError as error:
        await failed(request)
        log.warning("a sign-in at the OpenID provider is refused", why=str(error))
        return _refused(request, BEGIN_AGAIN, status=403)
    where = local_path(attempt.next) or HOME
    try:
        proof = await _proof(request, provider, attempt)
    except OidcError as error:
        await failed(request)
        log.warning("a sign-in at the OpenID provider is refused", why=str(error))
        return _refused(request, NOT_THERE, where=where, status=403)
    return await _in(request, provider, proof, where=where)


async def _in(
    request: web.Request, provider: Provider, proof: Proof, *, where: str
) -> web.Response:
    """Through the second factor of the account, unless the provider has asked for one itself."""
    parts = request.app[PARTS]
    try:
        async with parts.connection() as conn:
            user = await user_of(
                conn,
                issuer=proof.issuer,
                subject=proof.subject,
                username=proof.username(provider.settings.claim),
                now=parts.clock(),
            )
    except RefusedError:
        return _refused(request, NO_ACCOUNT, where=where, status=403)
    if proof.several_factors:
        return await let_in(request, user, where=where)
    return await go_on(request, user, where=where)


async def _attempt(request: web.Request) -> Attempt:
    parts = request.app[PARTS]
    state, browser = request.query.get("state", ""), _browser(request) or ""
    async with parts.connection() as conn:
        return await take(conn, state=state[:LONGEST], browser=browser, now=parts.clock())


async def _proof(request: web.Request, provider: Provider, attempt: Attempt) -> Proof:
    now, query = request.app[PARTS].clock(), request.query
    if query.get("iss", provider.settings.issuer) != provider.settings.issuer:
        raise OidcError("the answer is of another issuer")
    if "error" in query or not query.get("code"):
        raise OidcError("the provider has sent no code")
    token = await provider.id_token(
        query["code"][:LONGEST], attempt, redirect_uri=_redirect(request), now=now
    )
    keys = await provider.keys(_key_id(token), now=now)
    expected = Expected(
        issuer=provider.settings.issuer,
        client_id=provider.settings.client_id,
        nonce=attempt.nonce,
        now=now,
    )
    return verified(token, keys, expected)


def _refused(
    request: web.Request, text: str, *, status: int, where: str | None = None
) -> web.Response:
    """The page to sign in at, with why it did not work there."""
    words = asked_words(request)
    return shown(request, words, where=where, fault=words(text), status=status)


def _key_id(token: str) -> str | None:
    """Said, and not proved: only which key is looked for."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, msgspec.DecodeError) as error:
        raise OidcError("the ID token cannot be read") from error
    found = header.get("kid")
    return found if isinstance(found, str) else None


def _provider(request: web.Request) -> Provider:
    provider = request.app.get(PROVIDER)
    if provider is None:
        raise NotFound
    return provider


def _redirect(request: web.Request) -> str:
    """As registered at the provider; never what a request says of its own host."""
    return f"{request.app[PARTS].settings.public_url or ''}{RETURN}"


def _browser(request: web.Request) -> str | None:
    """What this browser was given: several sign-ins may be begun in it, in several tabs."""
    kept = request.cookies.get(_name(secure=request.app[PARTS].settings.secure))
    return kept if kept and kept.isascii() and len(kept) <= LONGEST else None


def _name(*, secure: bool) -> str:
    return SECURE if secure else PLAIN
