"""The audit log for auditors and administrators: who saw and changed what, a line each."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web
from asyncpg import Record

from console.access import ADMIN, AUDITOR
from console.audit_csv import table
from console.audit_read import KINDS, QUERIES, Filter, account, known, read, what, who, whom
from console.audit_watch import WATCH
from console.parts import CALLER, PARTS
from console.replies import id_or_none
from console.routing import Door, Route
from console.web.forms import form_of
from console.web.page import render, see_other
from store.pool import Connection

HERE: Final = "/audit"
PER_PAGE: Final = 100
EXPORTED_MOST: Final = 50_000
KIND_WORDS: Final = (
    ("", "Everything"),
    ("reads", "What was looked at"),
    ("opened", "What was opened: charts, readings, alerts"),
    ("listed", "Lists that somebody was in"),
    ("changes", "What was changed"),
    ("refused", "What was refused"),
    ("sign-ins", "Sign-ins"),
    ("commands", "Commands at the server"),
)
ABOUT_KINDS: Final = (
    ("", "Everything"),
    ("opened", "Opened"),
    ("listed", "Appeared in a list"),
    ("changes", "Changed"),
)
FILTERS: Final = ("from", "to", "actor", "patient", "kind")


async def show(request: web.Request) -> web.Response:
    """Filters stand in the address, so that what was found can be found again."""
    return await _page(request)


async def find(request: web.Request) -> web.Response:
    """A patient by number: it does not go into the address, their id does."""
    form, caller = await form_of(request), request[CALLER]
    kept = _readable(form)
    if (mrn := form.given("mrn")) is not None:
        async with request.app[PARTS].connection() as conn:
            found = await conn.fetchval(QUERIES["patient_numbered"], caller.organisation_id, mrn)
        if found is None:
            return await _page(request, mrn=mrn, typed=kept, status=422)
        kept["patient"] = str(found)
    return see_other(f"{HERE}?{urlencode(kept)}" if kept else HERE)


async def export(request: web.Request) -> web.Response:
    """What the filters find, as CSV; the latest 50,000 rows of it."""
    caller, zone = request[CALLER], request[CALLER].clinic.zone
    wanted = _filter(request.query, zone)
    async with request.app[PARTS].connection() as conn:
        rows = await read(conn, caller.organisation_id, wanted, before=None, limit=EXPORTED_MOST)
        names = await known(conn, caller.organisation_id, rows)
    day = request.app[PARTS].clock().astimezone(zone).date().isoformat()
    return web.Response(
        # Seconds of work for 50,000 rows: nobody else of the clinic has to wait for it.
        text=await asyncio.to_thread(table, rows, names),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{day}.csv"'},
    )


async def verify_now(request: web.Request) -> web.Response:
    """Walk the clinic's chain to its end, while somebody waits."""
    async with request.app[PARTS].connection() as conn:
        await request.app[WATCH].look_at(conn, request[CALLER].organisation_id)
    return see_other(HERE)


async def _page(
    request: web.Request,
    *,
    mrn: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> web.Response:
    caller = request[CALLER]
    asked = request.query if typed is None else typed
    wanted = _filter(asked, caller.clinic.zone)
    async with request.app[PARTS].connection() as conn:
        rows = await read(
            conn,
            caller.organisation_id,
            wanted,
            before=_before(asked),
            limit=PER_PAGE + 1,
        )
        names = await known(conn, caller.organisation_id, rows)
        people = await conn.fetch(QUERIES["people"], caller.organisation_id)
        about = await _about(conn, caller.organisation_id, wanted.patient)
        size = await conn.fetchval(QUERIES["head"], caller.organisation_id)
    shown = rows[:PER_PAGE]
    kept = {name: asked[name] for name in FILTERS if asked.get(name)}
    context = {
        "lines": [(row, who(row), account(row), what(row), whom(row, names)) for row in shown],
        "people": [("", "Anybody"), *((each["id"], _person(each)) for each in people)],
        "kinds": KIND_WORDS,
        "asked": {name: asked.get(name, "") for name in FILTERS},
        "about": about,
        "about_kinds": _about_kinds(kept) if about else [],
        "mrn": mrn,
        "not_found": bool(mrn),
        "size": size,
        "walked": request.app[WATCH].walked.get(caller.organisation_id),
        "export": f"{HERE}.csv?{urlencode(kept)}" if kept else f"{HERE}.csv",
        "older": _older(kept, shown[-1].position) if len(rows) > PER_PAGE else None,
    }  # fmt: skip
    return render(request, "desk/audit.html", context, status=status)


def _person(row: Record) -> str:
    """For the list to choose from: two people can have chosen the same name."""
    named = row["name"] if row["name"] == row["username"] else f"{row['name']}, {row['username']}"
    return f"{named} ({row['role']})"


def _about_kinds(kept: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Who saw one patient, apart: the queue is read all day, a chart is opened on purpose."""
    rest = {name: value for name, value in kept.items() if name != "kind"}
    chosen = kept.get("kind", "")
    return [
        (f"{HERE}?{urlencode({**rest, 'kind': kind} if kind else rest)}", words, kind == chosen)
        for kind, words in ABOUT_KINDS
    ]


async def _about(conn: Connection, organisation_id: UUID, patient: UUID | None) -> str | None:
    """The patient that is filtered by, in words."""
    if patient is None:
        return None
    row = await conn.fetchrow(QUERIES["patients"], organisation_id, [patient])
    if row is None:
        return "a patient who is not in this clinic"
    return f"{row['family_name']}, {row['given_name']} (MRN {row['mrn']})"


def _readable(form: Mapping[str, str]) -> dict[str, str]:
    """What says something: a name that was typed where a day belongs stays out of the address."""
    good = {
        "from": _day(form.get("from")) is not None,
        "to": _day(form.get("to")) is not None,
        "actor": id_or_none(form.get("actor")) is not None,
        "kind": form.get("kind") in KINDS,
    }
    return {name: form[name] for name, is_good in good.items() if is_good}


def _filter(asked: Mapping[str, str], zone: ZoneInfo) -> Filter:
    """What cannot be read filters nothing: an address may have been cut when it was copied."""
    until = _day(asked.get("to"))
    kind = asked.get("kind")
    return Filter(
        since=_midnight(_day(asked.get("from")), zone),
        until=_midnight(until + dt.timedelta(days=1) if until else None, zone),
        actor=id_or_none(asked.get("actor")),
        patient=id_or_none(asked.get("patient")),
        kind=kind if kind in KINDS else None,
    )


def _day(typed: str | None) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(typed or "")
    except ValueError:
        return None
    return found if dt.date(1900, 1, 1) < found < dt.date(9000, 1, 1) else None


def _midnight(day: dt.date | None, zone: ZoneInfo) -> dt.datetime | None:
    return None if day is None else dt.datetime.combine(day, dt.time(), zone)


def _before(asked: Mapping[str, str]) -> int | None:
    typed = asked.get("before", "")
    short = typed.isascii() and typed.isdecimal() and len(typed) < 19  # noqa: PLR2004 (a bigint)
    return int(typed) if short else None


def _older(kept: Mapping[str, Any], position: int) -> str:
    return f"{HERE}?{urlencode({**kept, 'before': position})}"


AUDITORS: Final = frozenset({ADMIN, AUDITOR})

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=HERE, handler=show, about="The audit log.", door=Door.PAGE,
          roles=AUDITORS),
    Route(method="POST", path=f"{HERE}/find", handler=find, about="The audit log of a patient.",
          door=Door.PAGE, roles=AUDITORS),
    Route(method="GET", path=f"{HERE}.csv", handler=export, about="Export the audit log.",
          door=Door.PAGE, roles=AUDITORS),
    Route(method="POST", path=f"{HERE}/verify", handler=verify_now, by_itself=True,
          about="Check that the audit log is as it was written.", door=Door.PAGE,
          roles=AUDITORS),
)  # fmt: skip
