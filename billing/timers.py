"""Timers in the database: one of a person runs at a time, and what it counted is the server's word.

Raises NotFoundError for a timer that is not this person's, TakenError where another tab counts.
"""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

from billing.ranges import from_ranges, to_ranges
from billing.spans import Span
from billing.texts import prose
from billing.timing import Timer, TimerState, ended, paused, resumed, settled
from care.errors import NotFoundError, TakenError
from care.patients import find_patient
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "timers.sql")


async def start(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    patient_id: UUID,
    *,
    tab: str,
    now: dt.datetime,
) -> Timer:
    """Begins, goes on, or moves to this tab; whatever else this person had running pauses."""
    async with _locked(conn, user_id):
        await find_patient(conn, organisation_id, patient_id)
        mine = None
        for each in await open_timers(conn, organisation_id, user_id):
            if each.patient_id == patient_id:
                mine = each
            elif each.state is TimerState.RUNNING:
                await _save(conn, paused(each, now=now))
        ahead = await conn.fetchval(QUERIES["counted_to"], organisation_id, user_id, now)
        if mine is not None:
            return await _save(conn, resumed(mine, tab=tab, now=now, not_before=ahead))
        record = await conn.fetchrow(
            QUERIES["begin"], organisation_id, user_id, patient_id, tab, ahead or now
        )
        assert record is not None  # noqa: S101 - INSERT … RETURNING without ON CONFLICT
        return _timer(dict(record))


async def beat(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    timer_id: UUID,
    *,
    tab: str,
    now: dt.datetime,
) -> Timer:
    """Somebody is there. A beat from a tab that does not count changes nothing."""
    async with _locked(conn, user_id):
        timer = await find_timer(conn, organisation_id, user_id, timer_id)
        if timer.state is not TimerState.RUNNING:
            raise TakenError("state", f"this timer is {timer.state}")
        if timer.tab != tab:
            raise TakenError("tab", "this timer runs in another tab")
        return await _save(conn, settled(timer, now=now))


async def pause(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    timer_id: UUID,
    *,
    tab: str | None,
    now: dt.datetime,
) -> Timer:
    """A tab pauses what it counts itself; None is the person's word, wherever it runs."""
    async with _locked(conn, user_id):
        timer = await find_timer(conn, organisation_id, user_id, timer_id)
        if timer.state is not TimerState.RUNNING or tab not in {None, timer.tab}:
            return timer
        return await _save(conn, paused(timer, now=now))


async def discard(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID,
    timer_id: UUID,
    *,
    reason: str,
    now: dt.datetime,
) -> Timer:
    """It was no care. Its row stays, with the reason."""
    why = prose("reason", reason, needed=True)
    async with _locked(conn, user_id):
        timer = await find_timer(conn, organisation_id, user_id, timer_id)
        still_open(timer)
        return await _save(conn, ended(timer, TimerState.DISCARDED, now=now, reason=why))


@asynccontextmanager
async def taken_down(
    conn: Connection, organisation_id: UUID, user_id: UUID, timer_id: UUID, *, now: dt.datetime
) -> AsyncIterator[Timer]:
    """The timer as it is at its end; it is logged when what is done within has gone well.

    Whatever else runs is counted up to now: what an edit may take is then known to be free.
    """
    async with _locked(conn, user_id):
        timer = await find_timer(conn, organisation_id, user_id, timer_id)
        still_open(timer)
        for each in await open_timers(conn, organisation_id, user_id):
            if each.id != timer.id and each.state is TimerState.RUNNING:
                await _save(conn, settled(each, now=now))
        done = ended(timer, TimerState.LOGGED, now=now)
        yield done
        await _save(conn, done)


async def find_timer(
    conn: Connection, organisation_id: UUID, user_id: UUID, timer_id: UUID
) -> Timer:
    record = await conn.fetchrow(QUERIES["one"], organisation_id, user_id, timer_id)
    if record is None:
        raise NotFoundError("timer", "you have no such timer")
    return _timer(dict(record))


async def open_timers(conn: Connection, organisation_id: UUID, user_id: UUID) -> list[Timer]:
    """Running, and paused without having been logged; the one that counted last first."""
    records = await conn.fetch(QUERIES["open"], organisation_id, user_id)
    return [_timer(dict(record)) for record in records]


async def counted_beside(
    conn: Connection, timer: Timer, *, since: dt.datetime, until: dt.datetime
) -> list[Span]:
    """What this person's other timers have counted between two instants, or is in the log."""
    records = await conn.fetch(
        QUERIES["beside"], timer.organisation_id, timer.user_id, timer.id, since, until
    )
    return [span for record in records for span in from_ranges(record["spans"])]


def still_open(timer: Timer) -> None:
    """Raises TakenError."""
    if not timer.open:
        raise TakenError("state", f"this timer is {timer.state} already")


@asynccontextmanager
async def _locked(conn: Connection, user_id: UUID) -> AsyncIterator[None]:
    async with conn.transaction():
        await conn.execute(QUERIES["lock"], str(user_id))
        yield


async def _save(conn: Connection, timer: Timer) -> Timer:
    await conn.execute(
        QUERIES["save"], timer.organisation_id, timer.id, timer.state, timer.tab,
        timer.counted_to, to_ranges(timer.spans), timer.ended_at, timer.reason,
    )  # fmt: skip
    return timer


def _timer(record: dict[str, Any]) -> Timer:
    """By name: a column of a newer schema is none of ours."""
    values = {name: record[name] for name in Timer.__struct_fields__}
    values["state"] = TimerState(record["state"])
    values["spans"] = from_ranges(record["spans"])
    return Timer(**values)
