"""Lengths of entries that do not look measured: round numbers, calls of a minute, totals that end
just over a threshold. Pure.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.entries import Entry
from billing.pointers.chance import UNLIKELY, at_least
from billing.pointers.pointer import Kind, Pointer
from billing.words import Mode

STEPS: Final = (20, 10, 5)
"""Minutes; the coarsest that stands out is told."""
ENTRIES_LEAST: Final = 10
"""Fewer say nothing of a habit. Policy."""
LIVE: Final = frozenset({Mode.LIVE_PHONE, Mode.LIVE_VIDEO})
CALLS_LEAST: Final = 5
CALL_SHORT_S: Final = 120
"""A median under this is pointed out. Policy."""
TOTALS_LEAST: Final = 5
JUST_OVER_S: Final = 60


class Total(Struct, frozen=True, kw_only=True):
    """What counts of one patient's month and service."""

    patient: UUID
    month: str
    seconds: int
    entries: tuple[UUID, ...] = ()


def round_numbers(entries: Iterable[Entry]) -> list[Pointer]:
    """Whose times are multiples of 5, 10 or 20 minutes far more often than chance has it."""
    return [
        found
        for rows in by_staff(entries).values()
        if (found := next(filter(None, (_round(rows, step) for step in STEPS)), None))
    ]


def _round(rows: Sequence[Entry], step: int) -> Pointer | None:
    """Entries too short to be a multiple at all are left out of the count."""
    able = [each for each in rows if each.minutes >= step]
    hits = [each for each in able if each.minutes % step == 0]
    if len(able) < ENTRIES_LEAST or at_least(len(hits), len(able), 1 / step) >= UNLIKELY:
        return None
    share, usual = len(hits) / len(able), 1 / step
    return _of_staff(
        Kind.ROUND_NUMBERS,
        hits,
        f"{len(hits)} of {len(able)} entries last a multiple of {step} minutes ({share:.0%}). "
        f"By chance about {usual:.0%} would: {len(able) * usual:.0f}.",
    )


def short_calls(entries: Iterable[Entry]) -> list[Pointer]:
    """Whose live calls are very short in the middle."""
    found = []
    for rows in by_staff(each for each in entries if each.mode in LIVE).values():
        middle = median(each.seconds for each in rows)
        if len(rows) >= CALLS_LEAST and middle < CALL_SHORT_S:
            what = f"Half of {len(rows)} live calls last {_clock(int(middle))} or less."
            found.append(_of_staff(Kind.SHORT_CALLS, rows, what))
    return found


def live_call_median(entries: Iterable[Entry]) -> tuple[int, int]:
    """Seconds of the middle one, and of how many; 0 of 0 where there are none."""
    lengths = [each.seconds for each in entries if each.counts and each.mode in LIVE]
    return (int(median(lengths)), len(lengths)) if lengths else (0, 0)


def at_threshold(totals: Sequence[Total], thresholds: Sequence[int]) -> list[Pointer]:
    """Months that end within a minute above a threshold, where they are too many for chance.

    By chance a total lies anywhere between its threshold and the next one.
    """
    steps = sorted(set(thresholds))
    placed = [(each, _under(each.seconds, steps)) for each in totals]
    able = [(each, gap) for each, gap in placed if gap is not None]
    hits = [each for each, (over, _) in able if over < JUST_OVER_S]
    if len(able) < TOTALS_LEAST:
        return []
    usual = sum(min(JUST_OVER_S / width, 1.0) for _, (_, width) in able)
    if at_least(len(hits), len(able), usual / len(able)) >= UNLIKELY:
        return []
    days = sorted(dt.date.fromisoformat(f"{each.month}-01") for each in hits)
    return [
        Pointer(
            kind=Kind.AT_THRESHOLD,
            what=f"{len(hits)} of {len(able)} monthly totals end less than a minute above a "
            f"threshold. By chance it would be about {usual:.1f}.",
            since=days[0],
            until=(days[-1] + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1),
            entries=tuple(one for each in hits for one in each.entries),
        )
    ]


def _under(seconds: int, steps: Sequence[int]) -> tuple[int, int] | None:
    """How far above the highest threshold it reaches, and how far that is from the next one."""
    reached = [each for each in steps if each <= seconds]
    if not reached:
        return None
    above = [each for each in steps if each > seconds]
    width = above[0] - reached[-1] if above else steps[-1] - (steps[-2] if len(steps) > 1 else 0)
    return seconds - reached[-1], width


def by_staff(entries: Iterable[Entry]) -> Mapping[UUID, list[Entry]]:
    """Those that count, by whose work they are."""
    found: dict[UUID, list[Entry]] = {}
    for each in entries:
        if each.counts:
            found.setdefault(each.user_id, []).append(each)
    return found


def _of_staff(kind: Kind, rows: Sequence[Entry], what: str) -> Pointer:
    days = sorted(each.started_at.date() for each in rows)
    return Pointer(
        kind=kind, what=what, who=rows[0].staff_name, staff=rows[0].user_id, since=days[0],
        until=days[-1], entries=tuple(each.id for each in rows),
    )  # fmt: skip


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02} min"
