"""Looks whether anything was forgotten. What it finds is a fault of ours, and is said loudly."""

import datetime as dt
from typing import Final

from msgspec import Struct

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("alerts", "audit.sql")
CLOCK_OFF_MOST_S: Final = 60.0
APPLICATION: Final = "hearthbeat alerts"
"""What alert processes call themselves at the database."""
STUCK_AFTER: Final = dt.timedelta(seconds=60)
"""Twice as long as any of them waits for an answer."""
_OVERDUE: Final = ("overdue", "unsent", "endless_snoozes", "waiting_for_ever", "untold", "unjudged")


class Audit(Struct, frozen=True, kw_only=True):
    """Counts of what should not be, and what merely is."""

    queue_age_s: float
    failed: int
    overdue: dict[str, int]

    def troubles(self, *, late_s: float) -> list[str]:
        """In words; empty where all is well."""
        found = [f"{_WORDS[name]}: {count}" for name, count in self.overdue.items() if count]
        if self.queue_age_s > late_s:
            found.append(f"readings wait for evaluation since {self.queue_age_s:.0f} s")
        return found


_WORDS: Final = {
    "overdue": "things that were due and were not done",
    "unsent": "messages that should have left",
    "endless_snoozes": "snoozes that nothing ends",
    "waiting_for_ever": "alerts that wait for a repeat, and nobody looks again",
    "untold": "alerts that nobody was told of",
    "unjudged": "patients whose readings, or alerts whose steps, failed again and again",
}


async def audit(conn: Connection, *, now: dt.datetime, late_s: float) -> Audit:
    """Reads only."""
    late = dt.timedelta(seconds=late_s)
    overdue = {name: await conn.fetchval(QUERIES[name], now, late) for name in _OVERDUE}
    return Audit(
        queue_age_s=await conn.fetchval(QUERIES["queue_age_s"], now),
        failed=await conn.fetchval(QUERIES["failed"], now),
        overdue=overdue,
    )


async def clock_trouble(conn: Connection, *, now: dt.datetime) -> str | None:
    """Steps and messages go by this machine's clock, readings by the database's."""
    off_s: float = await conn.fetchval(QUERIES["clock_off_s"], now)
    if abs(off_s) <= CLOCK_OFF_MOST_S:
        return None
    return f"this machine's clock is {off_s:+.0f} s off the database's"


async def release(conn: Connection, *, after: dt.timedelta = STUCK_AFTER) -> int:
    """End connections of alert processes that have stopped to listen; how many there were.

    What they had begun is undone, and done by the others.
    """
    ended: int = await conn.fetchval(QUERIES["release"], APPLICATION, after)
    return ended
