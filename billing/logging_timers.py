"""A timer becomes an entry: its exact time, or what the person says instead, with a reason."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.entries import Entry, Work
from billing.locked import touches_locked
from billing.rule_numbers import LONGEST
from billing.spans import Span, fitted, length
from billing.texts import prose
from billing.time_log import Origin, add_entry
from billing.timers import counted_beside, taken_down
from billing.timing import Timer
from billing.words import Source
from care.errors import InvalidError
from store.pool import Connection

MINUTE: Final = dt.timedelta(minutes=1)
MINUTES_MOST: Final = LONGEST // MINUTE
LATE: Final = "logged by its timer after the month was locked"


class Logged(Struct, frozen=True, kw_only=True):
    entry: Entry
    clamped: bool
    """More was asked for than can have been: what can have been is written."""


async def log_timer(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    timer_id: UUID,
    *,
    work: Work,
    minutes: int | None = None,
    reason: str = "",
    now: dt.datetime,
) -> Logged:
    """`minutes` None, or as suggested: just what was counted, to the second."""
    async with taken_down(conn, organisation_id, user_id, timer_id, now=now) as timer:
        why = prose("reason", reason)
        if minutes is None or minutes == timer.suggested_minutes:
            spans = timer.spans
        else:
            if not why:
                raise InvalidError("reason", "say why it differs from what the timer counted")
            spans = await _edited(conn, timer, minutes, now=now)
        if not timer.seconds and minutes is None:
            raise InvalidError("minutes", "the timer has counted nothing: discard it")
        return await _written(conn, timer, spans, work=work, minutes=minutes, why=why, now=now)


async def _written(
    conn: Connection,
    timer: Timer,
    spans: tuple[Span, ...],
    *,
    work: Work,
    minutes: int | None,
    why: str,
    now: dt.datetime,
) -> Logged:
    if not spans or length(spans) < dt.timedelta(seconds=1):
        raise InvalidError("minutes", "there is no time to write down: discard the timer")
    entry = await add_entry(
        conn,
        timer.organisation_id,
        timer.patient_id,
        actor=timer.user_id,
        work=work,
        spans=spans,
        # What was counted is never lost: one that ran into a locked month is late for it.
        reason=why or (LATE if await touches_locked(conn, timer.organisation_id, spans) else ""),
        origin=Origin(source=Source.TIMER, timer_id=timer.id),
        late_for_locked_month=True,
        now=max(now, spans[-1][1]),
    )
    clamped = minutes is not None and entry.minutes < minutes
    return Logged(entry=entry, clamped=clamped)


async def _edited(
    conn: Connection, timer: Timer, minutes: int, *, now: dt.datetime
) -> tuple[Span, ...]:
    if minutes < 1:
        raise InvalidError("minutes", "must be 1 or more: to count nothing, discard the timer")
    if minutes > MINUTES_MOST:
        raise InvalidError("minutes", f"may be at most {MINUTES_MOST}: nobody works so long")
    wanted = minutes * MINUTE
    return await stretched(conn, timer, wanted, since=timer.started_at, now=now)


async def stretched(
    conn: Connection,
    timer: Timer,
    wanted: dt.timedelta,
    *,
    since: dt.datetime,
    now: dt.datetime,
) -> tuple[Span, ...]:
    """So long, within the time since then that no other timer of this person has counted."""
    taken = await counted_beside(conn, timer, since=since, until=now)
    return fitted(timer.spans, wanted, since=since, until=now, taken=taken)
