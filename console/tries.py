"""Attempts at an open door: counted by account and by address, and held off when too many fail.

Counts are the house's, and apart from the transaction of a request: a failure stays counted
whatever becomes of the rest.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from console import failures
from console.browsers import KNOWN, knows_name
from console.client_address import client_address
from console.errors import TooManyRequests
from console.parts import PARTS
from console.throttle import FREE_TRIES, FREE_TRIES_OF_ADDRESS


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
    turns, keys = request.app[PARTS].turns, [("account", account)]
    if not request.get(KNOWN):
        # Always the account first: whoever waits for an address holds no other address.
        keys.append(("address", address_of(request)))
    async with AsyncExitStack() as held:
        for key in keys:
            lock = turns.setdefault(key, asyncio.Lock())
            await held.enter_async_context(lock)
        yield


async def counted_as(request: web.Request, account: str) -> str:
    """Under what failures are counted: the account, or the account with a browser or at an address
    that it knows.

    Whoever guesses elsewhere holds off all others, but not the owner at an address of theirs;
    whoever guesses at that address too does not hold off the owner's own browser.
    """
    address, name = address_of(request), account.replace("\0", "")
    async with request.app[PARTS].house() as conn:
        if (browser := await knows_name(request, conn, name)) is not None:
            return f"{name}\0browser\0{browser.hex()}"
        known = await failures.is_known(conn, name, address)
    return f"{name}\0{address}" if known else name


async def not_too_often(request: web.Request, *accounts: str) -> None:
    """Raises TooManyRequests while these accounts, or the caller's address, have to wait; with a
    browser that the account knows, others' failures at the address are not counted against it.
    """
    parts = request.app[PARTS]
    keys = dict.fromkeys(map(_account, accounts), FREE_TRIES)
    if not request.get(KNOWN):
        keys[_address(request)] = FREE_TRIES_OF_ADDRESS
    async with parts.house() as conn:
        wait_s = await failures.waiting_s(conn, keys, now=parts.clock())
    if wait_s:
        raise TooManyRequests("too many failed attempts", retry_after_s=wait_s)


async def failed(request: web.Request, *accounts: str) -> None:
    """One more attempt that failed."""
    parts = request.app[PARTS]
    keys = [*map(_account, accounts)]
    if not request.get(KNOWN):
        keys.append(_address(request))
    async with parts.house() as conn:
        await failures.count(conn, *keys, now=parts.clock())


async def succeeded(request: web.Request, account: str, *, name: str | None = None) -> None:
    """The slate is clean; `name` is known at this address from now on."""
    parts = request.app[PARTS]
    async with parts.house() as conn:
        await failures.clear(conn, _account(account))
        if name is not None:
            plain = name.replace("\0", "")
            await failures.remember(conn, plain, address_of(request), now=parts.clock())


def _account(account: str) -> str:
    return f"account\0{account}"


def _address(request: web.Request) -> str:
    return f"address\0{address_of(request)}"
