"""Attempts at an open door: counted by account and by address, and held off when too many fail."""

from aiohttp import web

from console.errors import TooManyRequests
from console.parts import PARTS


def not_too_often(request: web.Request, *accounts: str) -> None:
    """Raises TooManyRequests while these accounts, or the caller's address, have to wait."""
    parts = request.app[PARTS]
    now = parts.clock()
    wait_s = max(
        parts.accounts.wait_s(*accounts, now=now),
        parts.addresses.wait_s(str(request.remote), now=now),
    )
    if wait_s:
        raise TooManyRequests("too many failed attempts", retry_after_s=wait_s)


def failed(request: web.Request, *accounts: str) -> None:
    """One more attempt that failed."""
    parts = request.app[PARTS]
    parts.accounts.failed(*accounts, now=parts.clock())
    parts.addresses.failed(str(request.remote), now=parts.clock())
