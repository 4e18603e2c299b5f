"""The minutes that somebody says with the resolution of an alert, as an entry of the time log.

They are written in the resolution's own transaction, and once for each resolution. Where the same
person has a timer for that patient, its time is what is written; minutes beyond it stretch it over
time that no other timer of theirs has counted. So nothing counts twice.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from billing.entries import Entry, Work
from billing.locked import touches_locked
from billing.logging_timers import stretched
from billing.rule_numbers import SHIFT
from billing.spans import Span, length
from billing.time_log import QUERIES, Origin, add_entry, find_entry
from billing.timers import open_timers, taken_down
from billing.timing import Timer
from billing.words import Source
from store.pool import Connection

MINUTE: Final = dt.timedelta(minutes=1)
SECOND: Final = dt.timedelta(seconds=1)
SAID: Final = "said with the resolution of an alert"


async def log_alert_time(
    conn: Connection,
    organisation_id: UUID,
    alert_id: UUID,
    *,
    actor: UUID,
    minutes: int | None,
    work: Work,
    idempotency_key: str | None = None,
    now: dt.datetime,
) -> Entry | None:
    """Call it after the resolution, in its transaction. None: nothing is to be written, for no
    minutes were said, or the alert is about no patient.
    """
    if not minutes:
        return None
    found = await conn.fetchrow(
        QUERIES["resolution"], organisation_id, alert_id, actor, idempotency_key
    )
    if found is None or found["patient_id"] is None:
        return None
    known = await conn.fetchval(
        QUERIES["of_resolution"], organisation_id, alert_id, found["version"]
    )
    if known is not None:
        return await find_entry(conn, organisation_id, known)
    origin = Origin(source=Source.ALERT, alert_id=alert_id, alert_version=found["version"])
    return await _written(
        conn, organisation_id, found["patient_id"], actor=actor, work=work,
        wanted=minutes * MINUTE, origin=origin, now=now,
    )  # fmt: skip


async def _written(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    actor: UUID,
    work: Work,
    wanted: dt.timedelta,
    origin: Origin,
    now: dt.datetime,
) -> Entry:
    timer = await _timer_for(conn, organisation_id, actor, patient_id)
    if timer is not None:
        async with taken_down(conn, organisation_id, actor, timer.id, now=now) as done:
            longest = max(length(done.spans), wanted)
            since = min(done.started_at, now - wanted)
            spans = await stretched(conn, done, longest, since=since, now=now)
            if length(spans) >= SECOND:
                of_timer = replace(origin, timer_id=done.id)
                return await _add(
                    conn, organisation_id, patient_id, actor, work, spans, of_timer, now
                )
    spans = ((now - wanted, now),)
    return await _add(conn, organisation_id, patient_id, actor, work, spans, origin, now)


async def _timer_for(
    conn: Connection, organisation_id: UUID, actor: UUID, patient_id: UUID
) -> Timer | None:
    mine = await open_timers(conn, organisation_id, actor)
    return next((each for each in mine if each.patient_id == patient_id), None)


async def _add(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    actor: UUID,
    work: Work,
    spans: Sequence[Span],
    origin: Origin,
    now: dt.datetime,
) -> Entry:
    return await add_entry(
        conn,
        organisation_id,
        patient_id,
        actor=actor,
        work=work,
        spans=spans,
        reason=SAID if await _needs_reason(conn, organisation_id, spans) else "",
        origin=origin,
        late_for_locked_month=True,
        now=max(now, spans[-1][1]),
    )


async def _needs_reason(conn: Connection, organisation_id: UUID, spans: Sequence[Span]) -> bool:
    long = spans[-1][1] - spans[0][0] >= SHIFT
    return long or await touches_locked(conn, organisation_id, spans)
