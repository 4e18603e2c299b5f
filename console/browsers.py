"""Browsers that people have signed in with: there a stranger's guesses do not hold their owner off.

OWASP calls it a device cookie. It is 256 random bits that open nothing and say nothing: whoever
has it gets tries of their own at the accounts that have signed in with it, as few as anybody gets.
"""

from typing import Final
from uuid import UUID

from aiohttp import web

from care.secrets import fingerprint, make_secret
from console import failures
from console.failures import PLACES_KEPT
from console.parts import PARTS
from store.pool import Connection

PLAIN: Final = "hearthbeat-browser"
SECURE: Final = "__Host-hearthbeat-browser"
LONGEST: Final = 128
KNOWN: Final = web.RequestKey("known_browser", bool)
"""Whether the account that is tried has signed in with this browser before."""


def browser_in(request: web.Request) -> bytes | None:
    """What is kept of the cookie; None without one."""
    token = request.cookies.get(_name(secure=request.app[PARTS].settings.secure))
    good = token and token.isascii() and len(token) <= LONGEST
    return fingerprint(token) if token and good else None


async def knows_name(request: web.Request, conn: Connection, name: str) -> bytes | None:
    """The browser, where the account of this name has signed in with it."""
    browser = browser_in(request)
    known = browser is not None and await failures.is_browser_of(conn, browser, name=name)
    request[KNOWN] = known
    return browser if known else None


async def knows_user(request: web.Request, user_id: UUID) -> None:
    """As `knows_name`, of somebody who has shown one proof already."""
    if (browser := browser_in(request)) is not None:
        async with request.app[PARTS].house() as conn:
            request[KNOWN] = await failures.is_browser_of(conn, browser, user_id=user_id)


async def remember(
    request: web.Request, conn: Connection, answer: web.StreamResponse, user_id: UUID
) -> None:
    """Somebody has signed in: with the cookie of before, for it may be of others here as well."""
    secure, now = request.app[PARTS].settings.secure, request.app[PARTS].clock()
    token, browser = request.cookies.get(_name(secure=secure)), browser_in(request)
    if token is None or browser is None or not await failures.is_browser(conn, browser):
        # What is not ours, or was forgotten, somebody may have chosen.
        token = make_secret()
    await failures.remember_browser(conn, fingerprint(token), user_id, now=now)
    answer.set_cookie(
        _name(secure=secure),
        token,
        max_age=int(PLACES_KEPT.total_seconds()),
        path="/",
        httponly=True,
        secure=secure,
        samesite="Lax",
    )


def _name(*, secure: bool) -> str:
    return SECURE if secure else PLAIN
