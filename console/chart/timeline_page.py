"""The timeline as a page, and the form for a note or call."""

import datetime as dt
from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from care.care_notes import NoteText, add_note, find_note
from care.errors import CareError, InvalidError, NotFoundError
from console.api.timeline import KINDS, TimelineItem, kinds_in, timeline_of
from console.api.timeline_words import NOTES, PARTIES
from console.chart.opened import Opened, may_write, opened
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.web.forms import Form, form_of
from console.web.page import render, see_other

PER_PAGE: Final = 60
LABELS: Final = {
    "readings": "Readings",
    "alerts": "Alerts",
    "notes": "Calls and notes",
    "changes": "Plan, consent, team",
    "devices": "Devices",
    "time": "Time",
}
ICONS: Final = {
    "readings": "chart",
    "alerts": "bell",
    "notes": "note",
    "changes": "programme",
    "devices": "device",
    "time": "time",
}
KIND_CHOICES: Final = tuple(NOTES.items())
PARTY_CHOICES: Final = (
    ("", "Nobody, it is a note"),
    *((name, words.capitalize()) for name, words in PARTIES.items()),
)
DIRECTION_CHOICES: Final = (("to_them", "We called or wrote"), ("from_them", "They did"))
REACHED_CHOICES: Final = (("yes", "Yes"), ("no", "No"))


async def timeline(request: web.Request) -> web.Response:
    return await _page(request, Form())


async def write(request: web.Request) -> web.Response:
    """A note or call; one that is refused is shown again with what was typed."""
    form = await form_of(request)
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        chart = await opened(request, conn, "/timeline")
        try:
            await add_note(
                conn,
                chart.organisation_id,
                chart.patient_id,
                written_in(form),
                at=at_in(form, chart.banner.zone, now=chart.now),
                author=caller.user_id,
                now=chart.now,
                corrects=_corrects(form.given("corrects")),
            )
        except NotFoundError:
            raise
        except CareError as error:
            return await _page(request, form, fault={error.field: error.message})
    return see_other(f"{chart.where}/timeline", told="The note is kept.")


def written_in(form: Form) -> NoteText:
    """Pure. What a kind of note does not have is not looked at: see care.care_notes."""
    reached = form.given("reached")
    return NoteText(
        kind=form.text("kind"),
        text=form.text("text"),
        with_whom=form.given("with_whom"),
        direction=form.given("direction"),
        reached=None if reached is None else reached == "yes",
    )


def at_in(form: Form, zone: ZoneInfo, *, now: dt.datetime) -> dt.datetime:
    """The patient's wall clock; now where it was left empty. Raises InvalidError."""
    text = form.given("at")
    if text is None:
        return now
    try:
        wall = dt.datetime.fromisoformat(text)
        found = None if wall.tzinfo else wall.replace(tzinfo=zone).astimezone(dt.UTC)
    except (ValueError, OverflowError):  # The last evening of 9999 is none elsewhere.
        found = None
    if found is None:
        raise InvalidError("at", "give a day and a time")
    return found


def _corrects(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise NotFound from None


async def _page(
    request: web.Request, form: Form, *, fault: Mapping[str, str] | None = None
) -> web.Response:
    kinds = kinds_in(request)
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "/timeline")
        found = await timeline_of(
            conn, chart.organisation_id, chart.patient_id, kinds=kinds,
            cursor=request.query.get("cursor"), limit=PER_PAGE, units=chart.banner.units,
        )  # fmt: skip
        corrected = None
        if (
            wanted := _corrects(request.query.get("corrects") or form.given("corrects"))
        ) is not None:
            corrected = await find_note(conn, chart.organisation_id, chart.patient_id, wanted)
    chosen = () if kinds == KINDS else kinds
    return render(
        request,
        "chart/timeline.html",
        chart.context(
            days=_days(found.items, chart),
            older=_address(chart, chosen, found.next) if found.next else None,
            newest=request.query.get("cursor") is None,
            writing="write" in request.query,
            kinds=[(name, words, name in chosen) for name, words in LABELS.items()],
            icons=ICONS,
            typed=form,
            fault=fault or {},
            corrected=corrected,
            writer=may_write(request),
            choices={
                "kinds": KIND_CHOICES, "parties": PARTY_CHOICES,
                "directions": DIRECTION_CHOICES, "reached": REACHED_CHOICES,
            },
        ),
        status=422 if fault else 200,
    )  # fmt: skip


def _days(items: list[TimelineItem], chart: Opened) -> list[tuple[dt.date, list[TimelineItem]]]:
    """By the patient's own days."""
    zone = chart.banner.zone

    def day(item: TimelineItem) -> dt.date:
        return item.at.astimezone(zone).date()

    return [(each, list(group)) for each, group in groupby(items, key=day)]


def _address(chart: Opened, kinds: tuple[str, ...], cursor: str) -> str:
    query: dict[str, Any] = {"cursor": cursor}
    if kinds:
        query["kinds"] = ",".join(kinds)
    return f"{chart.where}/timeline?{urlencode(query)}"
