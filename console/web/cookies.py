"""The session's cookie: a random token, useless to scripts and to other sites."""

from typing import Final

from aiohttp import web

PLAIN: Final = "hearthbeat"
"""Without TLS, on one machine."""
SECURE: Final = "__Host-hearthbeat"
"""The prefix is a promise of browsers: set by this host alone, over TLS, for all of its paths."""


def token_in(request: web.Request, *, secure: bool) -> str | None:
    return request.cookies.get(SECURE if secure else PLAIN)


def keep(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    """A session cookie: gone with the browser; how long it is good is the server's to say.

    Lax, not Strict: a link in a message must open the page it names, signed in. What changes
    something needs the CSRF token besides.
    """
    response.set_cookie(
        SECURE if secure else PLAIN,
        token,
        path="/",
        httponly=True,
        secure=secure,
        samesite="Lax",
    )


def forget(response: web.StreamResponse, *, secure: bool) -> None:
    response.del_cookie(
        SECURE if secure else PLAIN, path="/", httponly=True, secure=secure, samesite="Lax"
    )
