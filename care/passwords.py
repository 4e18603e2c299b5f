"""Passwords of people: argon2id, two at a time and off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from care.errors import InvalidError

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 256
"""Bytes that a stranger can make us hash."""

# OWASP's second choice of parameters: 32 ms and 19 MiB each on two cores, where argon2-cffi's
# default of 64 MiB and 150 ms would let a few sign-ins at once starve the machine.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# No more than two at once: the rest wait in line, and readings go on flowing. Threads start
# with the first password.
_TWO_AT_A_TIME: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


async def hash_password(password: str) -> str:
    """The argon2id hash to keep; raises InvalidError for a password too short or too long."""
    _check(password)
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_A_TIME, _HASHER.hash, password)


async def verify_password(password: str, kept: str | None) -> bool:
    """Whether it is the password that was hashed. For nobody's (None), no takes as long."""
    return await asyncio.get_running_loop().run_in_executor(
        _TWO_AT_A_TIME, _verify, password[:LENGTH_MAX], kept
    )


def _verify(password: str, kept: str | None) -> bool:
    try:
        _HASHER.verify(kept or _nobodys(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _check(password: str) -> None:
    if len(password) < LENGTH_MIN:
        raise InvalidError("password", f"needs at least {LENGTH_MIN} characters")
    if len(password) > LENGTH_MAX:
        raise InvalidError("password", f"may have at most {LENGTH_MAX} characters")
    if any("\ud800" <= character <= "\udfff" for character in password):
        raise InvalidError("password", "is not UTF-8")
