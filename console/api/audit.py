"""The audit log over the API: who saw and changed what. That it is read is in it too."""

from typing import Final

from aiohttp import web
from msgspec import Struct

from console.access import ADMIN, AUDITOR
from console.audit_read import KINDS, AuditRow, Filter, read
from console.errors import BadRequest
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_query, instant_in_query, reply
from console.routing import API, CURSOR, LIMIT, Parameter, Route

ACTION_MOST: Final = 200
INSTANT: Final = {"type": "string", "format": "date-time"}
ID: Final = {"type": "string", "format": "uuid"}


class AuditPage(Struct, frozen=True, kw_only=True):
    items: list[AuditRow]
    next: str | None


async def list_audit(request: web.Request) -> web.Response:
    """The latest first."""
    caller, limit = request[CALLER], limit_of(request.query.get("limit"))
    before: int | None = None
    if (cursor := request.query.get("cursor")) is not None:
        (before,) = decode_cursor(cursor, tuple[int])
    wanted = Filter(
        since=instant_in_query(request, "from"),
        until=instant_in_query(request, "to"),
        actor=id_in_query(request, "actor", detail="not an id"),
        patient=id_in_query(request, "patient", detail="not an id"),
        action=_action(request),
        kind=_kind(request),
    )
    async with request.app[PARTS].connection() as conn:
        rows = await read(conn, caller.organisation_id, wanted, before=before, limit=limit + 1)
    items = rows[:limit]
    after = encode_cursor(items[-1].position) if len(rows) > limit else None
    return reply(AuditPage(items=items, next=after))


def _action(request: web.Request) -> str | None:
    typed = request.query.get("action")
    if typed is not None and (len(typed) > ACTION_MOST or "\x00" in typed):
        raise BadRequest(f"at most {ACTION_MOST} characters", pointer="/action")
    return typed


def _kind(request: web.Request) -> str | None:
    typed = request.query.get("kind")
    if typed is not None and typed not in KINDS:
        raise BadRequest(f"one of {', '.join(KINDS)}", pointer="/kind")
    return typed


AUDIT_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=f"{API}/audit", handler=list_audit,
          about="Who saw and changed what, the latest first. Reading it is in it.",
          roles=frozenset({ADMIN, AUDITOR}),
          parameters=(
              Parameter(name="from", about="done then or later", schema=INSTANT),
              Parameter(name="to", about="done before", schema=INSTANT),
              Parameter(name="actor", about="only by this person", schema=ID),
              Parameter(name="patient", about="only about this patient", schema=ID),
              Parameter(name="action", about="only what has this in its words, or this route",
                        schema={"type": "string", "maxLength": ACTION_MOST}),
              Parameter(name="kind", about="opened: charts and what else is one patient's; "
                        "listed: lists that a patient was in", schema={"enum": [*KINDS]}),
              LIMIT, CURSOR,
          ),
          answer=AuditPage),
)  # fmt: skip
