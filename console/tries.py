"""Attempts at an open door: counted by account and by address, and held off when too many fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from console.client_address import client_address
from console.errors import TooManyRequests
from console.parts import PARTS


def address_of(request: web.Request) -> str:
    """The caller's network address, as far as those before us can be trusted to tell it."""
    return client_address(
        request.remote,
        request.headers.getall("X-Forwarded-For", []),
        request.app[PARTS].settings.trusted_proxies,
    )


@asynccontextmanager
async def in_turn(request: web.Request, account: str) -> AsyncIterator[None]:
    """One attempt at a time for an account, and for an address.

    Otherwise a thousand guesses sent at once would all be let in before the first has failed.
    """
    turns = request.app[PARTS].turns
    async with AsyncExitStack() as held:
        # Always the account first: whoever waits for an address holds no other address.
        for key in (("account", account), ("address", address_of(request))):
            lock = turns.setdefault(key, asyncio.Lock())
            await held.enter_async_context(lock)
        yield


def not_too_often(request: web.Request, *accounts: str) -> None:
    """Raises TooManyRequests while these accounts, or the caller's address, have to wait."""
    parts = request.app[PARTS]
    now = parts.clock()
    wait_s = max(
        parts.accounts.wait_s(*accounts, now=now),
        parts.addresses.wait_s(address_of(request), now=now),
    )
    if wait_s:
        raise TooManyRequests("too many failed attempts", retry_after_s=wait_s)


def failed(request: web.Request, *accounts: str) -> None:
    """One more attempt that failed."""
    parts = request.app[PARTS]
    parts.accounts.failed(*accounts, now=parts.clock())
    parts.addresses.failed(address_of(request), now=parts.clock())
