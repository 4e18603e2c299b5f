"""What is done about an alert from the chart: forms that go the way of the API, version and all."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from alerts.life.working_time import instant_of
from billing.words import Mode
from console.api import alert_actions
from console.api.alerts import alert_answer
from console.bodies import BODY
from console.chart.banner import QUERIES
from console.chart.page import overview_of
from console.errors import NotFound, Problem
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.routing import Handler
from console.seen import seen
from console.web.forms import Form, form_of
from console.web.page import see_other

HANDLERS: Final[Mapping[str, Handler]] = {
    "claim": alert_actions.claim,
    "release": alert_actions.release,
    "acknowledge": alert_actions.acknowledge,
    "snooze": alert_actions.snooze,
    "escalate": alert_actions.escalate,
    "resolve": alert_actions.resolve,
    "reopen": alert_actions.reopen,
    "note": alert_actions.note,
}
TOLD: Final = {
    "claim": "Your colleagues see that you are looking.",
    "release": "It is free for others again.",
    "acknowledge": "Acknowledged: it is yours now.",
    "snooze": "Snoozed. A worse reading ends it at once.",
    "escalate": "Escalated: the next in line is told.",
    "resolve": "Resolved.",
    "reopen": "It is open again.",
    "note": "The note is kept.",
}
MORNING: Final = "08:00"
MINUTES_UNREADABLE: Final = -1
"""Refused with its field, as a number out of range is."""


async def act(request: web.Request) -> web.Response:
    """One form; one that is refused is shown again with what was typed."""
    action = request.match_info["action"]
    if action not in HANDLERS:
        raise NotFound
    form = await form_of(request)
    patient_id, zone, alert_id = await _whose(request)
    seen(request, patient_id)
    try:
        body = body_of(action, form, zone=zone, now=request.app[PARTS].clock())
        request[BODY] = msgspec.json.encode(body)
        await HANDLERS[action](request)
    except Problem as problem:
        return await overview_of(
            request, patient_id, alert_id=alert_id, typed=_kept(form, action), problem=problem
        )
    return see_other(await _where(request, action, patient_id, alert_id, form), told=TOLD[action])


def body_of(action: str, form: Form, *, zone: ZoneInfo, now: dt.datetime) -> dict[str, Any]:
    """Pure: what the API is asked."""
    more: dict[str, Any] = {}
    match action:
        case "claim":
            more = {"take_over": form.ticked("take_over")}
        case "acknowledge":
            more = {"note": form.text("note")}
        case "snooze":
            more = {"reason": form.text("reason")} | _nap(form.text("for"), zone, now)
            if form.ticked("acknowledge"):
                more["acknowledge"] = True
        case "escalate" | "reopen":
            more = {"reason": form.text("reason")}
        case "note":
            more = {"text": form.text("text")}
        case "resolve":
            more = _resolved(form)
    return {"version": _whole(form.text("version")) or 0} | more


def _resolved(form: Form) -> dict[str, Any]:
    minutes = form.text("minutes")
    return {
        "outcome": form.text("outcome"),
        "note": form.text("note"),
        "template": form.given("template"),
        "minutes": None if not minutes else _whole(minutes, MINUTES_UNREADABLE),
        "mode": form.text("mode") or str(Mode.NONE),
    }


def _nap(choice: str, zone: ZoneInfo, now: dt.datetime) -> dict[str, Any]:
    if choice == "tomorrow":
        day = now.astimezone(zone).date() + dt.timedelta(days=1)
        return {"until": instant_of(day, MORNING, zone).isoformat()}
    return {"minutes": _whole(choice) or 0}


def _whole(text: str, otherwise: int | None = None) -> int | None:
    return int(text[:9]) if text.isascii() and text.isdecimal() else otherwise


def _kept(form: Form, action: str) -> dict[str, str]:
    return {"action": action} | {name: form.text(name) for name in form if name != "csrf"}


async def _whose(request: web.Request) -> tuple[UUID, ZoneInfo, UUID]:
    """Raises NotFound for an alert that is about no patient of this organisation."""
    caller, alert_id = request[CALLER], id_in_path(request)
    now = request.app[PARTS].clock()
    async with request.app[PARTS].connection() as conn:
        alert = await alert_answer(request, conn, caller.organisation_id, alert_id, now=now)
        if alert.patient is None:
            raise NotFound
        zone = await conn.fetchval(QUERIES["zone"], caller.organisation_id, alert.patient)
    return alert.patient, ZoneInfo(zone), alert_id


async def _where(
    request: web.Request, action: str, patient_id: UUID, alert_id: UUID, form: Form
) -> str:
    """The same alert; after resolving it the next patient's, where the person chose so."""
    from_ = form.text("from")[:500]
    more = f"&from={quote(from_, safe='')}" if from_ else ""
    after = form.text("after")
    if action == "resolve" and request[CALLER].preferences.get("move_on") and "/" in after:
        patient, _, alert = after.partition("/")
        try:
            return f"/patients/{UUID(patient)}?alert={UUID(alert)}{more}"
        except ValueError:
            return "/queue"
    return f"/patients/{patient_id}?alert={alert_id}{more}"
