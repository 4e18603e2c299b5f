"""Messages that could not be read: kept with their error, so that none is lost or blocks others."""

from typing import Any, Final

from aiohttp import web

from console.errors import NotFound, Unavailable
from console.paging import decode_cursor, encode_cursor
from console.parts import CALLER, PARTS, RETRY_AFTER_S
from console.web.page import render, see_other
from ingest import dead_letters, letter_upkeep
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.quarantine import organisations_seen_by
from ingest.replay import replay

PER_PAGE: Final = 50
DIGITS_MOST: Final = 18
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
    found = await _letter(request)
    payload: bytes = found.pop("payload")
    text = payload.decode("utf-8", "backslashreplace")
    return render(
        request,
        "desk/letter.html",
        {"letter": found, "payload": text[:SHOWN_MOST], "cut": len(text) > SHOWN_MOST},
    )


async def replay_one(request: web.Request) -> web.Response:
    """Through admission once more."""
    parts, number = request.app[PARTS], _number(request)
    async with parts.connection() as conn:
        those = await organisations_seen_by(conn, request[CALLER].organisation_id)
        snapshot = await parts.newest_directory()
    try:
        result = await replay(
            parts.pool,
            parts.committer,
            number,
            organisations=those,
            snapshot=snapshot,
            now=parts.clock(),
        )
    except (DatabaseAway, UnsafeDatabase) as error:
        raise Unavailable("nothing can be stored now", retry_after_s=RETRY_AFTER_S) from error
    if result is None:
        raise NotFound
    told = "It is read now" if result.done else "It still cannot be read"
    return see_other(f"/desk/letters/{number}", told=f"{told}: {result.outcome}.")


async def dismiss_one(request: web.Request) -> web.Response:
    """Somebody has looked, and nothing is to be had from it; it stays for a while."""
    parts, number = request.app[PARTS], _number(request)
    await _letter(request)  # Another's is not there.
    async with parts.connection() as conn:
        those = await organisations_seen_by(conn, request[CALLER].organisation_id)
        await letter_upkeep.dismiss(conn, letters=[number], organisations=those, now=parts.clock())
    return see_other("/desk/letters", told="Put aside.")


async def _letter(request: web.Request) -> dict[str, Any]:
    async with request.app[PARTS].connection() as conn:
        those = await organisations_seen_by(conn, request[CALLER].organisation_id)
        found = await dead_letters.one(conn, _number(request), organisations=those)
    if found is None:
        raise NotFound
    return found


def _number(request: web.Request) -> int:
    text = request.match_info["id"]
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST):
        raise NotFound
    return int(text)
