"""What people do to alerts: claim, acknowledge, snooze, escalate, resolve, reopen, note.

Every change takes the `version` that the person looked at, and answers 412 with what was done
since when it is not that any more. `Idempotency-Key` makes a retried request one change.
"""

import datetime as dt
from typing import Final

from aiohttp import web
from msgspec import Struct

from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome
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
from console.api.alerts import alert_answer
from console.bodies import read
from console.errors import BadRequest, Conflict, NotFound, Problem, Unprocessable
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime

KEY_MOST: Final = 200


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


class ReasonBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str = ""


class ResolveBody(Versioned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: Outcome
    note: str
    minutes: int | None = None
    """Spent on it."""


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
    until = _until(body, request.app[PARTS].clock())
    event = Snooze(actor=request[CALLER].user_id, until=until, reason=body.reason)
    return await _done(request, event, body.version)


async def escalate(request: web.Request) -> web.Response:
    body = await read(request, ReasonBody)
    event = Escalate(actor=request[CALLER].user_id, reason=body.reason)
    return await _done(request, event, body.version)


async def resolve(request: web.Request) -> web.Response:
    body = await read(request, ResolveBody)
    event = Resolve(
        actor=request[CALLER].user_id,
        outcome=body.outcome,
        note=body.note,
        minutes=body.minutes,
    )
    return await _done(request, event, body.version)


async def reopen(request: web.Request) -> web.Response:
    body = await read(request, ReasonBody)
    event = Reopen(actor=request[CALLER].user_id, reason=body.reason)
    return await _done(request, event, body.version)


async def note(request: web.Request) -> web.Response:
    body = await read(request, NoteBody)
    event = Note(actor=request[CALLER].user_id, text=body.text)
    return await _done(request, event, body.version)


def _until(body: SnoozeBody, now: dt.datetime) -> dt.datetime:
    if (body.until is None) == (body.minutes is None):
        raise BadRequest("either `until` or `minutes`", pointer="/until")
    if body.until is not None:
        return body.until
    minutes = body.minutes or 0
    if not 1 <= minutes <= 60 * 24 * 7:
        raise Unprocessable("from 1 minute to a week", pointer="/minutes")
    return now + dt.timedelta(minutes=minutes)


async def _done(
    request: web.Request, event: ByPerson, version: int | None, *, take_over: bool = False
) -> web.Response:
    parts, caller, alert_id = request.app[PARTS], request[CALLER], id_in_path(request)
    now = parts.clock()
    async with parts.connection() as conn:
        try:
            after: Alert = await act(
                conn,
                caller.organisation_id,
                alert_id,
                event,
                version=version,
                now=now,
                idempotency_key=_key(request),
                take_over=take_over,
            )
        except AlertError as error:
            raise _problem(error) from None
        answer = await alert_answer(request, conn, caller.organisation_id, after.id, now=now)
    return reply(answer)


def _key(request: web.Request) -> str | None:
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
        case StaleAlert():
            return Stale(error.message, pointer="/version")
        case ClaimHeld():
            return Conflict(error.message, pointer="/claim")
        case NotAllowed(field="state"):
            return Conflict(error.message, pointer="/state")
        case _:
            return Unprocessable(error.message, pointer=f"/{error.field}")
