"""The queue: the page, and the rows that a page which is open fetches anew."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from alerts.judging.numbers import name_of
from alerts.life.alert import State
from care.hand_overs import HandOver, list_hand_overs
from care.preferences import ABOUT, key_of
from care.rules import Severity
from care.saved_views import SavedView, list_views
from console.access import REGISTRARS, Caller
from console.api import queue_filters
from console.api.queue_filters import Filter, filter_of
from console.api.queue_standing import PATIENT, Listing, Name, read_listing
from console.api.queue_standing import QUERIES as STANDING
from console.api.queue_standing import search as search_rows
from console.errors import BadRequest
from console.parts import CALLER, PARTS
from console.queue import words
from console.queue.facts import Item, Row
from console.queue.read import NEWEST, read_rows
from console.queue.tally import tally
from console.queue.view import row_view
from console.seen import seen
from console.web.formats import programme_name
from console.web.forms import form_of
from console.web.page import render

SUBJECTS_MOST: Final = 200
"""That a page asks for at once."""
SEVERITIES: Final = {str(each): words.SEVERITIES[each] for each in reversed(Severity)}
STATE_ICONS: Final = {
    State.OPEN: "bell",
    State.ESCALATED: "escalate",
    State.ACKNOWLEDGED: "hand",
    State.SNOOZED: "snooze",
    State.AWAITING_REPEAT: "clock",
}
VIEWS: Final = (
    ("All", Filter()),
    ("Mine", Filter(who="mine")),
    ("My patients", Filter(who="team")),
    ("Nobody's yet", Filter(who="unclaimed")),
    ("Late", Filter(late="late")),
    ("No data", Filter(kind="no-data")),
    ("Technical", Filter(kind="technical")),
)
GOING: Final = (
    ("go-queue", "g q", "Go to the queue"),
    ("go-patients", "g p", "Go to the patients"),
    ("open", "Enter", "Open the chart"),
    ("extend", "Shift+j", "Select on, row by row"),
)
"""Keys that nobody changes; the arrows go up and down as well."""


async def queue(request: web.Request) -> web.Response:
    return await _page(request, searched="")


async def search(request: web.Request) -> web.Response:
    """For browsers without scripts: what is typed goes into no address."""
    return await _page(request, searched=(await form_of(request)).text("q"))


async def rows(request: web.Request) -> web.Response:
    """`?of=patient:…,gateway:…` (or everything): those rows as they are now, and no others.

    `until` is the place of the last row that a page lists: rows that have come up behind it are
    sent too. `beyond=yes`: also rows asked for that are not among those that are listed.
    """
    caller, parts, wanted = request[CALLER], request.app[PARTS], _wanted(request)
    now, asked = parts.clock(), _asked(request.query.get("of"))
    until, beyond = request.query.get("until"), "beyond" in request.query
    async with parts.connection() as conn:
        listing = await read_listing(
            conn, caller.organisation_id, wanted, caller=caller.user_id, now=now
        )
        named = None if asked is None else frozenset(asked)
        names = [
            line.name
            for line in listing.listed
            if named is None or line.name in named or (until and line.place.text > until)
        ]
        if beyond and named:
            names += [line.name for line in listing.beyond if line.name in named]
        found = await read_rows(conn, caller, now=now, only=names) if names else []
    context = _rows(request, found, wanted)
    left_out = _left_out(listing, named or frozenset(), shown=frozenset(names))
    return render(
        request,
        "queue/rows_anew.html",
        context | {"left_out": left_out, "tally": tally(listing, now=now)},
    )


def _left_out(
    listing: Listing, asked: frozenset[Name], *, shown: frozenset[Name]
) -> list[tuple[str, str]]:
    """Rows that were asked for, still wait, and are not in the answer: each with why."""
    asked -= shown
    if not asked:
        return []
    beyond = {line.name for line in listing.beyond}
    return [
        (":".join(line.name), "beyond" if line.name in beyond else "filtered")
        for line in listing.every
        if line.name in asked
    ]


async def _page(request: web.Request, *, searched: str) -> web.Response:
    caller, parts, wanted = request[CALLER], request.app[PARTS], _wanted(request)
    now, whose = parts.clock(), caller.organisation_id
    async with parts.connection() as conn:
        # First: what comes after it is told by the stream, and is at worst shown twice.
        last = await conn.fetchval(NEWEST)
        listing = await read_listing(
            conn,
            whose,
            wanted,
            caller=caller.user_id,
            now=now,
            only=await search_rows(conn, whose, searched) if searched else None,
        )
        names = [line.name for line in listing.listed]
        found = await read_rows(conn, caller, now=now, only=names) if names else []
        programmes = await conn.fetch(STANDING["programmes"], whose, now)
        saved = await list_views(conn, whose, caller.user_id)
        notes = await list_hand_overs(conn, whose, caller.user_id, most=1)
    return render(
        request,
        "queue/queue.html",
        _rows(request, found, wanted)
        | {
            "left_out": [],
            "tally": tally(listing, now=now),
            "wanted": wanted,
            "searched": searched,
            "last": last,
            "views": _views(saved, caller),
            "hand_over": _unread(notes),
            "states": {str(state): told for state, told in queue_filters.STATES.items()},
            "programmes": _programmes([each[0] for each in programmes], wanted),
            "metrics": _metrics(listing, wanted),
            "keys": keys(caller),
            "sound": [word for word, on in caller.preferences.get("sound", {}).items() if on],
        },
    )


def _rows(request: web.Request, found: Sequence[Row], wanted: Filter) -> dict[str, Any]:
    """What the rows' template needs; whoever is in it was seen."""
    caller, now = request[CALLER], request.app[PARTS].clock()
    seen(request, *(row.person.id for row in found if row.person))
    return {
        "rows": [
            row_view(row, zone=caller.clinic.zone, now=now, meant=_meant(wanted, row, now))
            for row in found
        ],
        "acts": caller.role in REGISTRARS,
        "me": str(caller.user_id),
        "severities": SEVERITIES,
        "stateicons": STATE_ICONS,
    }


def _meant(wanted: Filter, row: Row, now: dt.datetime) -> list[Item]:
    ids = {each.id for each in queue_filters.meant(wanted, row.alerts, now=now)}
    return [item for item in row.items if item.alert.id in ids]


def _wanted(request: web.Request) -> Filter:
    """A form sends several ticks of one name."""
    return filter_of({name: ",".join(request.query.getall(name)) for name in request.query})


def keys(caller: Caller) -> list[tuple[str, str, str]]:
    """What does what, by which key: listed by the page, and read from that list by its script."""
    chosen = key_of(caller.preferences)
    return [(does, chosen[does], about) for does, about in ABOUT.items()] + list(GOING)


def _views(saved: Sequence[SavedView], caller: Caller) -> list[dict[str, Any]]:
    ours = [
        {"name": name, "query": each.query, "owner": "", "mine": False, "id": None}
        for name, each in VIEWS
    ]
    return ours + [
        {
            "name": view.name,
            "query": view.query,
            "owner": "" if view.user_id == caller.user_id else view.owner,
            "mine": view.user_id == caller.user_id,
            "id": view.id,
        }
        for view in saved
    ]


def _unread(notes: Sequence[HandOver]) -> HandOver | None:
    return next((note for note in notes if not note.read), None)


def _programmes(known: Sequence[str], wanted: Filter) -> list[tuple[str, str]]:
    offered = {*known, wanted.programme} - {""}
    return [(each, programme_name(each)) for each in sorted(offered)]


def _metrics(listing: Listing, wanted: Filter) -> list[tuple[str, str]]:
    known = {alert.metric for line in listing.every for alert in line.alerts}
    offered = sorted((known | {wanted.metric}) - {None, ""}, key=str)
    return sorted(((each, name_of(each)) for each in offered if each), key=lambda pair: pair[1])


def _asked(of: str | None) -> list[Name] | None:
    """None: everything."""
    if of is None:
        return None
    names = [each.partition(":") for each in of.split(",") if each]
    if len(names) > SUBJECTS_MOST:
        raise BadRequest(f"at most {SUBJECTS_MOST} rows at once", pointer="/of")
    known = {PATIENT, "gateway", "device"}
    return [(kind, subject) for kind, _, subject in names if kind in known and subject]
