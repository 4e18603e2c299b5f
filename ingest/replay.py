"""Dead letters once more through the same door: after a device was added, or a program mended."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from care.snapshot import Snapshot
from ingest import dead_letters
from ingest.batch import Batch, Landed, answers
from ingest.committer import Committer
from ingest.dead_letters import QUERIES
from ingest.unpacking import Unpacking
from store.pool import Pool
from wire.delivery import Delivery

ONE_READING: Final = re.compile(r"/readings/\d+(/|$)")
"""Pointers of letters that hold a single reading instead of a message."""
OUTCOME_CHARACTERS_MAX: Final = 200
TRUNCATED: Final = "truncated: only its beginning was kept"


class Replayed(NamedTuple):
    """What came of a letter this time."""

    letter: int
    outcome: str
    """`stored`, `duplicate`, `quarantined: unassigned`, `unreadable: …`, `rejected: id_reused`,
    `truncated: …`."""
    done: bool
    """Whether it is a reading now, and the letter needs nobody's attention any more."""


async def replay(
    pool: Pool,
    committer: Committer,
    letter: int,
    *,
    organisations: Sequence[UUID],
    snapshot: Snapshot,
    now: dt.datetime,
) -> Replayed | None:
    """Admit a letter anew; None where there is none. Raises DatabaseAway and UnsafeDatabase."""
    async with pool.acquire() as conn:
        found = await dead_letters.one(conn, letter, organisations=organisations)
    if found is None:
        return None
    if found["truncated"]:
        return Replayed(letter, TRUNCATED, done=False)
    return await _replay(committer, pool, found, lambda: snapshot, now)


async def _replay(
    committer: Committer,
    pool: Pool,
    found: dict[str, Any],
    current: Callable[[], Snapshot],
    now: dt.datetime,
) -> Replayed:
    unpacking = Unpacking(current)
    batch = unpacking.begin(now)
    unpacking.add(batch, Delivery(found["topic"], message_of(found)))
    outcome, done = _unreadable(batch)
    if not outcome:
        batch.letters.clear()
        outcome, done = _told(batch, await committer.commit(batch))
    outcome = outcome[:OUTCOME_CHARACTERS_MAX]
    async with pool.acquire() as conn:
        await conn.execute(QUERIES["replayed"], found["id"], now if done else None, outcome)
    return Replayed(found["id"], outcome, done)


def message_of(found: dict[str, Any]) -> bytes:
    """The message, put back around a reading that was kept alone."""
    payload: bytes = found["payload"]
    if not ONE_READING.match(found["pointer"]):
        return payload
    sent_at = found["first_received_at"].isoformat().encode()
    return b'{"v":1,"sent_at":"%b","readings":[%b]}' % (sent_at, payload)


def _unreadable(batch: Batch) -> tuple[str, bool]:
    if batch.rows or batch.said or not batch.letters:
        return "", False
    return f"unreadable: {batch.letters[0].error}", False


def _told(batch: Batch, landed: Landed) -> tuple[str, bool]:
    """The fates in words; one rejected reading keeps the whole letter open."""
    words: set[str] = set()
    done = True
    for _, message in answers(batch, landed).messages():
        words |= {f"quarantined: {refusal.reason}" for refusal in message.quarantined}
        words |= {f"rejected: {refusal.reason}" for refusal in message.rejected}
        done = done and not message.rejected
    if landed.duplicates:
        words.add("duplicate")
    if any(row.reason is None for row in landed.stored):
        words.add("stored")
    return ", ".join(sorted(words)) or "nothing in it", done
