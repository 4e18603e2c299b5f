"""What people decide about lines, over the API: approved, held, released, and what the payer said.

Each line is sent with the version that the person looked at; 412 where one has changed since.
"""

from typing import Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.months.acting import Moved
from billing.months.approving import approve, approve_too
from billing.months.history import events_of, patient_of_line
from billing.months.holding import hold, release
from billing.months.records import Status
from billing.months.states import BY_PAYER
from billing.months.statuses import move, number
from billing.months.views import LineEvent
from care.errors import InvalidError
from console.api.billing_months import told_if_stale
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from console.seen import because, seen

BODY_MOST: Final = 1024 * 1024
SAYABLE: Final = BY_PAYER | {Status.CORRECTED, Status.VOID}


class LineAsSeen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    version: int


class LinesBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    lines: list[LineAsSeen]


class ReasonedLines(LinesBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str = ""


class AnsweredLines(ReasonedLines, frozen=True, kw_only=True, forbid_unknown_fields=True):
    status: Status | None = None
    """None: only the number is entered."""
    claim_number: str | None = None
    """The payer's, of the claim that they are on."""


class MovedAnswer(Struct, frozen=True, kw_only=True):
    items: list[Moved]


class EventList(Struct, frozen=True, kw_only=True):
    items: list[LineEvent]


async def approve_lines(request: web.Request) -> web.Response:
    """All of them or none; never what rests on one's own time."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, LinesBody, bytes_max=BODY_MOST)
    async with parts.transaction() as conn, told_if_stale():
        done = await approve(
            conn, caller.organisation_id, _versions(typed), actor=caller.user_id, now=parts.clock()
        )
    return _told(request, done)


async def approve_lines_too(request: web.Request) -> web.Response:
    """A second person answers for what somebody else has approved: either of them may send it."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, LinesBody, bytes_max=BODY_MOST)
    async with parts.transaction() as conn, told_if_stale():
        done = await approve_too(
            conn, caller.organisation_id, _versions(typed), actor=caller.user_id, now=parts.clock()
        )
    return _told(request, done)


async def hold_lines(request: web.Request) -> web.Response:
    return await _reasoned(request, release_them=False)


async def release_lines(request: web.Request) -> web.Response:
    return await _reasoned(request, release_them=True)


async def answer_lines(request: web.Request) -> web.Response:
    """What became of lines that have left the house."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, AnsweredLines, bytes_max=BODY_MOST)
    if typed.status is None and typed.claim_number is not None:
        async with parts.transaction() as conn, told_if_stale():
            done = await number(
                conn, caller.organisation_id, _versions(typed), typed.claim_number,
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
        return _told(request, done)
    if typed.status is None or typed.status not in SAYABLE:
        raise InvalidError("status", f"must be one of {', '.join(sorted(SAYABLE))}")
    async with parts.transaction() as conn, told_if_stale():
        done = await move(
            conn, caller.organisation_id, _versions(typed), typed.status, actor=caller.user_id,
            reason=typed.reason, now=parts.clock(), claim_number=typed.claim_number,
        )  # fmt: skip
    return _told(request, done)


async def list_events(request: web.Request) -> web.Response:
    """Everything that ever became of a line, as it happened."""
    parts, caller, line_id = request.app[PARTS], request[CALLER], id_in_path(request)
    async with parts.connection() as conn:
        whose = await patient_of_line(conn, caller.organisation_id, line_id)
        found = await events_of(conn, caller.organisation_id, line_id)
    seen(request, whose)
    return reply(EventList(items=found))


async def _reasoned(request: web.Request, *, release_them: bool) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, ReasonedLines, bytes_max=BODY_MOST)
    act = release if release_them else hold
    async with parts.transaction() as conn, told_if_stale():
        done = await act(
            conn, caller.organisation_id, _versions(typed), reason=typed.reason,
            actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    if typed.reason:
        because(request, typed.reason)
    return _told(request, done)


def _versions(typed: LinesBody) -> dict[UUID, int | None]:
    return {each.id: each.version for each in typed.lines}


def _told(request: web.Request, done: list[Moved]) -> web.Response:
    seen(request, *(each.patient_id for each in done))
    return reply(MovedAnswer(items=done))
