"""Sign-ins that are at an OpenID provider now: each bound to one browser, and good for once."""

import datetime as dt
import hmac
from typing import Final

from msgspec import Struct

from care.errors import RefusedError
from care.secrets import fingerprint, make_secret
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "oidc.sql")

GOOD_FOR: Final = dt.timedelta(minutes=10)
"""To type a password and a code there."""


class Attempt(Struct, frozen=True, kw_only=True):
    """What goes to the provider, and what stays here until somebody comes back."""

    state: str
    browser: str
    """Kept by the browser: another one cannot end what this one began."""
    nonce: str
    verifier: str
    """Of PKCE (RFC 7636): whoever steals the code on its way cannot use it."""
    next: str


async def begin(
    conn: Connection, *, where: str, browser: str | None = None, now: dt.datetime
) -> Attempt:
    """`browser`: what it was given before, where it was."""
    attempt = Attempt(
        state=make_secret(),
        browser=browser or make_secret(),
        nonce=make_secret(),
        verifier=make_secret(),
        next=where,
    )
    await conn.execute(
        QUERIES["begin"],
        fingerprint(attempt.state),
        fingerprint(attempt.browser),
        attempt.nonce,
        attempt.verifier,
        where,
        now,
    )
    return attempt


async def take(conn: Connection, *, state: str, browser: str, now: dt.datetime) -> Attempt:
    """The attempt, which is over with this. Raises RefusedError for one that is not there any
    more, is too old, or was begun by another browser.
    """
    kept = await conn.fetchrow(QUERIES["take"], fingerprint(state))
    if kept is None or now >= kept["created_at"] + GOOD_FOR:
        raise RefusedError("state", "is not, or no longer, good: begin again")
    if not hmac.compare_digest(kept["browser_hash"], fingerprint(browser)):
        raise RefusedError("state", "was begun by another browser")
    return Attempt(
        state=state,
        browser=browser,
        nonce=kept["nonce"],
        verifier=kept["verifier"],
        next=kept["next"],
    )


async def forget_attempts(conn: Connection, *, now: dt.datetime) -> None:
    await conn.execute(QUERIES["forget"], now - GOOD_FOR)
