"""The queue: the page, and the rows that a page which is open fetches anew."""

from collections.abc import Mapping, Sequence
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
from console.errors import BadRequest
from console.parts import CALLER, PARTS
from console.queue import words
from console.queue.listed import listed, views_of
from console.queue.read import read_rows
from console.queue.tally import tally
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
WORDS: Final[Mapping[str, Any]] = {"severities": SEVERITIES, "stateicons": STATE_ICONS}
"""What rows say, beside what is in them."""
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
    seen(request, *(row.person.id for row in found if row.person))
    left_out = _left_out(listing, named or frozenset(), shown=frozenset(names))
    return render(
        request,
        "queue/rows_anew.html",
        {
            **WORDS,
            "rows": views_of(found, wanted, zone=caller.clinic.zone, now=now),
            "me": str(caller.user_id),
            "left_out": left_out,
            "tally": tally(listing, now=now),
        },
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
    caller, wanted = request[CALLER], _wanted(request)
    found = await listed(request, wanted, searched=searched)
    async with request.app[PARTS].connection() as conn:
        saved = await list_views(conn, caller.organisation_id, caller.user_id)
        notes = await list_hand_overs(conn, caller.organisation_id, caller.user_id, most=1)
    seen(request, *found.patients)
    me = str(caller.user_id)
    return render(
        request,
        "queue/queue.html",
        {
            **WORDS,
            "rows": found.rows,
            "written": found.written(me, WORDS),
            "acts": caller.role in REGISTRARS,
            "me": me,
            "tally": tally(found.listing, now=found.now),
            "wanted": wanted,
            "searched": searched,
            "last": found.last,
            "views": _views(saved, caller),
            "hand_over": _unread(notes),
            "states": {str(state): told for state, told in queue_filters.STATES.items()},
            "programmes": _programmes(found.programmes, wanted),
            "metrics": _metrics(found.listing, wanted),
            "keys": keys(caller),
            "sound": [word for word, on in caller.preferences.get("sound", {}).items() if on],
        },
    )


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
