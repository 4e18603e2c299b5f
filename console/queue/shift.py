"""The hand-over: what is open, what was done this shift, and what the next one should know."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from care.errors import InvalidError
from care.hand_overs import (
    Done,
    done_since,
    list_hand_overs,
    read_hand_over,
    shift_began,
    write_hand_over,
)
from care.rules import RANK
from console.access import REGISTRARS, Caller
from console.api.queue_filters import Filter
from console.api.queue_standing import Listing, read_listing, severities
from console.parts import CALLER, PARTS
from console.queue.pages import SEVERITIES, STATE_ICONS
from console.queue.read import read_rows
from console.queue.tally import tally
from console.queue.view import row_view
from console.replies import id_in_path
from console.seen import seen
from console.web.forms import form_of
from console.web.page import render, see_other
from store.pool import Connection

SHOWN_MOST: Final = 10
KEPT_MOST: Final = 40
"""Alerts whose ids a hand-over keeps."""
DONE: Final = {
    "acknowledged": "acknowledged",
    "snoozed": "snoozed",
    "escalated": "escalated",
    "resolved": "resolved",
    "reopened": "reopened",
    "noted": "noted",
}


async def page(request: web.Request) -> web.Response:
    return await _shown(request)


async def write(request: web.Request) -> web.Response:
    form, caller, parts = await form_of(request), request[CALLER], request.app[PARTS]
    now = parts.clock()
    async with parts.transaction() as conn:
        earlier = await list_hand_overs(conn, caller.organisation_id, caller.user_id, most=1)
        since = shift_began(earlier[0] if earlier else None, now=now)
        waiting = await _waiting(conn, caller, now)
        done = await done_since(conn, caller.organisation_id, since)
        try:
            await write_hand_over(
                conn,
                caller.organisation_id,
                caller.user_id,
                text=form.text("text"),
                since=since,
                facts=facts(waiting, done),
                now=now,
            )
        except InvalidError as error:
            return await _shown(request, text=form.text("text"), fault=error.message)
    return see_other("/queue/hand-over", told="The hand-over is kept.")


async def read(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.transaction() as conn:
        await read_hand_over(
            conn, caller.organisation_id, caller.user_id, id_in_path(request), now=parts.clock()
        )
    return see_other("/queue")


async def _waiting(conn: Connection, caller: Caller, now: dt.datetime) -> Listing:
    """All of it, whatever filter somebody works under."""
    whose = caller.organisation_id
    return await read_listing(conn, whose, Filter(), caller=caller.user_id, now=now)


def facts(waiting: Listing, done: Sequence[Done]) -> dict[str, Any]:
    """Pure: counts, and which alerts stand; ids, not names, for it is kept for good."""
    counts = severities(waiting.every)
    return {
        "open": {str(each): count for each, count in counts.items()},
        "alerts": [str(line.first.id) for line in waiting.every[:KEPT_MOST]],
        "done": dict(Counter(each.event for each in done)),
    }


def counts_in_words(counts: dict[str, int], order: Sequence[str]) -> str:
    """2 critical, 1 low."""
    parts = [f"{counts[each]} {DONE.get(each, each)}" for each in order if counts.get(each)]
    return ", ".join(parts) or "nothing"


async def _shown(request: web.Request, *, text: str = "", fault: str = "") -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    now = parts.clock()
    async with parts.connection() as conn:
        notes = await list_hand_overs(conn, caller.organisation_id, caller.user_id, most=SHOWN_MOST)
        since = shift_began(notes[0] if notes else None, now=now)
        waiting = await _waiting(conn, caller, now)
        names = [line.name for line in waiting.listed]
        found = await read_rows(conn, caller, now=now, only=names) if names else []
        done = await done_since(conn, caller.organisation_id, since)
    rows = [row_view(row, zone=caller.clinic.zone, now=now) for row in found]
    seen(request, *(row.person.id for row in found if row.person))
    seen(request, *(each.patient_id for each in done))
    worst_first = sorted(SEVERITIES, key=lambda each: -RANK_OF[each])
    told = facts(waiting, done)
    return render(
        request,
        "queue/hand_over.html",
        {
            "rows": rows,
            "tally": tally(waiting, now=now),
            "done": done,
            "since": since,
            "open_words": counts_in_words(told["open"], worst_first),
            "done_words": counts_in_words(told["done"], tuple(DONE)),
            "notes": [
                (
                    note,
                    counts_in_words(note.facts.get("open", {}), worst_first),
                    counts_in_words(note.facts.get("done", {}), tuple(DONE)),
                )
                for note in notes
            ],
            "text": text,
            "fault": fault,
            "acts": caller.role in REGISTRARS,
            "severities": SEVERITIES,
            "stateicons": STATE_ICONS,
        },
        status=422 if fault else 200,
    )


RANK_OF: Final = {str(severity): rank for severity, rank in RANK.items()}
