"""What people do to alerts: claim, acknowledge, snooze, escalate, resolve, reopen, note.

Every change takes the `version` that the person looked at, and answers 412 with what was done
since when it is not that any more. `Idempotency-Key` makes a retried request one change.
"""

import datetime as dt
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web
from msgspec import Struct

from alerts.life import rows
from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome, State
from alerts.life.errors import AlertError, ClaimHeld, NoSuchAlert, NotAllowed, StaleAlert
from alerts.life.events import (
    Acknowledge,
    ByPerson,
    Claim,
    Escalate,
    Note,
    Release,
    Reopen,
    Resolve,
    Snooze,
)
from billing.alert_time import log_alert_time
from billing.entries import Work
from billing.words import Activity, Mode, WithWhom
from console.api.alerts import alert_answer
from console.bodies import read
from console.errors import BadRequest, Conflict, NotFound, Problem, Unprocessable
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from store.pool import Connection
from store.queries import load
from vitals.reading import AwareTime

ZONE: Final = load("console", "alerts.sql")["zone"]
WORDS: Final = {
    "worse": "found to be worse",
    "step_due": "escalated",
    "acknowledgement_expired": "opened again",
    "snooze_ended": "opened again",
    "auto_closed": "closed",
    "recurred": "opened again",
    "noted": "noted",
}
"""Of the history's events those that read badly."""
KEY_MOST: Final = 200
REASON_LEAST: Final = 3
ASLEEP_FROM: Final = frozenset({State.ACKNOWLEDGED, State.SNOOZED})
"""What may be put off: only what somebody has taken on."""
ACTIVITY_OF: Final = {
    Mode.NONE: Activity.REVIEW,
    Mode.LIVE_PHONE: Activity.CALL,
    Mode.LIVE_VIDEO: Activity.VIDEO_CALL,
    Mode.IN_PERSON: Activity.VISIT,
}
TEMPLATES: Final = {
    "reached_well": "Reached the patient, who feels well. No change of plan.",
    "reached_advised": "Reached the patient and gave advice by the care plan.",
    "measured_again": "Asked the patient to measure again; the value is back within limits.",
    "no_answer": "No answer. Left a message to call back.",
    "passed_on": "Passed on to the clinician, who decides.",
    "known": "Known and being treated. Keep watching.",
    "not_the_patient": "The reading is not this patient's.",
    "fixed": "The device works again.",
}
"""Notes that are written often, by name; what somebody adds follows them."""


class Stale(Problem):
    """Somebody was quicker; nothing was overwritten."""

    status = 412


class Versioned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int


class ClaimBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    take_over: bool = False
    """Also where a colleague is looking at it."""


class AcknowledgeBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    note: str = ""


class SnoozeBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    until: AwareTime | None = None
    minutes: int | None = None
    """Instead of `until`: from now."""
    reason: str = ""
    acknowledge: bool = False
    """Take it on first where nobody has; its history has both, or neither is done."""


class ReasonBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str


class ResolveBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: Outcome
    note: str = ""
    """At least three characters, unless there is a `template`."""
    template: str | None = None
    """The name of a note that is written often; `note` is added to it."""
    minutes: int | None = None
    """Spent on it."""
    mode: Mode = Mode.NONE
    """Whether the patient was spoken to, and how: live contact."""
    with_whom: WithWhom | None = None
    """The patient by default, where somebody was spoken to."""


class NoteBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    version: int | None = None


async def claim(request: web.Request) -> web.Response:
    body = await read(request, ClaimBody)
    event = Claim(actor=request[CALLER].user_id)
    return await _done(request, event, body.version, take_over=body.take_over)


async def release(request: web.Request) -> web.Response:
    body = await read(request, Versioned)
    return await _done(request, Release(actor=request[CALLER].user_id), body.version)


async def acknowledge(request: web.Request) -> web.Response:
    body = await read(request, AcknowledgeBody)
    event = Acknowledge(actor=request[CALLER].user_id, note=body.note)
    return await _done(request, event, body.version)


async def snooze(request: web.Request) -> web.Response:
    body = await read(request, SnoozeBody)
    until = until_of(body, request.app[PARTS].clock())
    event = Snooze(actor=request[CALLER].user_id, until=until, reason=body.reason)
    if not body.acknowledge:
        return await _done(request, event, body.version)
    async with request.app[PARTS].transaction() as conn:
        return await _done(request, event, await _taken_on(request, conn, body.version))


async def escalate(request: web.Request) -> web.Response:
    body = await read(request, ReasonBody)
    event = Escalate(actor=request[CALLER].user_id, reason=reason_of(body))
    return await _done(request, event, body.version)


async def resolve(request: web.Request) -> web.Response:
    body = await read(request, ResolveBody)
    event = Resolve(
        actor=request[CALLER].user_id,
        outcome=body.outcome,
        note=note_of(body),
        minutes=body.minutes,
    )
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.transaction() as conn:
        answer = await _done(request, event, body.version)
        await log_alert_time(
            conn,
            caller.organisation_id,
            id_in_path(request),
            actor=caller.user_id,
            minutes=body.minutes,
            work=work_of(body, event.note),
            idempotency_key=key_of(request),
            now=parts.clock(),
        )
    return answer


async def reopen(request: web.Request) -> web.Response:
    body = await read(request, ReasonBody)
    event = Reopen(actor=request[CALLER].user_id, reason=reason_of(body))
    return await _done(request, event, body.version)


async def note(request: web.Request) -> web.Response:
    body = await read(request, NoteBody)
    event = Note(actor=request[CALLER].user_id, text=body.text)
    return await _done(request, event, body.version)


def work_of(body: ResolveBody, note: str) -> Work:
    """What the time log says of the minutes spent on it."""
    live = body.mode is not Mode.NONE
    return Work(
        activity=ACTIVITY_OF[body.mode],
        mode=body.mode,
        with_whom=body.with_whom or (WithWhom.PATIENT if live else None),
        note=note,
    )


def note_of(body: ResolveBody) -> str:
    """What the history keeps."""
    if body.template is None:
        return body.note
    if body.template not in TEMPLATES:
        raise Unprocessable(f"one of {', '.join(TEMPLATES)}", pointer="/template")
    return f"{TEMPLATES[body.template]} {body.note}".rstrip()


def reason_of(body: ReasonBody) -> str:
    """Whoever comes later must be able to see why."""
    if len(body.reason.strip()) < REASON_LEAST:
        raise Unprocessable(f"needs at least {REASON_LEAST} characters", pointer="/reason")
    return body.reason


def until_of(body: SnoozeBody, now: dt.datetime) -> dt.datetime:
    if (body.until is None) == (body.minutes is None):
        raise BadRequest("either `until` or `minutes`", pointer="/until")
    if body.until is not None:
        return body.until
    minutes = body.minutes or 0
    if not 1 <= minutes <= 60 * 24 * 7:
        raise Unprocessable("from 1 minute to a week", pointer="/minutes")
    return now + dt.timedelta(minutes=minutes)


async def done(
    conn: Connection,
    organisation_id: UUID,
    alert_id: UUID,
    event: ByPerson,
    *,
    version: int | None,
    now: dt.datetime,
    key: str | None = None,
    take_over: bool = False,
) -> Alert:
    """The alert after it; raises the problem that the person is told."""
    try:
        if isinstance(event, Snooze):
            await _asleep_only_what_is_taken_on(conn, organisation_id, alert_id, version)
        return await act(
            conn,
            organisation_id,
            alert_id,
            event,
            version=version,
            now=now,
            idempotency_key=key,
            take_over=take_over,
        )
    except StaleAlert as error:
        raise Stale(await _said(conn, organisation_id, error), pointer="/version") from None
    except AlertError as error:
        raise _problem(error) from None


async def _said(conn: Connection, organisation_id: UUID, stale: StaleAlert) -> str:
    """Who did what since, by the clinic's clock."""
    zone = await conn.fetchval(ZONE, organisation_id)
    done = WORDS.get(stale.event, stale.event.replace("_", " "))
    return f"{done} by {stale.by} {stale.at.astimezone(ZoneInfo(zone)):%H:%M}"


async def _asleep_only_what_is_taken_on(
    conn: Connection, organisation_id: UUID, alert_id: UUID, version: int | None
) -> None:
    """Putting off what nobody has looked at would hide it."""
    alert = await rows.find(conn, organisation_id, alert_id)
    current = alert is not None and alert.version == version
    if alert is not None and current and alert.state.standing and alert.state not in ASLEEP_FROM:
        raise NotAllowed("state", "acknowledge it first: only what is taken on can be put off")


async def _taken_on(request: web.Request, conn: Connection, version: int) -> int:
    """The version after it; the same where somebody has taken it on, or this was asked before."""
    caller, alert_id = request[CALLER], id_in_path(request)
    alert = await rows.find(conn, caller.organisation_id, alert_id)
    if alert is None or alert.state in ASLEEP_FROM:
        return version
    key = key_of(request)
    after = await done(
        conn,
        caller.organisation_id,
        alert_id,
        Acknowledge(actor=caller.user_id),
        version=version,
        now=request.app[PARTS].clock(),
        key=None if key is None else f"{key}/acknowledge",
    )
    return after.version if after.state is State.ACKNOWLEDGED else version


async def _done(
    request: web.Request, event: ByPerson, version: int | None, *, take_over: bool = False
) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    now = parts.clock()
    async with parts.connection() as conn:
        after = await done(
            conn,
            caller.organisation_id,
            id_in_path(request),
            event,
            version=version,
            now=now,
            key=key_of(request),
            take_over=take_over,
        )
        answer = await alert_answer(request, conn, caller.organisation_id, after.id, now=now)
    return reply(answer)


def key_of(request: web.Request) -> str | None:
    """Of the caller: two people may choose the same."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not key or len(key) > KEY_MOST or not key.isprintable():
        raise BadRequest(f"1 to {KEY_MOST} printable characters", pointer="/Idempotency-Key")
    return f"{request[CALLER].user_id}/{key}"


def _problem(error: AlertError) -> Problem:
    match error:
        case NoSuchAlert():
            return NotFound()
        case ClaimHeld():
            return Conflict(error.message, pointer="/claim")
        case NotAllowed(field="state"):
            return Conflict(error.message, pointer="/state")
        case _:
            return Unprocessable(error.message, pointer=f"/{error.field}")
