"""The time log over the API: entries listed, written by hand, corrected."""

import datetime as dt
from typing import Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.corrections import Change, correct
from billing.entries import Entry, Work
from billing.time_log import Asked, add_entry, list_entries
from billing.words import Activity, Mode, Service, Source, WithWhom
from care.errors import InvalidError
from console.access import ADMIN
from console.bodies import read
from console.errors import BadRequest
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_in_query, instant_in_query, reply
from console.seen import seen
from vitals.reading import AwareTime

MINUTES_MOST: Final = 24 * 60
MINUTE: Final = dt.timedelta(minutes=1)


class EntryAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    patient: UUID
    staff: UUID
    staff_name: str
    credential: str
    role: str
    """As then."""
    service: Service
    programme: str | None
    """The patient's then."""
    activity: Activity
    mode: Mode
    with_whom: WithWhom | None
    interactive: bool
    """Live, with the patient or who cares for them at home."""
    note: str
    started_at: dt.datetime
    ended_at: dt.datetime
    seconds: int
    """That count: pauses lie between start and end. Exact, never rounded."""
    source: Source
    alert: UUID | None
    recorded_at: dt.datetime
    recorded_by: UUID
    late: bool
    """Written more than 72 hours after its end."""
    corrects: UUID | None
    """In whose place it stands."""
    corrected_by: UUID | None
    """Which stands in its place: then it does not count."""
    reason: str
    withdrawn: bool


class EntryPage(Struct, frozen=True, kw_only=True):
    items: list[EntryAnswer]
    next: str | None


class WorkBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    activity: Activity = Activity.REVIEW
    mode: Mode = Mode.NONE
    with_whom: WithWhom | None = None
    note: str = ""
    service: Service = Service.RPM


class NewEntry(WorkBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    patient: UUID
    activity: Activity
    started_at: AwareTime
    ended_at: AwareTime | None = None
    minutes: int | None = None
    """Instead of `ended_at`."""
    reason: str = ""
    """For an entry of 8 hours or more, and for a late one."""
    late_for_locked_month: bool = False
    """It may lie in a month that is locked for billing: it becomes an adjustment, with a reason."""


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is not said stays as it is."""

    reason: str
    activity: Activity | None = None
    mode: Mode | None = None
    with_whom: WithWhom | None = None
    note: str | None = None
    service: Service | None = None
    started_at: AwareTime | None = None
    ended_at: AwareTime | None = None
    minutes: int | None = None
    """Instead of `ended_at`."""
    withdraw: bool = False
    """It never was: it counts for nothing from now on, and stays to be seen."""


async def list_all(request: web.Request) -> web.Response:
    """The latest first. Without `replaced` only those that count."""
    parts, caller = request.app[PARTS], request[CALLER]
    limit = limit_of(request.query.get("limit"))
    place: tuple[dt.datetime | None, UUID | None] = (None, None)
    if (cursor := request.query.get("cursor")) is not None:
        place = decode_cursor(cursor, tuple[dt.datetime, UUID])
    asked = Asked(
        patient=id_in_query(request, "patient"),
        staff=id_in_query(request, "staff"),
        since=instant_in_query(request, "from"),
        until=instant_in_query(request, "to"),
        replaced=_truth(request, "replaced"),
    )
    async with parts.connection() as conn:
        found = await list_entries(conn, caller.organisation_id, asked, after=place, most=limit + 1)
    seen(request, *(each.patient_id for each in found[:limit]))
    after = None
    if len(found) > limit:
        after = encode_cursor(found[limit - 1].started_at, found[limit - 1].id)
    return reply(EntryPage(items=[answer_of(each) for each in found[:limit]], next=after))


async def add(request: web.Request) -> web.Response:
    """One's own work, after it was done. Overlaps are taken, and shown."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, NewEntry)
    ends = end_of(typed.started_at, typed.ended_at, typed.minutes)
    async with parts.transaction() as conn:
        made = await add_entry(
            conn,
            caller.organisation_id,
            typed.patient,
            actor=caller.user_id,
            work=_work(typed),
            spans=((typed.started_at, ends),),
            reason=typed.reason,
            late_for_locked_month=typed.late_for_locked_month,
            now=parts.clock(),
        )
    seen(request, made.patient_id)
    return reply(answer_of(made), status=201)


async def correct_one(request: web.Request) -> web.Response:
    """Another row in place of this one, which stays."""
    parts, caller, entry_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, Correction)
    if typed.ended_at is not None and typed.minutes is not None:
        raise BadRequest("either `ended_at` or `minutes`", pointer="/minutes")
    async with parts.transaction() as conn:
        made = await correct(
            conn,
            caller.organisation_id,
            entry_id,
            Change(
                activity=typed.activity,
                mode=typed.mode,
                with_whom=typed.with_whom,
                note=typed.note,
                service=typed.service,
                started_at=typed.started_at,
                ended_at=typed.ended_at,
                minutes=typed.minutes,
                withdraw=typed.withdraw,
            ),
            reason=typed.reason,
            actor=caller.user_id,
            of_anybody=caller.role == ADMIN,
            now=parts.clock(),
        )
    seen(request, made.patient_id)
    return reply(answer_of(made), status=201)


def answer_of(entry: Entry) -> EntryAnswer:
    return EntryAnswer(
        id=entry.id,
        patient=entry.patient_id,
        staff=entry.user_id,
        staff_name=entry.staff_name,
        credential=entry.credential,
        role=entry.role,
        service=Service(entry.service),
        programme=entry.programme,
        activity=Activity(entry.activity),
        mode=Mode(entry.mode),
        with_whom=None if entry.with_whom is None else WithWhom(entry.with_whom),
        interactive=entry.interactive,
        note=entry.note,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        seconds=entry.seconds,
        source=entry.source,
        alert=entry.alert_id,
        recorded_at=entry.recorded_at,
        recorded_by=entry.recorded_by,
        late=entry.late,
        corrects=entry.corrects,
        corrected_by=entry.corrected_by,
        reason=entry.reason,
        withdrawn=entry.withdrawn,
    )


def end_of(
    started_at: dt.datetime, ended_at: dt.datetime | None, minutes: int | None
) -> dt.datetime:
    """Said as an instant, or as a length. Raises BadRequest, InvalidError."""
    if (ended_at is None) == (minutes is None):
        raise BadRequest("either `ended_at` or `minutes`", pointer="/ended_at")
    if ended_at is not None:
        return ended_at
    assert minutes is not None  # noqa: S101 - one of the two is there
    if not 1 <= minutes <= MINUTES_MOST:
        raise InvalidError("minutes", f"must be from 1 to {MINUTES_MOST}")
    try:
        return started_at + minutes * MINUTE
    except OverflowError:
        raise InvalidError("started_at", "lies in the future") from None


def _work(typed: WorkBody) -> Work:
    return Work(
        activity=typed.activity,
        mode=typed.mode,
        with_whom=typed.with_whom,
        note=typed.note,
        service=typed.service,
    )


def _truth(request: web.Request, name: str) -> bool:
    text = request.query.get(name, "false")
    if text not in {"true", "false"}:
        raise BadRequest("true or false", pointer=f"/{name}")
    return text == "true"
