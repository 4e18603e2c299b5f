"""Corrections: the row that was stays as it is, and another one stands in its place.

Who did the work corrects it, and an administrator may. Whose work it was, and who they were then,
does not change.
"""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from billing.entries import Entry, Work, check_times, checked_work
from billing.ranges import to_ranges
from billing.rule_numbers import LONGEST
from billing.spans import NOTHING, Span, first, length
from billing.texts import prose
from billing.time_log import COLUMNS, find_entry, insert, times_of, work_of
from billing.words import LIVE
from care.errors import InvalidError, RefusedError, TakenError
from store.pool import Connection

MINUTE: Final = dt.timedelta(minutes=1)
MINUTES_MOST: Final = LONGEST // MINUTE


class Change(Struct, frozen=True, kw_only=True):
    """What it should say; None: as it is."""

    activity: str | None = None
    mode: str | None = None
    with_whom: str | None = None
    """With a mode that is not live, nobody unless it is said."""
    note: str | None = None
    service: str | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    minutes: int | None = None
    """In place of `ended_at`; what there is of whole ones leaves the time as it is."""
    withdraw: bool = False


async def correct(
    conn: Connection,
    organisation_id: UUID,
    entry_id: UUID,
    change: Change,
    *,
    reason: str,
    actor: UUID,
    of_anybody: bool,
    now: dt.datetime,
) -> Entry:
    """The new row. `of_anybody`: the actor may correct the work of others."""
    async with conn.transaction():
        before = await find_entry(conn, organisation_id, entry_id)
        if before.user_id != actor and not of_anybody:
            raise RefusedError(
                "staff", "only who did the work, or an administrator, may correct it"
            )
        if before.corrected_by is not None:
            raise TakenError("entry", "has been corrected already: correct the later one")
        if before.withdrawn:
            raise TakenError("entry", "is withdrawn: write a new one")
        why = prose("reason", reason, needed=True)
        row = corrected(before, change, reason=why, now=now)
        made = await insert(conn, row | {"recorded_at": now, "recorded_by": actor})
        if made is None:
            raise TakenError("entry", "has just been corrected by somebody else")
        return await find_entry(conn, organisation_id, made)


def corrected(before: Entry, change: Change, *, reason: str, now: dt.datetime) -> dict[str, Any]:
    """The columns of the new row. Raises InvalidError."""
    row = {name: getattr(before, name) for name in COLUMNS}
    row |= {"corrects": before.id, "reason": reason, "spans": to_ranges(before.spans)}
    if change.withdraw:
        return row | {"withdrawn": True, "spans": [], "seconds": 0}
    work = checked_work(new_work(before.work, change))
    spans = new_spans(before, change)
    counted = length(spans) if len(spans) > 1 else None
    check_times(spans[0][0], spans[-1][1], reason=reason, now=now, counted=counted)
    if work == before.work and spans == before.spans:
        raise InvalidError("entry", "nothing is different: change something, or leave it")
    return row | work_of(work) | times_of(spans)


def new_work(before: Work, change: Change) -> Work:
    """Who was spoken with stays, unless the way of it is said anew."""
    said = {
        name: value
        for name in Work.__struct_fields__
        if (value := getattr(change, name)) is not None
    }
    if change.mode is not None and change.with_whom is None and change.mode not in LIVE:
        said["with_whom"] = None
    return replace(before, **said)


def new_spans(before: Entry, change: Change) -> tuple[Span, ...]:
    """Pauses stay where they are as long as nobody says another time."""
    start = change.started_at or before.started_at
    if change.minutes is not None:
        return _so_long(before, start, change.minutes)
    end = change.ended_at or before.ended_at
    if (start, end) == (before.started_at, before.ended_at):
        return before.spans
    return ((start, end),)


def _so_long(before: Entry, start: dt.datetime, minutes: int) -> tuple[Span, ...]:
    if minutes < 1:
        raise InvalidError("minutes", "must be 1 or more: to count nothing, withdraw the entry")
    if minutes > MINUTES_MOST:
        raise InvalidError("minutes", f"may be at most {MINUTES_MOST}: nobody works so long")
    same_start = start == before.started_at
    wanted = minutes * MINUTE
    if same_start and minutes == before.minutes:
        return before.spans
    if same_start and NOTHING < wanted <= length(before.spans):
        return first(before.spans, wanted)
    if not same_start and minutes == before.minutes and len(before.spans) == 1:
        wanted = length(before.spans)
    try:
        return ((start, start + wanted),)
    except OverflowError:
        raise InvalidError("started_at", "lies in the future") from None
