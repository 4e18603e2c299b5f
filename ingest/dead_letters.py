"""What could not be read or stored: kept whole, with its error, until somebody looks."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple
from uuid import UUID

from store.pool import Connection
from store.queries import load
from store.schema import UNCLAIMED
from wire.messages import MOST_BYTES

QUERIES: Final = load("ingest", "dead_letters.sql")
ERROR_CHARACTERS_MAX: Final = 500
KEY_CHARACTERS_MAX: Final = 200
"""Of topic and pointer each: together they must fit into an index entry of 2.7 kB."""


class Letter(NamedTuple):
    """One message, or one reading of a message, and why it could not be taken."""

    topic: str
    payload: bytes
    error: str
    pointer: str = ""
    """JSON pointer into the message; `/readings/<n>…` where the payload is that one reading."""
    gateway: str | None = None
    organisation: UUID | None = None


async def keep(conn: Connection, letters: Iterable[Letter], *, now: dt.datetime) -> None:
    """Store them in one statement; letters that are there already are counted.

    Nothing in a letter can make this fail: bytes are kept as bytes, texts are made fit.
    """
    counted = Counter(map(_kept, letters))
    if not counted:
        return
    rows = [(*row, times) for row, times in counted.items()]
    await conn.execute(QUERIES["keep"], *map(list, zip(*rows, strict=True)), now)


def _kept(
    letter: Letter,
) -> tuple[UUID | None, str | None, str, bytes, str, str, bytes]:
    """The row, in the order of the statement. Over the wire's cap only the beginning is kept."""
    digest = blake2b(letter.payload, digest_size=16).digest()
    return (
        letter.organisation,
        None if letter.gateway is None else _text(letter.gateway, KEY_CHARACTERS_MAX),
        _text(letter.topic, KEY_CHARACTERS_MAX),
        bytes(letter.payload[:MOST_BYTES]),
        _text(letter.pointer, KEY_CHARACTERS_MAX),
        _text(letter.error, ERROR_CHARACTERS_MAX),
        digest,
    )


def _text(words: str, most: int) -> str:
    """Words as PostgreSQL takes them: no NUL, no half of a surrogate pair, not endless."""
    cut = words[:most].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return cut.encode("utf-8", "replace").decode()


async def listed(
    conn: Connection,
    *,
    organisations: Sequence[UUID],
    before: int | None = None,
    replayed: bool = False,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Letters without their payloads, newest first; what no gateway sent is UNCLAIMED's."""
    rows = await conn.fetch(QUERIES["list"], organisations, before, replayed, limit, UNCLAIMED)
    return [dict(row) for row in rows]


async def one(
    conn: Connection, letter: int, *, organisations: Sequence[UUID]
) -> dict[str, Any] | None:
    """A letter with its payload."""
    row = await conn.fetchrow(QUERIES["one"], letter, organisations, UNCLAIMED)
    return None if row is None else dict(row)


async def waiting(conn: Connection, *, organisations: Sequence[UUID]) -> list[int]:
    """Letters that nobody has turned into readings yet, oldest first."""
    return [row["id"] for row in await conn.fetch(QUERIES["waiting"], organisations, UNCLAIMED)]
