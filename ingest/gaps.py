"""Which of a gateway's readings never came, and when to ask for them again. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

FIRST_SEQ: Final = 1
"""A gateway numbers its readings from here, without gaps."""
PATIENCE: Final = dt.timedelta(seconds=30)
"""A reading may overtake another on the way: until then a gap is nothing to talk about."""
VISIBLE_AFTER: Final = dt.timedelta(minutes=15)
"""From then on a gap is shown to people."""
ASK_AGAIN_MIN: Final = dt.timedelta(minutes=1)
ASK_AGAIN_MAX: Final = dt.timedelta(days=1)
"""A gateway that no longer has the readings is not asked for ever at the same pace."""
RANGES_MAX: Final = 2_000
"""A gateway that leaves more holes than this makes every commit of its batches slow."""
RANGES_KEPT: Final = 1_000
"""So many of its highest ranges are kept then; the holes below count as filled."""

Span = tuple[int, int]
"""Outbox numbers, the first included, the last not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database and the gateway's last status say about one gateway."""

    gateway: str
    received: tuple[Span, ...] = ()
    """Ascending, disjoint, not touching: as PostgreSQL keeps a multirange."""
    last_seq: int | None = None
    """The highest number that the gateway says it has given out."""
    queue_depth: int = 0
    """How many it says it still holds unsent: these are not missing, they are on their way."""
    gap_since: dt.datetime | None = None
    resend_from: int | None = None
    """What it was last asked to send from."""
    asked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is missing from one gateway now."""

    gateway: str
    missing: tuple[Span, ...]
    since: dt.datetime
    ask: bool
    """Whether to ask now, for everything from the first missing number on."""

    @property
    def count(self) -> int:
        return sum(end - start for start, end in self.missing)

    @property
    def first(self) -> int:
        return self.missing[0][0]

    @property
    def words(self) -> str:
        """The numbers as people write them: `51-52, 60`."""
        return ", ".join(
            str(start) if end == start + 1 else f"{start}-{end - 1}" for start, end in self.missing
        )

    def visible(self, now: dt.datetime) -> bool:
        return now - self.since >= VISIBLE_AFTER


def missing(known: Known) -> tuple[Span, ...]:
    """The holes below the highest number that came, and the tail where the gateway names one.

    The tail counts only where more is missing than the gateway still holds: what waits in its
    outbox comes by itself.
    """
    holes: list[Span] = []
    expected = FIRST_SEQ
    for start, end in known.received:
        if start > expected:
            holes.append((expected, start))
        expected = max(expected, end)
    if known.last_seq is not None and known.last_seq >= expected:
        tail = (expected, known.last_seq + 1)
        absent = sum(end - start for start, end in (*holes, tail))
        if absent > known.queue_depth:
            holes.append(tail)
    return tuple(holes)


def judge(known: Known, *, now: dt.datetime, before: Gap | None = None) -> Gap | None:
    """The gateway's gap, since when, and whether to ask now; None where nothing is missing.

    `before` is what was found when last looked: where the first missing number is another now,
    something came since, and the clock of this gap starts anew.
    """
    absent = missing(known)
    if not absent:
        return None
    first = absent[0][0]
    if before is None:
        since = known.gap_since or now
    else:
        since = before.since if before.first == first else now
    return Gap(
        gateway=known.gateway,
        missing=absent,
        since=since,
        ask=now - since >= PATIENCE and _may_ask(known, first=first, since=since, now=now),
    )


def _may_ask(known: Known, *, first: int, since: dt.datetime, now: dt.datetime) -> bool:
    """Doubles the interval: each silence is as long as all that went before."""
    if known.asked_at is None or known.resend_from is None or known.resend_from > first:
        return True
    interval = min(max(known.asked_at - since, ASK_AGAIN_MIN), ASK_AGAIN_MAX)
    return now - known.asked_at >= interval
