import asyncio

import pytest

from care.errors import InvalidError
from care.passwords import LENGTH_MIN, hash_password, verify_password

GOOD = "correct horse battery"


async def test_a_password_is_recognised_and_another_is_not() -> None:
    kept = await hash_password(GOOD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await verify_password(GOOD, kept)
    assert not await verify_password(GOOD + "!", kept)


async def test_nobody_has_any_password() -> None:
    assert not await verify_password("nobody has this password", None)


@pytest.mark.parametrize("length", [LENGTH_MIN - 1, 257])
async def test_passwords_of_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(InvalidError, match="password"):
        await hash_password("x" * length)


async def test_a_password_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(InvalidError, match="is not UTF-8"):
        await hash_password("\udcff" * LENGTH_MIN)


async def test_many_at_once_leave_the_event_loop_free() -> None:
    kept = await hash_password(GOOD)
    checks = asyncio.gather(*(verify_password(GOOD, kept) for _ in range(6)))
    beats = 0
    while not checks.done():
        await asyncio.sleep(0.005)
        beats += 1
    assert all(await checks)
    assert beats > 2  # Of one that is held up there is one.
