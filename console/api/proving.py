"""Who somebody is, by what they know: tries are counted, and a refusal says nothing of why."""

from typing import Final

from aiohttp import web

from care.errors import RefusedError
from care.users import User, check_password
from console.errors import Unauthenticated
from console.parts import PARTS
from console.tries import address_of, failed, in_turn, not_too_often

WRONG: Final = "the user name or the password is wrong"


async def proved(request: web.Request, *, username: str, password: str) -> User:
    """Raises Unauthenticated, or TooManyRequests."""
    parts, name = request.app[PARTS], username.lower()
    address = address_of(request)
    # Whoever guesses elsewhere holds off all others, but not the owner at an address of theirs.
    account = parts.acquaintances.counted_as(name, address)
    async with in_turn(request, account):
        not_too_often(request, account)
        async with parts.connection() as conn:
            try:
                user = await check_password(conn, username=username, password=password)
            except RefusedError:
                failed(request, account)
                raise Unauthenticated(WRONG) from None
        parts.accounts.succeeded(account)
        parts.acquaintances.remember(name, address)
    return user
