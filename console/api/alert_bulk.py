"""The same done to several alerts: each by itself, and each answered by itself.

One that cannot be done leaves the others alone: it is told which, and why. Each is a savepoint of
the request's transaction, in which the audit log has its row.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from aiohttp import web
from msgspec import Meta, Struct

from alerts.life import rows
from alerts.life.alert import Outcome, State
from alerts.life.events import Acknowledge, ByPerson, Claim, Reopen, Resolve, Snooze
from care.rules import Severity
from console.api.alert_actions import (
    ReasonBody,
    ResolveBody,
    SnoozeBody,
    done,
    key_of,
    note_of,
    reason_of,
    until_of,
)
from console.bodies import read
from console.errors import Problem, Unprocessable
from console.parts import CALLER, PARTS
from console.replies import reply
from console.seen import seen
from store.pool import Connection
from vitals.reading import AwareTime

ITEMS_MOST: Final = 500
BYTES_MAX: Final = 64 * 1024


class BulkAction(StrEnum):
    CLAIM = "claim"
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    REOPEN = "reopen"
    RESOLVE = "resolve"  # Never of a critical one: each of those is dealt with by itself.


class BulkItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    version: int


class BulkBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    action: BulkAction
    items: Annotated[list[BulkItem], Meta(min_length=1, max_length=ITEMS_MOST)]
    until: AwareTime | None = None
    minutes: int | None = None
    """Of a snooze, instead of `until`."""
    note: str = ""
    reason: str = ""
    outcome: Outcome | None = None
    take_over: bool = False


class BulkOutcome(Struct, frozen=True, kw_only=True):
    """`status` is what the same request about this one alone would have been answered."""

    id: UUID
    status: int
    version: int | None = None
    state: State | None = None
    detail: str = ""


class BulkAnswer(Struct, frozen=True, kw_only=True):
    items: list[BulkOutcome]
    """As they were asked for."""


async def bulk(request: web.Request) -> web.Response:
    body = await read(request, BulkBody, bytes_max=BYTES_MAX)
    parts, caller = request.app[PARTS], request[CALLER]
    now, key = parts.clock(), key_of(request)
    event = _event(body, caller.user_id, now)
    if len({item.id for item in body.items}) < len(body.items):
        raise Unprocessable("names an alert twice", pointer="/items")
    answers: dict[UUID, BulkOutcome] = {}
    async with parts.connection() as conn:
        # In one order for everybody: two people who do the same at once wait for each other, and
        # not each for the other.
        for item in sorted(body.items, key=lambda each: each.id):
            try:
                await _allowed(conn, caller.organisation_id, item, event)
                after = await done(
                    conn,
                    caller.organisation_id,
                    item.id,
                    event,
                    version=item.version,
                    now=now,
                    key=key,
                    take_over=body.take_over,
                )
            except Problem as problem:
                answers[item.id] = BulkOutcome(
                    id=item.id, status=problem.status, detail=problem.detail
                )
            else:
                seen(request, after.patient_id)
                answers[item.id] = BulkOutcome(
                    id=item.id, status=200, version=after.version, state=after.state
                )
    return reply(BulkAnswer(items=[answers[item.id] for item in body.items]))


def _event(body: BulkBody, actor: UUID, now: dt.datetime) -> ByPerson:
    """What is wrong with all of them is refused at once, with its field."""
    match body.action:
        case BulkAction.CLAIM:
            return Claim(actor=actor)
        case BulkAction.ACKNOWLEDGE:
            return Acknowledge(actor=actor, note=body.note)
        case BulkAction.SNOOZE:
            asked = SnoozeBody(version=0, until=body.until, minutes=body.minutes)
            return Snooze(actor=actor, until=until_of(asked, now), reason=body.reason)
        case BulkAction.REOPEN:
            return Reopen(actor=actor, reason=reason_of(ReasonBody(version=0, reason=body.reason)))
        case BulkAction.RESOLVE:
            return _resolve(body, actor)


def _resolve(body: BulkBody, actor: UUID) -> Resolve:
    if body.outcome is None:
        raise Unprocessable("say what came of it", pointer="/outcome")
    note = note_of(ResolveBody(version=0, outcome=body.outcome, note=body.note))
    return Resolve(actor=actor, outcome=body.outcome, note=note)


async def _allowed(
    conn: Connection, organisation_id: UUID, item: BulkItem, event: ByPerson
) -> None:
    """Raises Unprocessable where a critical one would be resolved among others."""
    if not isinstance(event, Resolve):
        return
    alert = await rows.find(conn, organisation_id, item.id)
    if alert is not None and alert.severity is Severity.CRITICAL:
        raise Unprocessable("a critical alert is resolved by itself", pointer="/items")
