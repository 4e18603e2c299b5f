"""Requests that another site makes in a person's name: told apart, and refused.

Two proofs are asked for: what the browser says of where a request comes from, and a token that only
our own pages hold. Reading never changes anything, so only other methods are looked at.
"""

import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from console.errors import Forbidden

FIELD: Final = "csrf"
HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OWN: Final = frozenset({"same-origin", "none"})
"""`none`: typed into the address bar, or a bookmark."""


def csrf_token(session_token: str) -> str:
    """Made of the session's own secret, so it ends with it and nothing is kept."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


def masked(token: str) -> str:
    """The token as a page shows it: another text each time.

    Pages are compressed: what stays the same beside a text that somebody else chooses could be
    told from the length of both.
    """
    mask = secrets.token_bytes(len(token) // 2)
    return mask.hex() + _xor(mask, bytes.fromhex(token)).hex()


def _unmasked(given: str) -> str:
    """As `csrf_token` made it; the empty text for what was never masked."""
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return ""
    half = len(both) // 2
    return _xor(both[:half], both[half:]).hex() if len(both) == 2 * half else ""


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


def of_this_site(request: web.Request) -> bool:
    """What the browser says; one that says nothing is left to the token."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def refuse_foreign(request: web.Request) -> None:
    """For forms of people who are not signed in yet. Raises Forbidden."""
    if request.method not in SAFE and not of_this_site(request):
        raise Forbidden("this was asked for by another site")


def refuse_forged(request: web.Request, session_token: str, given: str | None) -> None:
    """For whoever is signed in by cookie. Raises Forbidden."""
    refuse_foreign(request)
    if request.method in SAFE:
        return
    if given is None or not _is_ours(given, session_token):
        raise Forbidden("the page is too old, or is not ours: load it again. Nothing was saved")


def _is_ours(given: str, session_token: str) -> bool:
    """As a page has it, or as whoever holds the session's secret makes it."""
    wanted = csrf_token(session_token).encode()
    return hmac.compare_digest(given.encode(), wanted) or hmac.compare_digest(
        _unmasked(given).encode(), wanted
    )
