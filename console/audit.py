"""What people do with patients' data, written down before they are answered.

A write and its row are one transaction; a read is written down after the handler and before its
answer is sent: what could not be written down is not shown. Refusals are written by themselves.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import asyncpg
from aiohttp import web
from structlog import get_logger

from care.errors import CareError
from console.access import SELF, Caller
from console.audit_answer import patients_in
from console.audit_lately import remember, said_lately
from console.audit_words import action_of, filters_in, key_of
from console.bodies import BODY, JSON, raw
from console.errors import Problem, Unavailable
from console.parts import PARTS, REQUEST_ID
from console.problems import status_of
from console.routing import Door, Handler, Route
from console.seen import REASON, SEEN, seen
from console.tenancy import Whole, scope, within
from console.tries import address_of
from console.web.csrf import SAFE
from console.web.forms import FORM, form_of
from observe.redaction import described
from store import audit
from store.audit import Entry
from store.pool import Connection

log = get_logger()

REFUSED: Final = frozenset({401, 403, 404})
FAILED: Final = 400
WORST_TOLD: Final = 499
"""What goes wrong on our side shows nothing to anybody; it stands in the log of the process."""
TELLABLE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an id looks like: a path can hold anything that somebody has typed."""
BY_SCRIPT: Final = "X-Fragment"
WHY_MOST: Final = 200

Check = Callable[[], Awaitable[None]]


async def audited(
    route: Route, request: web.Request, caller: Caller, check: Check, handler: Handler
) -> web.StreamResponse:
    """`handler`, once `check` lets the caller in: for their organisation, and written down."""
    with within(Whole.HOUSE if route.house else caller.organisation_id):
        try:
            await check()
            return await _answered(route, request, caller, handler)
        except (Problem, CareError) as error:
            status = status_of(error)
            if status <= WORST_TOLD:
                why = str(error) if isinstance(error, Problem) else ""
                await _write(request, caller, entry_of(route, request, caller, status, why=why))
            raise


async def _answered(
    route: Route, request: web.Request, caller: Caller, handler: Handler
) -> web.StreamResponse:
    if route.endless:
        # What it will show is not known yet; that it was opened is.
        await _write(request, caller, entry_of(route, request, caller, route.status))
        return await handler(request)
    if request.method in SAFE or route.by_itself or route.house:
        response = await handler(request)
        entry = _entry(route, request, caller, response)
        if not _again(route, request, caller, entry):
            await _write(request, caller, entry)
            _remember(request, caller, entry)
        return response
    await have_body(route, request)
    async with request.app[PARTS].transaction() as conn:
        response = await handler(request)
        entry = _entry(route, request, caller, response)
        again = _again(route, request, caller, entry)
        if not again:
            await _note(conn, entry)
    if not again:
        _remember(request, caller, entry)
    return response


async def have_body(route: Route, request: web.Request) -> None:
    """Read before the transaction begins: whoever sends slowly must not hold a connection."""
    if BODY not in request and request.content_type == JSON and request.can_read_body:
        request[BODY] = await raw(request, bytes_max=route.body_bytes_max)
    elif request.content_type == FORM:
        await form_of(request)


async def _write(request: web.Request, caller: Caller, entry: Entry) -> None:
    """In a transaction of its own; raises Unavailable where that cannot be."""
    parts = request.app[PARTS]
    if scope() is Whole.HOUSE:
        async with parts.house() as conn:
            await _note(conn, entry, whose=caller.organisation_id)
        return
    async with parts.connection() as conn:
        await _note(conn, entry)


async def _note(conn: Connection, entry: Entry, *, whose: UUID | None = None) -> None:
    """Raises Unavailable: nothing is shown, or done, that cannot be written down."""
    try:
        if whose is None:
            await audit.note(conn, entry)
        else:
            await audit.append(conn, whose, entry)
    except asyncpg.PostgresError as error:
        log.warning("nothing can be written to the audit log", why=described(error))
        raise Unavailable("what is done here cannot be written down now") from error


def entry_of(
    route: Route, request: web.Request, caller: Caller, status: int, *, why: str = ""
) -> Entry:
    kind, number = _object(route, request)
    return Entry(
        at=request.app[PARTS].clock(),
        via="page" if route.door is Door.PAGE else "api",
        actor=caller.user_id,
        actor_name=caller.name,
        actor_role=caller.role,
        action=action_of(route),
        route=key_of(route),
        outcome=outcome_of(status),
        status=status,
        patients=sorted(_patients(route, request, caller)),
        object_kind=kind,
        object_id=number,
        reason=request.get(REASON),
        address=address_of(request),
        request_id=request.get(REQUEST_ID),
        detail=_detail(request, why),
    )


def outcome_of(status: int) -> str:
    if status in REFUSED:
        return "refused"
    return "failed" if status >= FAILED else "done"


def _patients(route: Route, request: web.Request, caller: Caller) -> set[UUID]:
    """Whom the path names, what the handler said that it has shown, and whoever looks at home."""
    found = set(request.get(SEEN, ()))
    if "/patients/{id}" in route.path:
        try:
            found.add(UUID(request.match_info["id"]))
        except ValueError:
            return found
    if caller.role in SELF and caller.patient_id is not None:
        found.add(caller.patient_id)
    return found


def _object(route: Route, request: web.Request) -> tuple[str | None, str | None]:
    """The last thing that the path names, with the word before it."""
    parts = route.path.split("/")
    named = [place for place, part in enumerate(parts) if part.startswith("{")]
    if not named:
        return None, None
    place = named[-1]
    typed = request.match_info.get(parts[place].strip("{}").partition(":")[0], "")
    return parts[place - 1], typed if TELLABLE.fullmatch(typed) else "?"


def _detail(request: web.Request, why: str) -> dict[str, Any]:
    """Names of filters and no values: somebody searches for a patient by name."""
    names = filters_in(request.query)
    detail: dict[str, Any] = {"filters": names} if names else {}
    if why:
        detail["why"] = "".join(each for each in why if each.isprintable())[:WHY_MOST]
    return detail


def _entry(
    route: Route, request: web.Request, caller: Caller, response: web.StreamResponse
) -> Entry:
    seen(request, *patients_in(response))
    return entry_of(route, request, caller, response.status)


def _again(route: Route, request: web.Request, caller: Caller, entry: Entry) -> bool:
    """Scripts of ours ask for the same over and over while a page is open: it is told once."""
    fragment = request.method in SAFE and BY_SCRIPT in request.headers
    if not (route.polled or fragment) or entry.outcome != "done":
        return False
    lately, key = request.app[PARTS].lately, (caller.user_id, entry.route, request.path)
    return said_lately(lately, key, entry.patients, now=entry.at)


def _remember(request: web.Request, caller: Caller, entry: Entry) -> None:
    if entry.outcome == "done":
        key = (caller.user_id, entry.route, request.path)
        remember(request.app[PARTS].lately, key, entry.patients, now=entry.at)
