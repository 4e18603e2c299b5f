"""Messages that could not be read: kept with their error, so that none is lost or blocks others."""

from typing import Final

from aiohttp import web

from console.api import held
from console.paging import decode_cursor, encode_cursor
from console.parts import CALLER, PARTS
from console.web.page import render, see_other
from ingest import dead_letters, letter_upkeep
from ingest.quarantine import organisations_seen_by

PER_PAGE: Final = 50
SHOWN_MOST: Final = 4000


async def show(request: web.Request) -> web.Response:
    cursor = request.query.get("cursor")
    before = None if cursor is None else decode_cursor(cursor, tuple[int])[0]
    handled = request.query.get("handled") == "yes"
    async with request.app[PARTS].connection() as conn:
        those = await organisations_seen_by(conn, request[CALLER].organisation_id)
        found = await dead_letters.listed(
            conn, organisations=those, before=before, replayed=handled, limit=PER_PAGE + 1
        )
        flooding = await letter_upkeep.over_quota(conn, organisations=those)
    more = len(found) > PER_PAGE
    return render(
        request,
        "desk/letters.html",
        {
            "letters": found[:PER_PAGE],
            "flooding": flooding,
            "handled": handled,
            "next": encode_cursor(found[PER_PAGE - 1]["id"]) if more else None,
            "may": request[CALLER].role == "admin",
        },
    )


async def show_one(request: web.Request) -> web.Response:
    """With its content, which may be somebody's measurements: for administrators."""
    found = await held.letter_of(request)
    payload: bytes = found.pop("payload")
    text = payload.decode("utf-8", "backslashreplace")
    return render(
        request,
        "desk/letter.html",
        {"letter": found, "payload": text[:SHOWN_MOST], "cut": len(text) > SHOWN_MOST},
    )


async def replay_one(request: web.Request) -> web.Response:
    """Through admission once more."""
    result = await held.replayed(request)
    told = "It is read now" if result.done else "It still cannot be read"
    return see_other(
        f"/desk/letters/{held.letter_number(request)}", told=f"{told}: {result.outcome}."
    )


async def dismiss_one(request: web.Request) -> web.Response:
    """Somebody has looked, and nothing is to be had from it; it stays for a while."""
    parts, number = request.app[PARTS], held.letter_number(request)
    await held.letter_of(request)  # Another's is not there.
    async with parts.connection() as conn:
        those = await organisations_seen_by(conn, request[CALLER].organisation_id)
        await letter_upkeep.dismiss(conn, letters=[number], organisations=those, now=parts.clock())
    return see_other("/desk/letters", told="Put aside.")
