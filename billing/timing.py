"""How a timer counts: what each event makes of it. Pure; `now` is the server's clock.

A timer that runs has an open end, `counted_to`. Every event closes the stretch up to `now`, and
counts it if somebody was there: a stretch without a beat for more than 45 s counts for nothing.
"""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from billing.rule_numbers import GAP_MOST
from billing.spans import Span, union, whole_seconds


class TimerState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    LOGGED = "logged"
    DISCARDED = "discarded"


class Timer(Struct, frozen=True, kw_only=True):
    id: UUID
    organisation_id: UUID
    user_id: UUID
    patient_id: UUID
    state: TimerState
    tab: str
    """The tab of a browser that counts."""
    started_at: dt.datetime
    counted_to: dt.datetime
    spans: tuple[Span, ...] = ()
    ended_at: dt.datetime | None = None
    reason: str = ""

    @property
    def open(self) -> bool:
        return self.state in {TimerState.RUNNING, TimerState.PAUSED}

    @property
    def seconds(self) -> int:
        return whole_seconds(self.spans)

    @property
    def suggested_minutes(self) -> int:
        """Whole ones: time is never rounded up (rule T-4)."""
        return self.seconds // 60

    def alive(self, now: dt.datetime) -> bool:
        """Whether it counts this very moment: it runs, and a page has said so lately."""
        return self.state is TimerState.RUNNING and now - self.counted_to <= GAP_MOST


def settled(timer: Timer, *, now: dt.datetime) -> Timer:
    """Counted up to `now`. A clock that went back counts nothing until it has caught up."""
    if timer.state is not TimerState.RUNNING or now <= timer.counted_to:
        return timer
    if now - timer.counted_to > GAP_MOST:
        return replace(timer, counted_to=now)
    spans = union([*timer.spans, (timer.counted_to, now)])
    return replace(timer, spans=spans, counted_to=now)


def paused(timer: Timer, *, now: dt.datetime) -> Timer:
    done = settled(timer, now=now)
    return replace(done, state=TimerState.PAUSED) if done.open else done


def resumed(
    timer: Timer, *, tab: str, now: dt.datetime, not_before: dt.datetime | None = None
) -> Timer:
    """Runs in this tab; one that ran in another is counted up to now and moves here.

    `not_before`: up to where other timers of the same person have counted.
    """
    done = settled(timer, now=now)
    begins = max(now, done.counted_to, not_before or now)
    return replace(done, state=TimerState.RUNNING, tab=tab, counted_to=begins)


def ended(timer: Timer, state: TimerState, *, now: dt.datetime, reason: str = "") -> Timer:
    """Logged or discarded; it counts no more."""
    done = settled(timer, now=now)
    over = max(now, done.counted_to)
    return replace(done, state=state, counted_to=over, ended_at=over, reason=reason)
