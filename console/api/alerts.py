"""Alerts: the list, one with its history, and the queue of a clinic, one row per patient."""

import asyncio
import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from msgspec import Struct

from alerts.life.alert import State
from care.rules import RANK, Lane, Severity
from console.api.alert_answer import CANONICAL, AlertAnswer, AlertPage, ClaimAnswer, shown
from console.api.queue_order import Lead, Place, lead, place, place_of_row
from console.errors import BadRequest, NotFound
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_in_query, reply
from console.web.formats import Units
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "alerts.sql")
UTC: Final = ZoneInfo("UTC")
AT_ONCE: Final = 200
"""Alerts that are put into words in one go."""


class EventAnswer(Struct, frozen=True, kw_only=True):
    """One row of the append-only history."""

    version: int
    at: dt.datetime
    event: str
    from_state: str | None
    to_state: str
    actor: UUID | None
    """null: Hearthbeat itself."""
    actor_name: str | None
    reason: str
    facts: dict[str, Any]


class EscalationAnswer(Struct, frozen=True, kw_only=True):
    generation: int
    step: int
    due_at: dt.datetime
    taken_at: dt.datetime
    told: list[str]
    why: str


class MessageAnswer(Struct, frozen=True, kw_only=True):
    channel: str
    username: str | None
    state: str
    attempts: int
    last_error: str | None
    created_at: dt.datetime
    sent_at: dt.datetime | None


class ProofAnswer(Struct, frozen=True, kw_only=True):
    reading: UUID
    measured_at: dt.datetime
    severity: Severity
    value: float | None


class AlertDetail(AlertAnswer, frozen=True, kw_only=True):
    events: list[EventAnswer]
    escalations: list[EscalationAnswer]
    messages: list[MessageAnswer]
    proof: list[ProofAnswer]
    """The readings it rests on, the latest first, at most 200."""


class QueueRow(Struct, frozen=True, kw_only=True):
    """One patient, gateway or device, with all that waits about it."""

    patient: UUID | None
    subject_kind: str
    subject: str
    severity: Severity
    score: int
    claim: ClaimAnswer | None
    alerts: list[AlertAnswer]
    """The one that decides the row's place first."""


class Queue(Struct, frozen=True, kw_only=True):
    items: list[QueueRow]
    as_of: dt.datetime


async def list_alerts(request: web.Request) -> web.Response:
    """The gravest first, then the latest opened."""
    parts, caller = request.app[PARTS], request[CALLER]
    now, limit = parts.clock(), limit_of(request.query.get("limit"))
    place: tuple[int | None, dt.datetime | None, UUID | None] = (None, None, None)
    if (cursor := request.query.get("cursor")) is not None:
        place = decode_cursor(cursor, tuple[int, dt.datetime, UUID])
    async with parts.connection() as conn:
        found = await conn.fetch(
            QUERIES["list"], caller.organisation_id, _words(request, "state", State),
            _words(request, "severity", Severity),
            id_in_query(request, "patient", detail="the id of a patient"), _lane(request),
            *place, now, limit + 1,
        )  # fmt: skip
    items = _shown(request, found[:limit], now)
    after = None
    if len(found) > limit:
        last = items[-1]
        after = encode_cursor(RANK[last.severity], last.opened_at, last.id)
    return reply(AlertPage(items=items, next=after))


async def get_alert(request: web.Request) -> web.Response:
    """With everything that was done about it, and what it rests on."""
    parts, caller, alert_id = request.app[PARTS], request[CALLER], id_in_path(request)
    now = parts.clock()
    async with parts.connection() as conn:
        answer = await alert_answer(request, conn, caller.organisation_id, alert_id, now=now)
        events = await conn.fetch(QUERIES["events"], caller.organisation_id, alert_id)
        steps = await conn.fetch(QUERIES["escalations"], caller.organisation_id, alert_id)
        messages = await conn.fetch(QUERIES["messages"], caller.organisation_id, alert_id)
        proof = await conn.fetch(QUERIES["proof"], alert_id)
    return reply(
        AlertDetail(
            **{name: getattr(answer, name) for name in AlertAnswer.__struct_fields__},
            events=[_event(dict(row)) for row in events],
            escalations=[EscalationAnswer(**dict(row)) for row in steps],
            messages=[MessageAnswer(**dict(row)) for row in messages],
            proof=[
                ProofAnswer(
                    reading=row["reading_id"],
                    measured_at=row["measured_at"],
                    severity=Severity(row["severity"]),
                    value=row["value"],
                )
                for row in proof
            ],
        )
    )


async def queue(request: web.Request) -> web.Response:
    """Everything that stands, one row per patient, worst first; the whole of it, as of now."""
    parts, caller = request.app[PARTS], request[CALLER]
    now = parts.clock()
    async with parts.connection() as conn:
        found = await conn.fetch(QUERIES["standing"], caller.organisation_id, now)
    alerts: list[AlertAnswer] = []
    for begin in range(0, len(found), AT_ONCE):
        alerts += _shown(request, found[begin : begin + AT_ONCE], now)
        # Thousands are made while others wait for the same process: they go first.
        await asyncio.sleep(0)
    return reply(Queue(items=queue_rows(alerts), as_of=now))


def queue_rows(alerts: Iterable[AlertAnswer]) -> list[QueueRow]:
    """Pure: grouped by subject, in the order of the page."""
    groups: dict[tuple[str, str], list[AlertAnswer]] = {}
    for alert in alerts:
        # What is wrong with a patient's own device stands in the patient's row.
        key = (
            ("patient", str(alert.patient))
            if alert.patient
            else (alert.subject_kind, alert.subject)
        )
        groups.setdefault(key, []).append(alert)
    made = [_row(each) for each in groups.values()]
    return sorted(made, key=lambda row: place_of_row(map(_place, row.alerts)))


async def alert_answer(
    request: web.Request,
    conn: Connection,
    organisation_id: UUID,
    alert_id: UUID,
    *,
    now: dt.datetime,
    units: Units = CANONICAL,
) -> AlertAnswer:
    """Raises NotFound where this organisation has no such alert."""
    row = await conn.fetchrow(QUERIES["one"], organisation_id, alert_id, now)
    if row is None:
        raise NotFound
    return _shown(request, [row], now, units)[0]


def _row(alerts: list[AlertAnswer]) -> QueueRow:
    first, *rest = sorted(alerts, key=_lead)
    return QueueRow(
        patient=first.patient,
        subject_kind=first.subject_kind,
        subject=first.subject,
        severity=first.severity,
        score=first.priority.score,
        claim=first.claim,
        alerts=[first, *rest],
    )


def _lead(alert: AlertAnswer) -> Lead:
    return lead(_place(alert), cleared=alert.cleared_at is not None)


def _place(alert: AlertAnswer) -> Place:
    return place(
        severity=alert.severity,
        state=alert.state,
        acknowledge_by=alert.acknowledge_by,
        onset_at=alert.onset_at,
        subject=alert.subject,
    )


def _shown(
    request: web.Request, found: Iterable[Any], now: dt.datetime, units: Units = CANONICAL
) -> list[AlertAnswer]:
    directory = request.app[PARTS].directory.snapshot
    return [
        shown(dict(row), zone=directory.zone(row["patient_id"]) or UTC, now=now, units=units)
        for row in found
    ]


def _event(row: dict[str, Any]) -> EventAnswer:
    return EventAnswer(**(row | {"facts": msgspec.json.decode(row["facts"])}))


def _words(request: web.Request, name: str, words: type[State | Severity]) -> list[str] | None:
    """`?state=open,escalated`, or the parameter several times."""
    given = [each for text in request.query.getall(name, []) for each in text.split(",") if each]
    allowed = [str(word) for word in words]
    for each in given:
        if each not in allowed:
            raise BadRequest(f"one of {', '.join(allowed)}", pointer=f"/{name}")
    return given or None


def _lane(request: web.Request) -> str | None:
    text = request.query.get("lane")
    if text is not None and text not in list(Lane):
        raise BadRequest(f"one of {', '.join(Lane)}", pointer="/lane")
    return text
