"""Who somebody is, by what they know: tries are counted, and a refusal says nothing of why."""

from typing import Final

from aiohttp import web

from care.errors import RefusedError
from care.second_factor import Need, need_of, right_code
from care.second_factor_secret import Seal
from care.users import User, find_login, matching
from console.audit_sign_in import tried_in_vain
from console.browsers import knows_user
from console.errors import Forbidden, Unauthenticated
from console.parts import PARTS
from console.tries import counted_as, failed, in_turn, not_too_often, succeeded

WRONG: Final = "the user name or the password is wrong"
WRONG_CODE: Final = "the code is wrong, was used before, or is over"
NO_CODE: Final = "this account has a second factor: its code is needed as well"
NOT_SET_UP: Final = "your clinic wants a second factor of you: set it up at /sign-in first"


async def proved(request: web.Request, *, username: str, password: str) -> User:
    """Raises Unauthenticated, or TooManyRequests."""
    name = username.lower()
    account = await counted_as(request, name)
    async with in_turn(request, account):
        await not_too_often(request, account)
        try:
            user = await _matched(request, username, password)
        except RefusedError:
            await failed(request, account)
            await tried_in_vain(request, username=username, why="the password is wrong")
            raise Unauthenticated(WRONG) from None
        await succeeded(request, account, name=name)
    return user


async def prove_again(request: web.Request, user: User, code: str | None) -> None:
    """The second proof, of a program that sends both at once. Raises Unauthenticated,
    TooManyRequests, or Forbidden where there is none yet and the clinic wants one.
    """
    async with request.app[PARTS].connection() as conn:
        need = await need_of(conn, user)
    if need is Need.NOTHING:
        return
    if need is Need.ENROLMENT:
        raise Forbidden(NOT_SET_UP)
    if code is None:
        raise Unauthenticated(NO_CODE, pointer="/code")
    await code_proved(request, user, code)


async def code_proved(request: web.Request, user: User, code: str) -> None:
    """Counted by person: whoever tries codes knows the password already.

    Raises Unauthenticated, or TooManyRequests.
    """
    parts, account = request.app[PARTS], f"second factor\0{user.id}"
    await knows_user(request, user.id)
    async with in_turn(request, account):
        await not_too_often(request, account)
        async with parts.connection() as conn:
            right = await right_code(conn, user, code, seal=seal_of(request), now=parts.clock())
        if not right:
            await failed(request, account)
            await tried_in_vain(request, user=user, why="the code is wrong")
            raise Unauthenticated(WRONG_CODE, pointer="/code")
        await succeeded(request, account)


async def own_password(request: web.Request, user: User, password: str) -> bool:
    """Whether somebody who is signed in knows the password of the account: a browser left open
    must not be enough for what cannot be undone. Raises TooManyRequests.
    """
    account = f"own password\0{user.id}"
    await knows_user(request, user.id)
    async with in_turn(request, account):
        await not_too_often(request, account)
        try:
            await _matched(request, user.username, password)
        except RefusedError:
            await failed(request, account)
            return False
        await succeeded(request, account)
    return True


async def _matched(request: web.Request, username: str, password: str) -> User:
    """No connection is held while hashing: there are few, and every request needs one.

    Hashes are not for an organisation to read: this is called where nobody is known yet, and for
    the pages of accounts.
    """
    async with request.app[PARTS].connection() as conn:
        login = await find_login(conn, username)
    return await matching(login, password)


def seal_of(request: web.Request) -> Seal:
    return Seal(keys=request.app[PARTS].settings.secret_key)
