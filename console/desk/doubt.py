"""Readings in doubt: kept, counted for nobody, until somebody has looked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from aiohttp import web

from care.candidates import Candidate, candidates
from care.errors import CareError, InvalidError, NotFoundError
from care.reassignment import ABOUT_WHOM, in_doubt, is_nobodys, reassign
from console.api.held import marked, rechecked
from console.api.reading_answer import shown
from console.desk import words
from console.paging import decode_cursor, encode_cursor
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import seen
from console.web.formats import Units, counted
from console.web.forms import Form, form_of
from console.web.measured import measured
from console.web.page import render, see_other
from ingest import quarantine
from ingest.quarantine import Held, organisations_seen_by
from ingest.reasons import LATE
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "desk.sql")
PER_PAGE: Final = 25
SEEN_ONES: Final = "/desk?seen=yes"
NOBODY: Final = "nobody"
ANOTHER: Final = "another"
UNITS: Final = Units()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reading, as somebody sees it who has to say whose it is."""

    held: Held
    title: str
    advice: str
    words: str
    """What was measured."""
    flags: list[str]
    candidates: Sequence[Candidate]
    may_be_given: bool
    """False: its values or its hub are the matter, and no name makes that good."""


async def show(request: web.Request) -> web.Response:
    return await _page(request)


async def say(request: web.Request) -> web.Response:
    """Whose it is, with how one knows."""
    form, reading_id = await form_of(request), id_in_path(request)
    caller, parts = request[CALLER], request.app[PARTS]
    try:
        async with parts.connection() as conn:
            whose = await _whose(conn, caller.organisation_id, form)
            seen(request, whose)
            await reassign(
                conn,
                caller.organisation_id,
                reading_id,
                patient_id=whose,
                actor=caller.user_id,
                reason=form.text("reason"),
                now=parts.clock(),
                as_seen=is_nobodys if form.ticked("nobodys") else in_doubt,
            )
    except NotFoundError:
        raise
    except CareError as error:
        return await _page(request, form=form, refused=(reading_id, str(error)))
    told = "Nobody's: it stays out of every record." if whose is None else "The reading is theirs."
    return see_other("/desk", told=f"{told} Alerts and days follow by themselves.")


async def see(request: web.Request) -> web.Response:
    """Nothing more is to be done about a reading that no name makes good."""
    form = await form_of(request)
    return await _marked(request, form, seen=True, note=form.text("note"))


async def unsee(request: web.Request) -> web.Response:
    """It was too early: the reading is on the desk again."""
    return await _marked(request, await form_of(request), seen=False)


async def _marked(request: web.Request, form: Form, *, seen: bool, note: str = "") -> web.Response:
    try:
        changed = await marked(request, seen=seen, note=note)
    except NotFoundError:
        raise
    except CareError as error:
        return await _page(request, form=form, refused=(id_in_path(request), str(error)))
    if seen:
        told = "Seen. The reading is kept." if changed else "Somebody had seen it already."
        return see_other("/desk", told=told)
    return see_other(SEEN_ONES, told="It is on the desk again.")


async def look_again(request: web.Request) -> web.Response:
    """After devices were added or handed out: those that only lacked an owner find one."""
    found = (await rechecked(request)).get("assigned", 0)
    return see_other("/desk", told=f"{counted(found, 'reading')} found an owner.")


async def _page(
    request: web.Request, *, form: Form | None = None, refused: tuple[UUID, str] | None = None
) -> web.Response:
    caller, dealt_with = request[CALLER], request.query.get("seen") == "yes"
    async with request.app[PARTS].connection() as conn:
        those = await organisations_seen_by(conn, caller.organisation_id)
        found = await quarantine.held(
            conn, those, before=_place(request), limit=PER_PAGE + 1, seen=dealt_with
        )
        shown_ones = await _doubts(conn, caller.organisation_id, those, found[:PER_PAGE])
        waiting = await quarantine.waiting(conn, those)
    seen(request, *(each.patient for doubt in shown_ones for each in doubt.candidates))
    last = shown_ones[-1].held if len(found) > PER_PAGE else None
    return render(
        request,
        "desk/doubt.html",
        {
            "doubts": shown_ones,
            "waiting": waiting,
            "dealt_with": dealt_with,
            "filter": "&seen=yes" if dealt_with else "",
            "next": encode_cursor(last.received_at, last.id) if last else None,
            "may": caller.role != "auditor",
            "form": form or Form(),
            "units": UNITS,
            "refused": refused,
            "gone": refused is not None and refused[0] not in {each.held.id for each in shown_ones},
        },
        status=422 if refused else 200,
    )


async def _doubts(
    conn: Connection, organisation_id: UUID, those: Sequence[UUID], found: Sequence[Held]
) -> list[Doubt]:
    asked = [each.id for each in found if each.reason in ABOUT_WHOM]
    who = await candidates(conn, organisation_id, asked)
    rows = await conn.fetch(
        QUERIES["values"], those, [each.id for each in found], [each.measured_at for each in found]
    )
    answers = {row["id"]: shown(dict(row)) for row in rows}
    made = []
    for each in found:
        title, advice = words.held(each.reason)
        answer = answers[each.id]
        made.append(
            Doubt(
                held=each,
                title=title,
                advice=advice,
                words=measured(answer.kind, answer.values, answer.special, UNITS),
                flags=[flag.replace("_", " ") for flag in answer.flags if flag != LATE],
                candidates=who.get(each.id, []),
                may_be_given=each.reason in ABOUT_WHOM,
            )
        )
    return made


async def _whose(conn: Connection, organisation_id: UUID, form: Form) -> UUID | None:
    """As chosen: one of those offered, somebody by number, or nobody."""
    chosen = form.text("whose")
    if chosen == NOBODY:
        return None
    if chosen == ANOTHER:
        found: UUID | None = await conn.fetchval(
            QUERIES["patient_by_number"], organisation_id, form.text("mrn")
        )
        if found is None:
            raise InvalidError("mrn", "is no number of a patient here")
        return found
    try:
        return UUID(chosen)
    except ValueError:
        raise InvalidError("whose", "must be said: choose one of them") from None


def _place(request: web.Request) -> tuple[dt.datetime, UUID] | None:
    cursor = request.query.get("cursor")
    return None if cursor is None else decode_cursor(cursor, tuple[dt.datetime, UUID])
