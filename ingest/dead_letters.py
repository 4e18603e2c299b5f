"""What could not be read or stored: kept with its error until somebody looks.

Whole, as long as its sender stays within a quota (ingest.letter_quota); then its beginning.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple
from uuid import UUID

from structlog import get_logger

from ingest.letter_quota import QUOTA, LetterQuota, kept_bytes
from store.pool import Connection
from store.queries import load
from store.schema import UNCLAIMED
from wire import topics
from wire.errors import BadTopic
from wire.messages import MOST_BYTES

log = get_logger()

QUERIES: Final = load("ingest", "dead_letters.sql")
ERROR_CHARACTERS_MAX: Final = 500
KEY_CHARACTERS_MAX: Final = 200
"""Of topic and pointer each: together they must fit into an index entry of 2.7 kB."""
STRANGERS: Final = ""
"""The sender of whatever comes from nobody enrolled here: made-up names gain nothing."""


class Letter(NamedTuple):
    """One message, or one reading of a message, and why it could not be taken."""

    topic: str
    payload: bytes
    error: str
    pointer: str = ""
    """JSON pointer into the message; `/readings/<n>…` where the payload is that one reading."""
    gateway: str | None = None
    organisation: UUID | None = None


class _Row(NamedTuple):
    """A letter as the table takes it."""

    organisation: UUID | None
    gateway: str | None
    topic: str
    payload: bytes
    pointer: str
    error: str
    digest: bytes
    size: int

    @property
    def key(self) -> tuple[str, bytes, str]:
        return self.topic, self.digest, self.pointer

    @property
    def sender(self) -> str:
        return STRANGERS if self.organisation is None else self.gateway or STRANGERS


class _Used(NamedTuple):
    """What waits from a sender, or what is added to it."""

    letters: int = 0
    bytes: int = 0
    truncated: int = 0
    only_counted: int = 0


async def keep(conn: Connection, letters: Iterable[Letter], *, now: dt.datetime) -> None:
    """Store them in one transaction; letters that are there already are counted.

    Nothing in a letter can make this fail: bytes are kept as bytes, texts are made fit.
    """
    given = list(letters)
    if not given:
        return
    async with conn.transaction():
        counted = Counter(map(_row, await _addressed(conn, given)))
        # The lock on their senders makes this exact, however many workers there are.
        used = await _locked(conn, counted)
        known = await _count_known(conn, counted, now)
        new = {row: times for row, times in counted.items() if row.key not in known}
        if new:
            await _add(conn, new, used, now)


def _row(letter: Letter) -> _Row:
    """Over the wire's cap only the beginning is kept of anything."""
    return _Row(
        organisation=letter.organisation,
        gateway=None if letter.gateway is None else _text(letter.gateway, KEY_CHARACTERS_MAX),
        topic=_text(letter.topic, KEY_CHARACTERS_MAX),
        payload=bytes(letter.payload[:MOST_BYTES]),
        pointer=_text(letter.pointer, KEY_CHARACTERS_MAX),
        error=_text(letter.error, ERROR_CHARACTERS_MAX),
        digest=blake2b(letter.payload, digest_size=16).digest(),
        size=len(letter.payload),
    )


def _text(words: str, most: int) -> str:
    """Words as PostgreSQL takes them: no NUL, no half of a surrogate pair, not endless."""
    cut = words[:most].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return cut.encode("utf-8", "replace").decode()


async def _addressed(conn: Connection, letters: Sequence[Letter]) -> list[Letter]:
    """Those that tripped a bug of ours know only their topic: whose they are is looked up, so
    that a stranger's flood does not use up what is kept of a gateway's.
    """
    named = {index: name for index, one in enumerate(letters) if (name := _named_in_topic(one))}
    if not named:
        return list(letters)
    found = await conn.fetch(QUERIES["owners"], list(set(named.values())))
    owners = {row["id"]: row["organisation_id"] for row in found}
    return [
        one._replace(gateway=named[index], organisation=owners[named[index]])
        if named.get(index) in owners
        else one
        for index, one in enumerate(letters)
    ]


def _named_in_topic(letter: Letter) -> str | None:
    if letter.gateway is not None:
        return None
    try:
        return topics.parse(letter.topic)[0]
    except BadTopic:
        return None


async def _locked(conn: Connection, rows: Iterable[_Row]) -> dict[str, _Used]:
    """What waits from each sender; nobody else changes it before our transaction ends."""
    owners = {row.sender: row.organisation for row in rows}
    found = await conn.fetch(QUERIES["lock_senders"], list(owners), list(owners.values()))
    return {row["sender"]: _Used(row["letters"], row["bytes"], row["truncated"]) for row in found}


async def _count_known(
    conn: Connection, counted: Counter[_Row], now: dt.datetime
) -> set[tuple[str, bytes, str]]:
    rows = [(row.topic, row.digest, row.pointer, row.error, n) for row, n in counted.items()]
    found = await conn.fetch(QUERIES["count_known"], *map(list, zip(*rows, strict=True)), now)
    return {(row["topic"], row["digest"], row["pointer"]) for row in found}


async def _add(
    conn: Connection, new: dict[_Row, int], used: dict[str, _Used], now: dt.datetime
) -> None:
    quota, kept = QUOTA.get(), list[tuple[Any, ...]]()
    added = defaultdict[str, _Used](_Used)
    for row, times in new.items():
        before, so_far = used[row.sender], added[row.sender]
        most = kept_bytes(
            row.size,
            letters=before.letters + so_far.letters,
            taken=before.bytes + so_far.bytes,
            quota=quota,
        )
        if most is None:
            added[row.sender] = so_far._replace(only_counted=so_far.only_counted + times)
            continue
        payload = row.payload[:most]
        kept.append((*row._replace(payload=payload), times))
        added[row.sender] = _Used(
            so_far.letters + 1,
            so_far.bytes + len(payload),
            so_far.truncated + (len(payload) < row.size),
            so_far.only_counted,
        )
    if kept:
        await conn.execute(QUERIES["keep"], *map(list, zip(*kept, strict=True)), now)
    amounts = [(sender, *amount) for sender, amount in added.items()]
    await conn.execute(QUERIES["use"], *map(list, zip(*amounts, strict=True)), now)
    _warn(used, added, quota)


def _warn(used: dict[str, _Used], added: dict[str, _Used], quota: LetterQuota) -> None:
    """Once, when a sender passes a limit: a flood must not fill the log either."""
    for sender, amount in added.items():
        before = used[sender]
        full = before.letters < quota.most_letters <= before.letters + amount.letters
        if full or (amount.truncated and not before.truncated):
            log.warning(
                "more unreadable messages than are kept whole",
                gateway=sender or "unknown ones",
                letters=before.letters + amount.letters,
                only_counted_from_now_on=full,
            )


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
    """A letter with its payload, which is only the beginning where it is `truncated`."""
    row = await conn.fetchrow(QUERIES["one"], letter, organisations, UNCLAIMED)
    return None if row is None else dict(row)


async def waiting(conn: Connection, *, organisations: Sequence[UUID]) -> list[int]:
    """Letters that nobody has turned into readings yet, oldest first."""
    return [row["id"] for row in await conn.fetch(QUERIES["waiting"], organisations, UNCLAIMED)]
