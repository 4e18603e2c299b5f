"""Passwords of people: argon2id, two at a time and off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from care.common_passwords import is_common
from care.errors import InvalidError

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 256
"""Bytes that a stranger can make us hash."""


class Refusal(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    UNREADABLE = "unreadable"
    COMMON = "common"


TOLD: Final = {
    Refusal.SHORT: f"needs at least {LENGTH_MIN} characters",
    Refusal.LONG: f"may have at most {LENGTH_MAX} characters",
    Refusal.UNREADABLE: "is not UTF-8",
    Refusal.COMMON: "is one that many people use: think of another one",
}

# OWASP's second choice of parameters: 32 ms and 19 MiB each on two cores, where argon2-cffi's
# default of 64 MiB and 150 ms would let a few sign-ins at once starve the machine.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# No more than two at once: the rest wait in line, and readings go on flowing. Threads start
# with the first password.
_TWO_AT_A_TIME: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


async def hash_password(password: str) -> str:
    """The argon2id hash to keep; raises InvalidError for one that nobody may have."""
    if (why := why_refused(password)) is not None:
        raise InvalidError("password", TOLD[why])
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


def why_refused(password: str) -> Refusal | None:
    """Why nobody may have this one; None for a good one."""
    if len(password) < LENGTH_MIN:
        return Refusal.SHORT
    if len(password) > LENGTH_MAX:
        return Refusal.LONG
    if any("\ud800" <= character <= "\udfff" for character in password):
        return Refusal.UNREADABLE
    return Refusal.COMMON if is_common(password) else None
