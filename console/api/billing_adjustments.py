"""Adjustments after a lock, and the list of those whom a day or a few minutes would bring there."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, TypeAlias
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.forecast.outlook import Forecast
from billing.months.adjustment_list import Place as Listed
from billing.months.adjustment_list import adjustments_of, find_adjustment
from billing.months.adjustment_list import place_of as listed_at
from billing.months.keeping import up_to_date
from billing.months.outlooks import PatientForecast, forecasts_of
from billing.months.settling import decide, decide_alike
from billing.months.views import Adjustment
from console.bodies import read
from console.errors import BadRequest
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from console.seen import because, seen

BODY_MOST: Final = 1024 * 1024
Place: TypeAlias = tuple[dt.date, str, str, UUID]


class AdjustmentList(Struct, frozen=True, kw_only=True):
    items: list[Adjustment]


class AdjustmentPage(AdjustmentList, frozen=True, kw_only=True):
    next: str | None


class DecisionBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str = ""
    """Needed to dismiss one."""


class DecisionsBody(DecisionBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    adjustments: list[UUID]
    """Of direction details, of one month, with the same `alike`."""


class WorkItem(Struct, frozen=True, kw_only=True):
    patient: UUID
    mrn: str
    family_name: str
    given_name: str
    phone: str | None
    zone: str
    payer: str
    short_of: list["ShortOf"]
    """What is nearly reached, the one that has to be begun first at the top."""


class ShortOf(Struct, frozen=True, kw_only=True):
    code: str
    """Of the line that it would be; `live_contact` and `reading_in_month` are no codes."""
    program: str
    scope: str
    unit: str
    have: int
    need: int
    missing: int
    by: dt.date | None
    """The last day on which it can still be begun in time."""
    words: str


class WorkList(Struct, frozen=True, kw_only=True):
    items: list[WorkItem]
    next: str | None


async def list_adjustments(request: web.Request) -> web.Response:
    """Those that wait first. What has happened since the lock is looked for before."""
    parts, caller, name = request.app[PARTS], request[CALLER], request.match_info["month"]
    limit, after = limit_of(request.query.get("limit")), after_in(request.query.get("cursor"))
    async with parts.connection() as conn:
        await up_to_date(conn, caller.organisation_id, name, now=parts.clock())
        found = await adjustments_of(
            conn, caller.organisation_id, name, after=after, limit=limit + 1
        )
    items = found[:limit]
    seen(request, *(each.patient_id for each in items))
    return reply(AdjustmentPage(items=items, next=more_of(found, limit)))


def after_in(cursor: str | None) -> Listed | None:
    """Raises BadRequest."""
    found: Listed | None = None if cursor is None else decode_cursor(cursor, Listed)
    return found


def more_of(found: Sequence[Adjustment], limit: int) -> str | None:
    """Of one more than are shown: where the next page begins."""
    return encode_cursor(*listed_at(found[limit - 1])) if len(found) > limit else None


async def approve_adjustment(request: web.Request) -> web.Response:
    """Lines become what is worked out now; the month is frozen anew, beside what it was."""
    return await _decide(request, approve=True)


async def dismiss_adjustment(request: web.Request) -> web.Response:
    """What was locked stays as it is, for a reason."""
    return await _decide(request, approve=False)


async def approve_alike(request: web.Request) -> web.Response:
    """One new version of the month for all of them."""
    return await _decide_alike(request, approve=True)


async def dismiss_alike(request: web.Request) -> web.Response:
    return await _decide_alike(request, approve=False)


async def work_list(request: web.Request) -> web.Response:
    """Whom one to three days, or a few minutes, would bring to a code, the nearest end first;
    `all=true`: everybody.
    """
    parts, caller = request.app[PARTS], request[CALLER]
    everybody = request.query.get("all", "false")
    if everybody not in {"true", "false"}:
        raise BadRequest("true or false", pointer="/all")
    limit = limit_of(request.query.get("limit"))
    after: Place | None = None
    if (cursor := request.query.get("cursor")) is not None:
        after = decode_cursor(cursor, Place)
    async with parts.connection() as conn:
        found = await forecasts_of(conn, caller.organisation_id, now=parts.clock())
    items = [work_item(each) for each in found]
    if everybody == "false":
        items = [each for each in items if each.short_of]
    left = sorted((each for each in items if after is None or place_of(each) > after), key=place_of)
    page = left[:limit]
    seen(request, *(each.patient for each in page))
    more = encode_cursor(*place_of(page[-1])) if len(left) > limit else None
    return reply(WorkList(items=page, next=more))


def place_of(item: WorkItem) -> Place:
    """In the list: what has to be begun first, then by name."""
    by = item.short_of[0].by if item.short_of else None
    return by or dt.date.max, item.family_name, item.given_name, item.patient


def work_item(found: PatientForecast) -> WorkItem:
    return WorkItem(
        patient=found.patient_id,
        mrn=found.mrn,
        family_name=found.family_name,
        given_name=found.given_name,
        phone=found.phone,
        zone=found.zone,
        payer=found.payer,
        short_of=_short_of(found.forecast),
    )


def _short_of(forecast: Forecast) -> list[ShortOf]:
    return [
        ShortOf(
            code=goal.code,
            program=outlook.program,
            scope=outlook.scope,
            unit=goal.unit,
            have=goal.have,
            need=goal.need,
            missing=goal.short_by,
            by=goal.latest,
            words=goal.words,
        )
        for outlook, goal in forecast.nearly
    ]


async def _decide_alike(request: web.Request, *, approve: bool) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, DecisionsBody, bytes_max=BODY_MOST)
    if typed.reason:
        because(request, typed.reason)
    async with parts.transaction() as conn:
        done = await decide_alike(
            conn, caller.organisation_id, typed.adjustments, approve=approve, reason=typed.reason,
            actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    seen(request, *(each.patient_id for each in done))
    return reply(AdjustmentList(items=done))


async def _decide(request: web.Request, *, approve: bool) -> web.Response:
    parts, caller, adjustment_id = request.app[PARTS], request[CALLER], id_in_path(request)
    async with parts.connection() as conn:
        found = await find_adjustment(conn, caller.organisation_id, adjustment_id)
    seen(request, found.patient_id)
    typed = await read(request, DecisionBody)
    if typed.reason:
        because(request, typed.reason)
    async with parts.transaction() as conn:
        done = await decide(
            conn, caller.organisation_id, adjustment_id, approve=approve, reason=typed.reason,
            actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    return reply(done)
