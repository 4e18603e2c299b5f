"""Care timers over the API: begun, kept alive by beats, paused, logged, discarded.

The server counts; a page only says that somebody is there. The first refusal of a beat that another
tab took over, or that the timer is over, is a conflict: the page asks again what holds.
"""

import datetime as dt
from typing import Annotated, Final
from uuid import UUID

from aiohttp import web
from msgspec import Meta, Struct

from billing import timers
from billing.entries import Work
from billing.logging_timers import log_timer
from billing.rule_numbers import BEAT_S, IDLE_S
from billing.timing import Timer, TimerState
from console.api.time_entries import EntryAnswer, WorkBody, answer_of
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from console.seen import seen
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "time.sql")

Tab = Annotated[str, Meta(max_length=64)]


class TimerAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    patient: UUID
    patient_name: str
    state: TimerState
    counting: bool
    """It runs, and a page has said so within the last 45 s."""
    tab: str
    seconds: int
    suggested_minutes: int
    """Whole ones, never rounded up; what is logged is exact."""
    started_at: dt.datetime
    beat_s: int = BEAT_S
    idle_s: int = IDLE_S


class TimerList(Struct, frozen=True, kw_only=True):
    items: list[TimerAnswer]


class StartBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    patient: UUID
    tab: Tab = ""
    """Of a browser; beats of other tabs do not count."""


class BeatBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    tab: Tab = ""


class PauseBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    tab: Tab | None = None
    """Pause only what this tab counts; without it, wherever it runs."""


class StopBody(WorkBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    minutes: int | None = None
    """Instead of what was counted; needs a reason where it differs from the suggestion."""
    reason: str = ""


class DiscardBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str


class LoggedAnswer(EntryAnswer, frozen=True, kw_only=True):
    clamped: bool
    """More was asked for than can have been: what can have been is written."""


async def mine(request: web.Request) -> web.Response:
    """One's own that are not logged; the one that counted last first."""
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        found = await timers.open_timers(conn, caller.organisation_id, caller.user_id)
        return reply(TimerList(items=await _answers(request, conn, found)))


async def start(request: web.Request) -> web.Response:
    """Begins or goes on, here; whatever else of one's own was running pauses."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, StartBody)
    async with parts.transaction() as conn:
        timer = await timers.start(
            conn, caller.organisation_id, caller.user_id, typed.patient, tab=typed.tab,
            now=parts.clock(),
        )  # fmt: skip
        return await _told(request, conn, timer)


async def beat(request: web.Request) -> web.Response:
    parts, caller, timer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, BeatBody)
    async with parts.transaction() as conn:
        timer = await timers.beat(
            conn, caller.organisation_id, caller.user_id, timer_id, tab=typed.tab,
            now=parts.clock(),
        )  # fmt: skip
        return await _told(request, conn, timer)


async def pause(request: web.Request) -> web.Response:
    parts, caller, timer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, PauseBody)
    async with parts.transaction() as conn:
        timer = await timers.pause(
            conn, caller.organisation_id, caller.user_id, timer_id, tab=typed.tab,
            now=parts.clock(),
        )  # fmt: skip
        return await _told(request, conn, timer)


async def stop(request: web.Request) -> web.Response:
    """Its time becomes an entry of the time log."""
    parts, caller, timer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, StopBody)
    async with parts.transaction() as conn:
        logged = await log_timer(
            conn,
            caller.organisation_id,
            caller.user_id,
            timer_id,
            work=Work(
                activity=typed.activity,
                mode=typed.mode,
                with_whom=typed.with_whom,
                note=typed.note,
                service=typed.service,
            ),
            minutes=typed.minutes,
            reason=typed.reason,
            now=parts.clock(),
        )
    seen(request, logged.entry.patient_id)
    entry = answer_of(logged.entry)
    fields = {name: getattr(entry, name) for name in EntryAnswer.__struct_fields__}
    return reply(LoggedAnswer(**fields, clamped=logged.clamped), status=201)


async def discard(request: web.Request) -> web.Response:
    parts, caller, timer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, DiscardBody)
    async with parts.transaction() as conn:
        timer = await timers.discard(
            conn, caller.organisation_id, caller.user_id, timer_id, reason=typed.reason,
            now=parts.clock(),
        )  # fmt: skip
        return await _told(request, conn, timer)


async def _told(request: web.Request, conn: Connection, timer: Timer) -> web.Response:
    (answer,) = await _answers(request, conn, [timer])
    return reply(answer)


async def _answers(request: web.Request, conn: Connection, found: list[Timer]) -> list[TimerAnswer]:
    now, caller = request.app[PARTS].clock(), request[CALLER]
    seen(request, *(each.patient_id for each in found))
    names = {
        row["id"]: f"{row['given_name']} {row['family_name']}"
        for row in await conn.fetch(
            QUERIES["names"], caller.organisation_id, [each.patient_id for each in found]
        )
    }
    return [
        TimerAnswer(
            id=each.id,
            patient=each.patient_id,
            patient_name=names[each.patient_id],
            state=each.state,
            counting=each.alive(now),
            tab=each.tab,
            seconds=each.seconds,
            suggested_minutes=each.suggested_minutes,
            started_at=each.started_at,
        )
        for each in found
    ]
