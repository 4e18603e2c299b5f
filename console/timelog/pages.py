"""The time log as a page and as a file: one's own, or everybody's for who answers for it."""

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from billing.entries import Entry
from billing.overlaps import Overlap, overlaps
from billing.time_log import list_beside, list_entries, staff_of_log
from billing.timers import open_timers
from console.access import CARERS, Caller
from console.parts import CALLER, PARTS
from console.seen import seen
from console.timelog import csv_file
from console.timelog.filters import EVERYBODY, SHOWS, Filter, filter_of
from console.timelog.forms import choices
from console.timelog.listing import PER_PAGE, by_patient, chosen, days_of, totals_of
from console.timelog.unlogged import unlogged_of
from console.web.page import render
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "time.sql")

ROWS_MOST: Final = 5_000
PATIENTS_MOST: Final = 200
"""In the sums; the file has all."""
FILE_ROWS_MOST: Final = 200_000


async def log(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    now, zone = parts.clock(), caller.clinic.zone
    wanted = filter_of(request.query, caller, today=now.astimezone(zone).date())
    async with parts.connection() as conn:
        found, clashing = await read_rows(conn, caller, wanted, zone, most=ROWS_MOST + 1)
        more = len(found) > ROWS_MOST
        rows = chosen(found[:ROWS_MOST], wanted.show, clashing)
        staff = await staff_of_log(conn, caller.organisation_id)
        waiting = await _waiting(conn, caller, now=now)
        patient = await _patient(conn, caller, wanted)
    first = (wanted.page - 1) * PER_PAGE
    shown = rows[first : first + PER_PAGE]
    sums = by_patient(rows)[:PATIENTS_MOST]
    seen(request, *(each.patient_id for each in shown), *(each.id for each in sums))
    seen(request, *(each.patient for each in waiting))
    return render(
        request,
        "timelog/time.html",
        {
            "wanted": wanted,
            "days": days_of(shown, clashing, zone),
            "totals": totals_of(rows, clashing),
            "sums": sums,
            "count": len(rows),
            "first": first,
            "pages": -(-len(rows) // PER_PAGE),
            "more": more,
            "staff": [(EVERYBODY, "Everybody"), *((str(key), name) for key, name in staff)],
            "shows": list(SHOWS.items()),
            "patient": patient,
            "waiting": waiting,
            "writes": caller.role in CARERS,
            **choices(),
        },
    )


async def as_file(request: web.Request) -> web.Response:
    """What the page shows, all of it, for a spreadsheet."""
    parts, caller = request.app[PARTS], request[CALLER]
    now, zone = parts.clock(), caller.clinic.zone
    wanted = filter_of(request.query, caller, today=now.astimezone(zone).date())
    async with parts.connection() as conn:
        found, clashing = await read_rows(conn, caller, wanted, zone, most=FILE_ROWS_MOST)
    rows = chosen(found, wanted.show, clashing)
    seen(request, *(each.patient_id for each in rows))
    name = f"time-log-{wanted.first}-{wanted.last}.csv"
    return web.Response(
        body=csv_file.written(rows, clashing, zone),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def read_rows(
    conn: Connection, caller: Caller, wanted: Filter, zone: ZoneInfo, *, most: int
) -> tuple[list[Entry], dict[Any, tuple[Overlap, ...]]]:
    """Entries, and what overlaps with them, whoever wrote that."""
    whose = caller.organisation_id
    found = await list_entries(conn, whose, wanted.asked(zone), most=most)
    beside = await list_beside(conn, whose, found)
    known = {each.id for each in found}
    return found, overlaps([*found, *(each for each in beside if each.id not in known)])


async def _waiting(conn: Connection, caller: Caller, *, now: dt.datetime) -> list[Any]:
    """The caller's timers that are not logged."""
    if caller.role not in CARERS:
        return []
    found = await open_timers(conn, caller.organisation_id, caller.user_id)
    return await unlogged_of(conn, caller.organisation_id, found, now=now)


async def _patient(conn: Connection, caller: Caller, wanted: Filter) -> str | None:
    """The name of the only patient, where one is asked for."""
    if wanted.patient is None:
        return None
    rows = await conn.fetch(QUERIES["names"], caller.organisation_id, [wanted.patient])
    return next((f"{row['family_name']}, {row['given_name']}" for row in rows), "nobody here")
