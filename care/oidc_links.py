"""Who somebody of ours is at an OpenID provider: found by name once, and by their number there on.

A name or an email may be given to another person there; the number never is (OpenID Connect
Core, 2). So the first sign-in ties the two, and a later one with another number is refused.
"""

import datetime as dt
from uuid import UUID

from care.errors import RefusedError
from care.oidc_attempts import QUERIES
from care.users import User
from store.pool import Connection


async def user_of(
    conn: Connection, *, issuer: str, subject: str, username: str | None, now: dt.datetime
) -> User:
    """Raises RefusedError: nobody is made here, and the refusal does not say what is there."""
    linked = await conn.fetchrow(QUERIES["linked"], issuer, subject)
    if linked is not None:
        return _enabled(User(**linked))
    named = None if username is None else await conn.fetchrow(QUERIES["named"], username.lower())
    if named is None:
        raise RefusedError("username", "has no account here")
    user = _enabled(User(**named))
    if await conn.fetchval(QUERIES["link"], user.id, issuer, subject, now) is None:
        raise RefusedError("username", "has no account here")
    return user


async def unlink(conn: Connection, organisation_id: UUID, user_id: UUID) -> None:
    """The next sign-in there ties anew."""
    await conn.execute(QUERIES["unlink"], organisation_id, user_id)


def _enabled(user: User) -> User:
    if user.disabled_at is not None:
        raise RefusedError("username", "has no account here")
    return user
