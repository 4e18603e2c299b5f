"""A patient's timeline: readings by the day, alerts, calls and notes, plans, devices, time."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from aiohttp import web
from msgspec import Struct

from console.api.patient_in_path import patient_in_path
from console.api.timeline_words import (
    alert_event_words,
    alert_reason_words,
    change_words,
    device_words,
    note_words,
    readings_words,
    time_words,
)
from console.errors import BadRequest
from console.paging import decode_cursor, encode_cursor, limit_of
from console.parts import CALLER, PARTS
from console.replies import reply
from console.web.formats import Units, units_from
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "timeline.sql")
CHART: Final = load("console", "chart.sql")
KINDS: Final = ("readings", "alerts", "notes", "changes", "devices", "time")


class TimelineItem(Struct, frozen=True, kw_only=True):
    at: dt.datetime
    kind: str
    """One of `readings`, `alerts`, `notes`, `changes`, `devices`, `time`."""
    key: str
    """Names it among its kind."""
    title: str
    """In words; numbers in the patient's units."""
    text: str = ""
    """What a person wrote about it."""
    who: str | None = None
    """null: Hearthbeat itself."""
    severity: str | None = None
    """Of an alert."""
    lane: str | None = None
    alert: UUID | None = None
    device: UUID | None = None
    day: dt.date | None = None
    """Of readings: where the patient lives."""
    measured: str | None = None
    """Of readings: the kind of measurement."""
    recorded_at: dt.datetime | None = None
    """Of a note: when it was written down."""
    corrects: UUID | None = None
    corrected_by: UUID | None = None
    """Another note stands in its place."""


class TimelinePage(Struct, frozen=True, kw_only=True):
    items: list[TimelineItem]
    """The latest first."""
    next: str | None


async def get_timeline(request: web.Request) -> web.Response:
    caller = request[CALLER]
    limit = limit_of(request.query.get("limit"))
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        units = await units_of(conn, caller.organisation_id, patient_id)
        page = await timeline_of(
            conn, caller.organisation_id, patient_id, kinds=kinds_in(request),
            cursor=request.query.get("cursor"), limit=limit, units=units,
        )  # fmt: skip
    return reply(page)


def kinds_in(request: web.Request) -> tuple[str, ...]:
    """`?kinds=alerts,notes`, or the parameter several times; everything by default."""
    given = [each for text in request.query.getall("kinds", []) for each in text.split(",") if each]
    for each in given:
        if each not in KINDS:
            raise BadRequest(f"one of {', '.join(KINDS)}", pointer="/kinds")
    return tuple(each for each in KINDS if each in given) or KINDS


async def units_of(conn: Connection, organisation_id: UUID, patient_id: UUID) -> Units:
    row = await conn.fetchrow(CHART["units"], organisation_id, patient_id)
    assert row is not None  # noqa: S101 - the path has just been looked up
    return units_from(dict(row))


async def timeline_of(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    kinds: Sequence[str],
    cursor: str | None,
    limit: int,
    units: Units,
) -> TimelinePage:
    """Of each kind a page is read, and of them all the latest are kept: nothing is skipped."""
    place: tuple[Any, Any, Any] = (None, None, None)
    if cursor is not None:
        place = decode_cursor(cursor, tuple[dt.datetime, str, str])
    found: list[TimelineItem] = []
    for kind in kinds:
        rows = await conn.fetch(QUERIES[kind], organisation_id, patient_id, *place, limit + 1)
        found += [ITEMS[kind](dict(row), units) for row in rows]
    found.sort(key=lambda item: (-item.at.timestamp(), item.kind, item.key))
    shown, more = found[:limit], len(found) > limit
    last = shown[-1] if more else None
    return TimelinePage(
        items=shown, next=encode_cursor(last.at, last.kind, last.key) if last else None
    )


def _readings(row: Mapping[str, Any], units: Units) -> TimelineItem:
    return TimelineItem(
        at=row["at"], kind="readings", key=row["key"], title=readings_words(row, units),
        day=row["local_day"], measured=row["kind"],
    )  # fmt: skip


def _alert(row: Mapping[str, Any], units: Units) -> TimelineItem:
    del units
    facts, event, reason = msgspec.json.decode(row["facts"]), row["event"], row["reason"]
    return TimelineItem(
        at=row["at"], kind="alerts", key=row["key"],
        title=f"{row['label']}. {alert_event_words(event, None, facts, reason=reason)}",
        text=alert_reason_words(event, reason), who=row["who"],
        severity=row["severity"], lane=row["lane"],
        alert=row["alert"],
    )  # fmt: skip


def _note(row: Mapping[str, Any], units: Units) -> TimelineItem:
    del units
    title = note_words(row["kind"], row["with_whom"], row["direction"], reached=row["reached"])
    return TimelineItem(
        at=row["at"], kind="notes", key=row["key"], title=title, text=row["text"], who=row["who"],
        recorded_at=row["recorded_at"], corrects=row["corrects"], corrected_by=row["corrected_by"],
    )  # fmt: skip


def _change(row: Mapping[str, Any], units: Units) -> TimelineItem:
    del units
    facts = msgspec.json.decode(row["facts"])
    return TimelineItem(
        at=row["at"], kind="changes", key=row["key"], title=change_words(row["what"], facts),
        text=row["reason"], who=row["who"],
    )  # fmt: skip


def _device(row: Mapping[str, Any], units: Units) -> TimelineItem:
    del units
    return TimelineItem(
        at=row["at"], kind="devices", key=row["key"], title=device_words(row), who=row["who"],
        device=row["device"],
    )  # fmt: skip


def _time(row: Mapping[str, Any], units: Units) -> TimelineItem:
    del units
    return TimelineItem(
        at=row["at"], kind="time", key=row["key"], title=time_words(row), text=row["note"],
        who=row["who"],
    )  # fmt: skip


ITEMS: Final[Mapping[str, Callable[[Mapping[str, Any], Units], TimelineItem]]] = {
    "readings": _readings,
    "alerts": _alert,
    "notes": _note,
    "changes": _change,
    "devices": _device,
    "time": _time,
}
