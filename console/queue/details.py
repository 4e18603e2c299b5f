"""A row opened: each of its alerts with what was done about it and what it rests on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from markupsafe import Markup

from alerts.life.alert import Alert
from care.rules import Severity
from console.access import REGISTRARS
from console.api.timeline_words import BECAUSE, alert_reason_words
from console.chart.banner import banner_of
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.queue import pressure, words
from console.queue.facts import Item, Person, Row
from console.queue.pages import SEVERITIES, STATE_ICONS
from console.queue.pressure import Pressure
from console.queue.read import QUERIES, read_rows
from console.queue.view import ItemView, item_view
from console.seen import seen
from console.web.page import render
from store.pool import Connection

PROOF_MOST: Final = 20
"""Rows shown; how many there are is said."""
EVENTS: Final = {
    "opened": "Opened",
    "confirmed": "Confirmed",
    "worse": "Worse",
    "cleared": "Over",
    "recurred": "Not over after all",
    "withdrawn": "Withdrawn",
    "reinstated": "There again",
    "step_due": "Nobody took it on in time: escalated",
    "acknowledgement_expired": "Neither noted nor resolved in time: open again",
    "snooze_ended": "Snooze ended",
    "auto_closed": "Closed: the values have been good for long",
    "claimed": "Claimed",
    "released": "Claim released",
    "acknowledged": "Acknowledged",
    "snoozed": "Snoozed",
    "escalated": "Escalated",
    "resolved": "Resolved",
    "reopened": "Reopened",
    "noted": "Note",
}
UNDOABLE: Final = frozenset({"acknowledged", "snoozed", "resolved"})
"""What the latest event of an alert may be, to be taken back from its history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of the history."""

    at: dt.datetime
    what: str
    by: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One reading that it rests on."""

    at: dt.datetime
    value: Markup
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    item: ItemView
    history: tuple[Happened, ...]
    proof: tuple[Proof, ...]
    readings: int
    undo: str | None
    """`reopen`, or `acknowledge` for what was put off: how the last step is taken back."""


async def row(request: web.Request) -> web.Response:
    """For a page that is open only the part that opens; otherwise a page by itself."""
    caller, parts = request[CALLER], request.app[PARTS]
    name = (request.match_info["kind"], request.match_info["subject"])
    now = parts.clock()
    async with parts.connection() as conn:
        found = await read_rows(conn, caller, now=now, only=[name])
        if not found:
            raise NotFound("nothing waits there any more")
        opened = found[0]
        details = await _details(conn, caller.organisation_id, opened, caller.clinic.zone, now)
        person = opened.person
        banner = None
        if person is not None and "X-Fragment" not in request.headers:
            banner = await banner_of(conn, caller.organisation_id, person.id, now=now)
    seen(request, person.id if person else None)
    part = "X-Fragment" in request.headers
    return render(
        request,
        "queue/details.html" if part else "queue/row.html",
        {
            "details": details,
            "banner": banner,
            "zone": person.zone if person else caller.clinic.zone,
            "acts": caller.role in REGISTRARS,
            "title": person.name if person else words.what(opened.first),
            "severities": SEVERITIES,
            "stateicons": STATE_ICONS,
        },
    )


async def _details(
    conn: Connection, organisation_id: UUID, row: Row, zone: ZoneInfo, now: dt.datetime
) -> list[Detail]:
    ids = [item.alert.id for item in row.items]
    events = _by_alert(await conn.fetch(QUERIES["events"], organisation_id, ids))
    proofs = _by_alert(await conn.fetch(QUERIES["proof"], organisation_id, ids))
    return [
        Detail(
            item=item_view(item, row.person, zone=zone, now=now, row=_as_to(row, item)),
            history=tuple(_happened(each) for each in events.get(item.alert.id, [])),
            proof=_proof(item.alert, row.person, proofs.get(item.alert.id, [])),
            readings=len(proofs.get(item.alert.id, [])),
            undo=_undo([each["event"] for each in events.get(item.alert.id, [])]),
        )
        for item in row.items
    ]


def _as_to(row: Row, item: Item) -> Row:
    """The last readings belong to the row's first alert."""
    return row if item.alert.metric == row.first.alert.metric else replace(row, points=())


def _by_alert(records: Any) -> dict[UUID, list[Any]]:
    return {alert: list(its) for alert, its in groupby(records, key=lambda each: each["alert_id"])}


def _happened(record: Mapping[str, Any]) -> Happened:
    facts = msgspec.json.decode(record["facts"])
    outcome = str(facts.get("outcome", "")).replace("_", " ")
    event, reason = record["event"], record["reason"]
    what = BECAUSE.get((event, reason)) or EVENTS.get(event, event.replace("_", " "))
    return Happened(
        at=record["at"],
        what=f"{what}: {outcome}" if outcome else what,
        by=record["name"] or "Hearthbeat",
        said=alert_reason_words(event, reason),
    )


def _proof(alert: Alert, person: Person | None, records: list[Any]) -> tuple[Proof, ...]:
    return tuple(
        Proof(
            at=record["measured_at"],
            value=_proven(alert, record, person),
            severity=words.SEVERITIES[Severity(record["severity"])],
        )
        for record in records[:PROOF_MOST]
    )


def _proven(alert: Alert, record: Mapping[str, Any], person: Person | None) -> Markup:
    value = words.proof(alert, record["value"], person)
    measured = Pressure(record["systolic"], record["diastolic"], record["pulse"])
    if alert.kind == pressure.KIND and value and measured.of(alert.metric) == record["value"]:
        return pressure.whole(measured, alert.metric, value.partition(" ")[0])
    return Markup("{}").format(value)


def _undo(events: list[str]) -> str | None:
    """`events`: the latest first. Looking at it and notes are in nobody's way."""
    last = next((each for each in events if each not in {"claimed", "released", "noted"}), None)
    if last not in UNDOABLE:
        return None
    return "acknowledge" if last == "snoozed" else "reopen"
