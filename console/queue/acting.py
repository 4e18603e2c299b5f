"""The forms of what is done about one alert: a dialog of the queue, or a page by itself.

A form that is sent without scripts goes the way of the API, with the version that was looked at:
what the API refuses is told beside the field, and what was typed stays.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from alerts.life.policies import policy_of
from alerts.life.working_time import instant_of
from billing.words import Mode
from console.api import alert_actions
from console.api.alert_choices import MODES, OUTCOMES
from console.bodies import BODY
from console.chart.banner import PatientBanner, banner_of
from console.errors import NotFound, Problem
from console.parts import CALLER, PARTS
from console.queue.facts import Item, Person, item_from, person_from, row_of
from console.queue.read import QUERIES
from console.queue.view import ItemView, item_view
from console.replies import id_in_path
from console.routing import Handler
from console.seen import seen
from console.web.forms import Form, form_of
from console.web.page import render, see_other

HANDLERS: Final[Mapping[str, Handler]] = {
    "acknowledge": alert_actions.acknowledge,
    "snooze": alert_actions.snooze,
    "escalate": alert_actions.escalate,
    "resolve": alert_actions.resolve,
    "reopen": alert_actions.reopen,
    "note": alert_actions.note,
}
TITLES: Final = {
    "acknowledge": "Acknowledge",
    "snooze": "Snooze",
    "escalate": "Escalate",
    "resolve": "Resolve",
    "reopen": "Reopen",
    "note": "Write a note",
}
TOLD: Final = {
    "acknowledge": "Acknowledged: it is yours now.",
    "snooze": "Snoozed.",
    "escalate": "Escalated: the next in line is told.",
    "resolve": "Resolved.",
    "reopen": "It is open again.",
    "note": "The note is kept.",
}
BOTH: Final = "Acknowledge and snooze"
"""What nobody has taken on is taken on and put off in one step."""
TOLD_BOTH: Final = "Acknowledged and snoozed."
NAPS: Final = ((15, "15 minutes"), (30, "30 minutes"), (60, "1 hour"), (240, "4 hours"))
MORNING: Final = "08:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a form is about, as it is now."""

    item: Item
    person: Person | None
    banner: PatientBanner | None
    view: ItemView
    zone: ZoneInfo
    """The patient's."""
    longest_h: int

    def tomorrow(self, now: dt.datetime) -> dt.datetime:
        day = now.astimezone(self.zone).date() + dt.timedelta(days=1)
        return instant_of(day, MORNING, self.zone)


async def form(request: web.Request) -> web.Response:
    return await _shown(request, await _about(request), Form())


async def send(request: web.Request) -> web.Response:
    """The form, by the same way as the API's body."""
    action = _action(request)
    typed = await form_of(request)
    about = await _about(request)
    try:
        request[BODY] = msgspec.json.encode(body_of(action, typed, zone=about.zone))
        await HANDLERS[action](request)
    except Problem as problem:
        # What somebody did meanwhile is shown with the form: sending it again is then meant.
        return await _shown(request, await _about(request), typed, problem=problem)
    kind, subject = row_of(about.item.alert)
    ended = action == "resolve"
    told = TOLD_BOTH if typed.ticked("acknowledge") else TOLD[action]
    return see_other("/queue" if ended else f"/queue/row/{kind}/{subject}", told=told)


def body_of(action: str, typed: Form, *, zone: ZoneInfo) -> dict[str, Any]:
    """Pure: what the API is asked. Raises Problem for what no form of ours sends."""
    body: dict[str, Any] = {"version": _whole(typed.text("version")) or 0}
    match action:
        case "acknowledge":
            return body | {"note": typed.text("note")}
        case "snooze":
            taking = {"acknowledge": True} if typed.ticked("acknowledge") else {}
            return body | {"reason": typed.text("reason")} | taking | _nap(typed, zone)
        case "escalate" | "reopen":
            return body | {"reason": typed.text("reason")}
        case "note":
            return body | {"text": typed.text("text")}
        case _:
            return body | {
                "outcome": typed.text("outcome"),
                "note": typed.text("note"),
                "template": typed.given("template"),
                "minutes": _minutes(typed.text("minutes")),
                "mode": typed.text("mode") or str(Mode.NONE),
            }


def _minutes(text: str) -> int | None:
    """What is no number is refused with the field, as one that is out of range."""
    return None if not text else _whole(text) if _whole(text) is not None else -1


def _nap(typed: Form, zone: ZoneInfo) -> dict[str, Any]:
    choice = typed.text("for")
    if choice.isdecimal():
        return {"minutes": int(choice[:6])}
    if choice == "custom":
        return {"until": _local(typed.text("until"), zone)}
    return {"until": choice or None}


def _local(text: str, zone: ZoneInfo) -> str | None:
    """A date and time of the patient's clock, as a field of a browser has it."""
    try:
        wall = dt.datetime.fromisoformat(text)
        return None if wall.tzinfo else wall.replace(tzinfo=zone).astimezone(dt.UTC).isoformat()
    except (ValueError, OverflowError):  # The last evening of 9999 is none elsewhere.
        return None


def _whole(text: str) -> int | None:
    return int(text[:9]) if text.isascii() and text.isdecimal() else None


def _action(request: web.Request) -> str:
    action = request.match_info["action"]
    if action not in HANDLERS:
        raise NotFound
    return action


async def _about(request: web.Request) -> About:
    caller, parts, alert_id = request[CALLER], request.app[PARTS], id_in_path(request)
    whose, now = caller.organisation_id, parts.clock()
    async with parts.connection() as conn:
        record = await conn.fetchrow(QUERIES["alert"], whose, alert_id)
        if record is None:
            raise NotFound
        item = item_from(dict(record))
        person, banner = None, None
        if (patient_id := item.alert.patient_id) is not None:
            banner = await banner_of(conn, whose, patient_id, now=now)
            found = await conn.fetchrow(QUERIES["patients"], whose, [patient_id], now)
            person = person_from(dict(found)) if found else None
        policy = await policy_of(conn, whose, item.alert.plan_version_id)
    seen(request, item.alert.patient_id)
    return About(
        item=item,
        person=person,
        banner=banner,
        view=item_view(item, person, zone=caller.clinic.zone, now=now),
        zone=person.zone if person else caller.clinic.zone,
        longest_h=policy.silence.snooze_max_hours,
    )


async def _shown(
    request: web.Request, about: About, typed: Form, *, problem: Problem | None = None
) -> web.Response:
    action, now = _action(request), request.app[PARTS].clock()
    part = "X-Fragment" in request.headers
    both = action == "snooze" and about.item.alert.state not in alert_actions.ASLEEP_FROM
    return render(
        request,
        "queue/act_form.html" if part else "queue/act.html",
        {
            "action": action,
            "title": BOTH if both else TITLES[action],
            "both": both,
            "about": about,
            "it": about.view,
            "banner": about.banner,
            "typed": typed,
            "fault": _fault(problem),
            "status": problem.status if problem else 200,
            "outcomes": (("", "Choose what came of it"), *OUTCOMES),
            "templates": (("", "None"), *alert_actions.TEMPLATES.items()),
            "modes": MODES,
            "naps": NAPS,
            "tomorrow": about.tomorrow(now),
            "part": part,
        },
        status=problem.status if problem else 200,
    )


def _fault(problem: Problem | None) -> dict[str, str]:
    """By field; under the empty name what is no field's."""
    if problem is None:
        return {}
    field = (problem.pointer or "").removeprefix("/")
    known = {"note", "reason", "text", "outcome", "minutes", "until", "template", "mode"}
    return {field if field in known else "": problem.detail}
