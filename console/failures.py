"""Failed attempts, and where and with what each account has signed in: one for all processes.

Kept by hashes: what strangers type, and from where people work, is read by nobody.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from care.secrets import fingerprint
from console.throttle import FORGOTTEN_AFTER, wait_s
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "failures.sql")

PLACES_KEPT: Final = dt.timedelta(days=90)
"""Since the latest sign-in there."""


async def waiting_s(conn: Connection, free_tries: Mapping[str, int], *, now: dt.datetime) -> int:
    """The longest wait of all these keys, each with the tries that are free for it."""
    by_hash = {fingerprint(key): free for key, free in free_tries.items()}
    rows = await conn.fetch(QUERIES["kept"], list(by_hash))
    return max(
        (
            wait_s(row["failures"], row["last_at"], free_tries=by_hash[row["key_hash"]], now=now)
            for row in rows
        ),
        default=0,
    )


async def count(conn: Connection, *keys: str, now: dt.datetime) -> None:
    """One more failure of each."""
    # Always in one order: two who fail at once must not wait for each other.
    hashes = sorted(map(fingerprint, keys))
    await conn.execute(QUERIES["count"], hashes, now, now - FORGOTTEN_AFTER)


async def clear(conn: Connection, *keys: str) -> None:
    await conn.execute(QUERIES["clear"], list(map(fingerprint, keys)))


async def is_known(conn: Connection, account: str, address: str) -> bool:
    """Whether the account has signed in at this address."""
    known: bool = await conn.fetchval(QUERIES["known_place"], _place(account, address))
    return known


async def remember(conn: Connection, account: str, address: str, *, now: dt.datetime) -> None:
    await conn.execute(QUERIES["remember_place"], _place(account, address), now)


async def is_browser(conn: Connection, browser: bytes) -> bool:
    """Whether anybody has signed in with it."""
    known: bool = await conn.fetchval(QUERIES["known_browser"], browser)
    return known


async def is_browser_of(
    conn: Connection, browser: bytes, *, name: str | None = None, user_id: UUID | None = None
) -> bool:
    """Whether this account has signed in with it."""
    known: bool = await conn.fetchval(QUERIES["browser_of"], browser, name, user_id)
    return known


async def remember_browser(
    conn: Connection, browser: bytes, user_id: UUID, *, now: dt.datetime
) -> None:
    await conn.execute(QUERIES["remember_browser"], browser, user_id, now)


async def forget(conn: Connection, *, now: dt.datetime) -> None:
    await conn.execute(QUERIES["forget"], now - FORGOTTEN_AFTER)
    await conn.execute(QUERIES["forget_places"], now - PLACES_KEPT)
    await conn.execute(QUERIES["forget_browsers"], now - PLACES_KEPT)


def _place(account: str, address: str) -> bytes:
    """No address holds a NUL, and names are freed of it: no pair can pass for another."""
    return fingerprint(f"{account}\0{address}")
