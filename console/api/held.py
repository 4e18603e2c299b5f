"""What is kept and does not count: the quarantine, and the dead letters."""

import base64
import datetime as dt
from typing import Any
from uuid import UUID

from aiohttp import web
from msgspec import Struct, structs

from care.candidates import Candidate, candidates
from care.reassignment import ABOUT_WHOM
from console.bodies import read
from console.errors import BadRequest, NotFound, Unavailable
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS, RETRY_AFTER_S
from console.replies import id_in_path, reply
from ingest import dead_letters, doubts, letter_upkeep, quarantine, recheck
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.kept_letter import KeptLetter
from ingest.quarantine import Held, organisations_seen_by
from ingest.replay import Replayed, replay


class HeldAnswer(Held, frozen=True, kw_only=True):
    candidates: list[Candidate]
    """Whose it could be, the likeliest first."""


class QuarantinePage(Struct, frozen=True, kw_only=True):
    items: list[HeldAnswer]
    next: str | None
    waiting: int
    """How many nobody has dealt with, on all pages."""


class SeenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    note: str = ""


class UnseenBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing has to be said."""


class SeenAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    seen: bool
    changed: bool
    """False: it stood so already."""


class LetterAnswer(KeptLetter, frozen=True, kw_only=True):
    gateway: str | None
    payload: str | None = None
    """Base64; only where one letter is asked for."""


class OverQuota(Struct, frozen=True, kw_only=True):
    """Of whom more came than is kept whole."""

    gateway: str | None
    """null: all that nobody enrolled here."""
    letters: int
    """Waiting for somebody."""
    bytes: int
    truncated: int
    only_counted: int
    """Messages of which nothing is kept."""
    only_counted_at: dt.datetime | None


class LetterPage(Struct, frozen=True, kw_only=True):
    items: list[LetterAnswer]
    next: str | None
    over_quota: list[OverQuota]


class ReplayAnswer(Struct, frozen=True, kw_only=True):
    outcome: str
    done: bool


class RecheckAnswer(Struct, frozen=True, kw_only=True):
    fates: dict[str, int]
    """How many are `assigned` now, and how many are still held for each reason."""


async def list_quarantine(request: web.Request) -> web.Response:
    """The latest first, each with those whose it could be; those that wait, or those seen."""
    dealt_with = _seen_asked(request)
    caller, limit = request[CALLER], limit_of(request.query.get("limit"))
    before: tuple[dt.datetime, UUID] | None = None
    if (cursor := request.query.get("cursor")) is not None:
        before = decode_cursor(cursor, tuple[dt.datetime, UUID])
    async with request.app[PARTS].connection() as conn:
        seen = await organisations_seen_by(conn, caller.organisation_id)
        found = await quarantine.held(
            conn,
            seen,
            before=before,
            reason=request.query.get("reason"),
            limit=limit + 1,
            seen=dealt_with,
        )
        waiting = await quarantine.waiting(conn, seen)
        asked = [each.id for each in found[:limit] if each.reason in ABOUT_WHOM]
        those = await candidates(conn, caller.organisation_id, asked)
    items = [
        HeldAnswer(**structs.asdict(each), candidates=those.get(each.id, []))
        for each in found[:limit]
    ]
    after = encode_cursor(items[-1].received_at, items[-1].id) if len(found) > limit else None
    return reply(QuarantinePage(items=items, next=after, waiting=waiting))


async def see(request: web.Request) -> web.Response:
    """Nothing more is to be done about a reading that no name makes good; it is kept."""
    note = (await read(request, SeenBody)).note
    return _seen_answer(request, seen=True, changed=await marked(request, seen=True, note=note))


async def unsee(request: web.Request) -> web.Response:
    """Back among those that wait."""
    await read(request, UnseenBody)
    return _seen_answer(request, seen=False, changed=await marked(request, seen=False))


async def marked(request: web.Request, *, seen: bool, note: str = "") -> bool:
    """The reading of the path; whether that changed anything. Raises CareError."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        return await doubts.mark(
            conn,
            caller.organisation_id,
            id_in_path(request),
            seen=seen,
            note=note,
            actor=caller.user_id,
            now=parts.clock(),
        )


def _seen_answer(request: web.Request, *, seen: bool, changed: bool) -> web.Response:
    return reply(SeenAnswer(id=id_in_path(request), seen=seen, changed=changed))


def _seen_asked(request: web.Request) -> bool:
    asked = request.query.get("seen", "false")
    if asked not in {"true", "false"}:
        raise BadRequest("true or false", pointer="/seen")
    return asked == "true"


async def recheck_quarantine(request: web.Request) -> web.Response:
    """Judge those again that lacked an owner."""
    return reply(RecheckAnswer(fates=await rechecked(request)))


async def rechecked(request: web.Request) -> dict[str, int]:
    """How many found an owner, and how many are still held for each reason."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        seen = await organisations_seen_by(conn, caller.organisation_id)
        snapshot = await parts.newest_directory()
        fates = await recheck.recheck(
            conn, organisations=seen, snapshot=snapshot, now=parts.clock()
        )
    return dict(fates)


async def list_letters(request: web.Request) -> web.Response:
    """The latest first, without what is in them."""
    caller, limit = request[CALLER], limit_of(request.query.get("limit"))
    before: int | None = None
    if (cursor := request.query.get("cursor")) is not None:
        (before,) = decode_cursor(cursor, tuple[int])
    async with request.app[PARTS].connection() as conn:
        seen = await organisations_seen_by(conn, caller.organisation_id)
        found = await dead_letters.listed(
            conn,
            organisations=seen,
            before=before,
            replayed=request.query.get("replayed") == "true",
            limit=limit + 1,
        )
        flooding = await letter_upkeep.over_quota(conn, organisations=seen)
    items = [_letter(row) for row in found[:limit]]
    after = encode_cursor(items[-1].id) if len(found) > limit else None
    over_quota = [OverQuota(**sender) for sender in flooding]
    return reply(LetterPage(items=items, next=after, over_quota=over_quota))


async def get_letter(request: web.Request) -> web.Response:
    """One letter with its payload, which may be somebody's measurements."""
    found = await letter_of(request)
    payload: bytes = found.pop("payload")
    text = base64.b64encode(payload).decode()
    return reply(_letter({**found, "payload": text}))


async def letter_of(request: web.Request) -> dict[str, Any]:
    """The one of the path with its payload; another clinic's is not there."""
    async with request.app[PARTS].connection() as conn:
        seen = await organisations_seen_by(conn, request[CALLER].organisation_id)
        found = await dead_letters.one(conn, letter_number(request), organisations=seen)
    if found is None:
        raise NotFound
    return found


async def replay_letter(request: web.Request) -> web.Response:
    result = await replayed(request)
    return reply(ReplayAnswer(outcome=result.outcome, done=result.done))


async def replayed(request: web.Request) -> Replayed:
    """The letter of the path, through the same admission once more."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        seen = await organisations_seen_by(conn, caller.organisation_id)
        snapshot = await parts.newest_directory()
    try:
        result = await replay(
            parts.pool,
            parts.committer,
            letter_number(request),
            organisations=seen,
            snapshot=snapshot,
            now=parts.clock(),
        )
    except (DatabaseAway, UnsafeDatabase) as error:
        raise Unavailable("nothing can be stored now", retry_after_s=RETRY_AFTER_S) from error
    if result is None:
        raise NotFound
    return result


def letter_number(request: web.Request) -> int:
    text = request.match_info["id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 19):  # noqa: PLR2004 (a bigint)
        raise NotFound
    return int(text)


def _letter(row: dict[str, Any]) -> LetterAnswer:
    names = {*LetterAnswer.__struct_fields__} & row.keys()
    return LetterAnswer(gateway=row["gateway_id"], **{name: row[name] for name in names})
