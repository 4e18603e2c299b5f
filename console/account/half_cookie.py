"""The cookie of somebody who has shown one proof of two: it opens the page for the second."""

from typing import Final

from aiohttp import web

from care.half_sessions import GOOD_FOR
from console.parts import PARTS

PLAIN: Final = "hearthbeat-half"
SECURE: Final = "__Host-hearthbeat-half"
LONGEST: Final = 512


def half_in(request: web.Request) -> str | None:
    token = request.cookies.get(_name(secure=request.app[PARTS].settings.secure))
    return token if token and token.isascii() and len(token) <= LONGEST else None


def keep_half(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    """Lax, as whoever comes back from another sign-in page needs it too."""
    response.set_cookie(
        _name(secure=secure),
        token,
        max_age=int(GOOD_FOR.total_seconds()),
        path="/",
        httponly=True,
        secure=secure,
        samesite="Lax",
    )


def forget_half(response: web.StreamResponse, *, secure: bool) -> None:
    response.del_cookie(
        _name(secure=secure), path="/", httponly=True, secure=secure, samesite="Lax"
    )


def _name(*, secure: bool) -> str:
    return SECURE if secure else PLAIN
