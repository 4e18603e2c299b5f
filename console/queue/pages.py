"""The queue: the page, and the rows that a page which is open fetches anew."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from alerts.judging.numbers import name_of
from alerts.life.alert import State
from care.hand_overs import HandOver, list_hand_overs
from care.preferences import ABOUT, key_of
from care.rules import RANK, Severity
from care.saved_views import SavedView, list_views
from console.access import REGISTRARS, Caller
from console.errors import BadRequest
from console.parts import CALLER, PARTS
from console.queue import filters, words
from console.queue.facts import PATIENT, Row
from console.queue.filters import Filter, filter_of
from console.queue.read import NEWEST, Name, read_rows
from console.queue.view import late_now, row_view
from console.seen import seen
from console.web.formats import counted
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
    """`?of=patient:…,gateway:…` (or everything): those rows as they are now, and no others."""
    caller, parts, wanted = request[CALLER], request.app[PARTS], _wanted(request)
    now = parts.clock()
    async with parts.connection() as conn:
        found = await read_rows(conn, caller, now=now, only=_asked(request.query.get("of")))
    return render(request, "queue/rows.html", _rows(request, found, wanted, searched=""))


async def _page(request: web.Request, *, searched: str) -> web.Response:
    caller, parts, wanted = request[CALLER], request.app[PARTS], _wanted(request)
    now = parts.clock()
    async with parts.connection() as conn:
        # First: what comes after it is told by the stream, and is at worst shown twice.
        last = await conn.fetchval(NEWEST)
        found = await read_rows(conn, caller, now=now)
        saved = await list_views(conn, caller.organisation_id, caller.user_id)
        notes = await list_hand_overs(conn, caller.organisation_id, caller.user_id, most=1)
    context = _rows(request, found, wanted, searched=searched)
    return render(
        request,
        "queue/queue.html",
        context
        | {
            "wanted": wanted,
            "searched": searched,
            "last": last,
            "summary": summary(found),
            "hidden_words": filters.hidden_in_words(len(context["hidden"])),
            "views": _views(saved, caller),
            "hand_over": _unread(notes),
            "states": {str(state): told for state, told in filters.STATES.items()},
            "programmes": _programmes(found, wanted),
            "metrics": _metrics(found, wanted),
            "keys": keys(caller),
            "sound": [word for word, on in caller.preferences.get("sound", {}).items() if on],
        },
    )


def _rows(
    request: web.Request, found: Sequence[Row], wanted: Filter, *, searched: str
) -> dict[str, Any]:
    """What the rows' template needs; whoever is in it was seen."""
    caller, now = request[CALLER], request.app[PARTS].clock()
    zone = caller.clinic.zone
    late = late_now(found, now=now)
    shown = {
        row.name
        for row in found
        if filters.shows(wanted, row, caller=caller.user_id, now_late=late)
    }
    views = [
        row_view(row, zone=zone, now=now, meant=filters.meant(wanted, row, now_late=late))
        for row in found
        if row.name in shown
    ]
    if searched:
        views = [view for view in views if searched.casefold() in view.search]
    kept = {f"{view.kind}:{view.subject}" for view in views}
    seen(request, *(row.person.id for row in found if row.person and row.name in kept))
    return {
        "rows": views,
        "hidden": [(row.name, row.place.text) for row in found if row.name not in kept],
        "acts": caller.role in REGISTRARS,
        "me": str(caller.user_id),
        "severities": SEVERITIES,
        "stateicons": STATE_ICONS,
    }


def _wanted(request: web.Request) -> Filter:
    """A form sends several ticks of one name."""
    return filter_of({name: ",".join(request.query.getall(name)) for name in request.query})


def summary(found: Sequence[Row]) -> str:
    """7 rows: 2 critical, 5 low. 1 is late."""
    if not found:
        return "Nothing is waiting"
    counts = Counter(row.first.alert.severity for row in found)
    parts = [f"{counts[each]} {each}" for each in sorted(counts, key=RANK.__getitem__)[::-1]]
    return f"{counted(len(found), 'row')}: {', '.join(parts)}"


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


def _programmes(found: Sequence[Row], wanted: Filter) -> list[tuple[str, str]]:
    known = {each for row in found if row.person for each in row.person.programmes}
    known |= {wanted.programme} - {""}
    return [(each, each.replace("-", " ").capitalize()) for each in sorted(known)]


def _metrics(found: Sequence[Row], wanted: Filter) -> list[tuple[str, str]]:
    known = {item.alert.metric for row in found for item in row.items if item.alert.metric}
    known |= {wanted.metric} - {""}
    return sorted(((each, name_of(each)) for each in known), key=lambda pair: pair[1])


def _asked(of: str | None) -> list[Name] | None:
    """None: everything."""
    if of is None:
        return None
    names = [each.partition(":") for each in of.split(",") if each]
    if len(names) > SUBJECTS_MOST:
        raise BadRequest(f"at most {SUBJECTS_MOST} rows at once", pointer="/of")
    known = {PATIENT, "gateway", "device"}
    return [(kind, subject) for kind, _, subject in names if kind in known and subject]
