"""Months over the API: how far they are, their lines, one patient's, and the lock."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.errors import StaleError
from billing.months.closing import close
from billing.months.keeping import up_to_date
from billing.months.reading import patient_of, sorts_by, stream
from billing.months.records import MonthHead, PatientMonth
from billing.months.review import months_of, review_of, row_of
from billing.months.standing import QUERIES as LINES
from billing.months.views import Cell, MonthRow, ReviewRow, Totals, Verdict
from console.bodies import read
from console.errors import BadRequest, Problem
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_in_query, reply
from console.seen import seen
from store.pool import Connection

CODE_MOST: Final = 16
IF_MATCH: Final = "If-Match"


class Stale(Problem):
    """What was looked at has changed since; nothing was done."""

    status = 412


class MonthList(Struct, frozen=True, kw_only=True):
    items: list[MonthRow]


class MonthAnswer(Struct, frozen=True, kw_only=True):
    head: MonthHead
    etag: str
    """Send it to lock what you have looked at."""
    state: str
    """running, open, or locked."""
    evaluated_at: dt.datetime
    patients_shown: int
    statuses: dict[str, int]
    totals: dict[str, Totals]
    open_adjustments: int


class LineItem(Struct, frozen=True, kw_only=True):
    """A line, or what gives none."""

    patient: UUID
    mrn: str
    family_name: str
    given_name: str
    payer: str
    cell: Cell


class LinePage(Struct, frozen=True, kw_only=True):
    items: list[LineItem]
    next: str | None


class CloseBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    etag: str = ""
    """Of the month as you looked at it; or as the header If-Match."""
    reason: str = ""
    """Why what nobody has decided about is held. Without it there may be nothing undecided."""


@asynccontextmanager
async def told_if_stale() -> AsyncIterator[None]:
    try:
        yield
    except StaleError as error:
        raise Stale(str(error)) from error


async def list_months(request: web.Request) -> web.Response:
    """The latest first; as they were worked out last."""
    parts, caller = request.app[PARTS], request[CALLER]
    async with parts.connection() as conn:
        found = await months_of(conn, caller.organisation_id, now=parts.clock())
    return reply(MonthList(items=found))


async def get_month(request: web.Request) -> web.Response:
    """Up to date: what has changed since it was looked at last is worked out first."""
    parts, caller, name = request.app[PARTS], request[CALLER], request.match_info["month"]
    async with parts.connection() as conn:
        found = await review_of(conn, caller.organisation_id, name, now=parts.clock())
    return reply(
        MonthAnswer(
            head=found.head,
            etag=found.etag,
            state=found.state,
            evaluated_at=found.evaluated_at,
            patients_shown=len(found.rows),
            statuses=found.statuses,
            totals=found.totals,
            open_adjustments=found.open_adjustments,
        )
    )


async def list_lines(request: web.Request) -> web.Response:
    """By patient; a page ends with a patient, so it may be a little longer than `limit`."""
    parts, caller, name = request.app[PARTS], request[CALLER], request.match_info["month"]
    limit = limit_of(request.query.get("limit"))
    after: str | None = None
    if (cursor := request.query.get("cursor")) is not None:
        (after,) = decode_cursor(cursor, tuple[str])
    wanted = _filter(request)
    patient = id_in_query(request, "patient")
    async with parts.connection() as conn:
        items, last = await _lines(
            conn, caller.organisation_id, name, wanted, limit=limit, after=after, patient=patient,
            now=parts.clock(),
        )  # fmt: skip
    seen(request, *(each.patient for each in items))
    return reply(LinePage(items=items, next=None if last is None else encode_cursor(last)))


async def get_patient(request: web.Request) -> web.Response:
    """Everything that the month's documents say of one patient."""
    parts, caller, patient_id = request.app[PARTS], request[CALLER], id_in_path(request)
    name = request.match_info["month"]
    async with parts.connection() as conn:
        found: PatientMonth = await patient_of(
            conn, caller.organisation_id, name, patient_id, now=parts.clock()
        )
    seen(request, found.who.patient_id)
    return reply(found)


async def lock(request: web.Request) -> web.Response:
    """Freezes what was looked at. Of two who try at once, the other gets 409."""
    parts, caller, name = request.app[PARTS], request[CALLER], request.match_info["month"]
    typed = await read(request, CloseBody)
    etag = typed.etag or request.headers.get(IF_MATCH, "").strip('"')
    async with parts.transaction() as conn, told_if_stale():
        head = await close(
            conn, caller.organisation_id, name, etag=etag, hold_rest=typed.reason,
            actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    return reply(head)


class _Filter(Struct, frozen=True, kw_only=True):
    verdict: Verdict | None = None
    code: str | None = None
    status: str | None = None

    def shows(self, cell: Cell) -> bool:
        return (
            (self.verdict is None or cell.verdict is self.verdict)
            and (self.code is None or cell.code == self.code)
            and (self.status is None or cell.status == self.status)
        )


async def _lines(
    conn: Connection,
    organisation_id: UUID,
    name: str,
    wanted: _Filter,
    *,
    limit: int,
    after: str | None,
    patient: UUID | None,
    now: dt.datetime,
) -> tuple[list[LineItem], str | None]:
    """And where the next page begins."""
    kept = await up_to_date(conn, organisation_id, name, now=now)
    rows = await conn.fetch(LINES["of_patients"], organisation_id, kept.id, None)
    known = {row["id"]: row for row in rows}
    items: list[LineItem] = []
    last: str | None = None
    async for each in stream(
        conn, organisation_id, kept, after=after, patient_id=patient, whole=False
    ):
        if len(items) >= limit:
            return items, last
        items += [item for item in _items(row_of(each, known)) if wanted.shows(item.cell)]
        last = sorts_by(each)
    return items, None


def _items(row: ReviewRow) -> list[LineItem]:
    return [
        LineItem(
            patient=row.patient_id,
            mrn=row.mrn,
            family_name=row.family_name,
            given_name=row.given_name,
            payer=row.payer,
            cell=cell,
        )
        for cell in row.cells
    ]


def _filter(request: web.Request) -> _Filter:
    verdict = request.query.get("verdict")
    if verdict is not None and verdict not in tuple(Verdict):
        raise BadRequest(f"one of {', '.join(Verdict)}", pointer="/verdict")
    code = request.query.get("code")
    if code is not None and not (code.isascii() and code.isalnum() and len(code) <= CODE_MOST):
        raise BadRequest("the number of a code", pointer="/code")
    status = request.query.get("status")
    return _Filter(verdict=None if verdict is None else Verdict(verdict), code=code, status=status)
