"""One line: what became of it, and what may be done with it now."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from aiohttp import web
from asyncpg import Record
from msgspec import Struct

from billing.code_labels import label_of
from billing.months.approving import approve, approve_too, approvers_of
from billing.months.details import said_of
from billing.months.history import events_of
from billing.months.holding import hold, release
from billing.months.reading import head_of, patient_of
from billing.months.records import MonthHead, Status
from billing.months.states import BY_PAYER, NEXT, UNDECIDED
from billing.months.statuses import move, number
from billing.parties.practice import practice_of
from care.errors import InvalidError, NotFoundError
from console.access import require
from console.billing import words
from console.billing.acting import version_in
from console.billing.claim_words import as_read
from console.billing.faults import REFUSALS, said, status_of
from console.billing.tabs import tabs
from console.billing_access import APPROVERS, RUNNERS
from console.chart.banner import banner_of
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import because, seen
from console.web.forms import form_of
from console.web.page import render, see_other
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "billing.sql")
ANSWERS: Final = (Status.ACCEPTED, Status.PAID, Status.DENIED, Status.VOID)
ONLY_NUMBER: Final = "number"
"""Nothing is answered: the payer's number is entered, which a correction needs."""


async def page(request: web.Request) -> web.Response:
    return await _page(request, {}, {})


async def act(request: web.Request) -> web.Response:
    """approve, approve-too, hold, release, or answer: what the payer has said."""
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    line, doing = id_in_path(request), request.match_info["doing"]
    told = _TOLD.get(doing)
    if told is None:
        raise NotFound
    require(caller, APPROVERS if doing in {"approve", "approve-too"} else RUNNERS)
    whose, who, now = caller.organisation_id, caller.user_id, parts.clock()
    try:
        async with parts.transaction() as conn:
            row = await conn.fetchrow(QUERIES["line"], whose, line)
            if row is None:
                raise NotFound
            seen(request, row["patient_id"])
            these, reason = version_in(form.text("version"), line), form.text("reason")
            because(request, reason)
            if doing == "approve":
                await approve(conn, whose, these, actor=who, now=now)
            elif doing == "approve-too":
                await approve_too(conn, whose, these, actor=who, now=now)
            elif doing == "hold":
                await hold(conn, whose, these, reason=reason, actor=who, now=now)
            elif doing == "release":
                await release(conn, whose, these, reason=reason, actor=who, now=now)
            elif form.text("to") == ONLY_NUMBER:
                await number(conn, whose, these, form.text("claim_number"), actor=who, now=now)
            else:
                await move(
                    conn, whose, these, _answer_in(form.text("to")), actor=who, reason=reason,
                    now=now, claim_number=form.given("claim_number"),
                )  # fmt: skip
    except REFUSALS as error:
        return await _page(request, dict(form), _at(doing, said(error)), status=status_of(error))
    return see_other(f"/billing/lines/{line}", told=told)


_TOLD: Final = {
    "approve": "The line is approved.",
    "approve-too": "You have approved the line too: either of you may send it.",
    "hold": "The line is held. The reason is kept.",
    "release": "The line is released.",
    "answer": "What the payer said is kept.",
}


def _answer_in(text: str) -> Status:
    found = next((each for each in ANSWERS if each == text), None)
    if found is None:
        raise InvalidError("to", "choose what the payer has said")
    return found


def _at(doing: str, faults: dict[str, str]) -> dict[str, str]:
    """Two forms on the page have a reason: the fault stands at the one that was sent."""
    return {f"{doing}-{name}" if name == "reason" else name: each for name, each in faults.items()}


def answers_of(status: Status, *, exported: bool = True) -> list[tuple[str, str]]:
    """What may be said of a line that has left the house."""
    sent = status in BY_PAYER | {Status.EXPORTED, Status.CORRECTED}
    # What was corrected and waits to go again, or is held: the payer answers all the same.
    stays = exported and status in UNDECIDED | {Status.HELD}
    sent = sent or stays or (exported and status is Status.APPROVED)
    said: list[tuple[str, str]] = [
        (str(each), words.STATUS_WORDS[each])
        for each in ANSWERS
        if sent and (each in NEXT[status] or (stays and each in BY_PAYER))
    ]
    return [*said, (ONLY_NUMBER, "Only the payer's number")] if exported else said


class Said(Struct, frozen=True, kw_only=True):
    """What its claim says, and since which lock."""

    details: dict[str, str]
    head: MonthHead


async def _claim(
    conn: Connection, organisation_id: UUID, line: Record, *, now: dt.datetime
) -> Said | None:
    """None: what is worked out by now has no such line."""
    month, patient_id = line["month"], line["patient_id"]
    try:
        patient = await patient_of(conn, organisation_id, month, patient_id, now=now)
    except NotFoundError:
        return None
    found = next((each for each in patient.lines if each.line_id == line["id"]), None)
    if found is None:
        return None
    head = patient.sealed or await head_of(conn, organisation_id, month, now=now)
    said_now = said_of(patient, found, head.practice)
    details = {label: as_read(label, text) for label, text in said_now.items()}
    return Said(details=details, head=head)


async def _page(
    request: web.Request, typed: Mapping[str, str], faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    line_id, now = id_in_path(request), parts.clock()
    async with parts.transaction() as conn:
        line = await conn.fetchrow(QUERIES["line"], caller.organisation_id, line_id)
        if line is None:
            raise NotFound
        banner = await banner_of(conn, caller.organisation_id, line["patient_id"], now=now)
        events = await events_of(conn, caller.organisation_id, line_id)
        by = (await approvers_of(conn, caller.organisation_id, [line_id])).get(line_id, {})
        practice = await practice_of(conn, caller.organisation_id)
        claim = await _claim(conn, caller.organisation_id, line, now=now)
    seen(request, line["patient_id"])
    elsewhere = {key: words_ for key, words_ in faults.items() if key not in FIELDS}
    context: dict[str, Any] = {
        "banner": banner,
        "line": line,
        "label": label_of(line["code"]),
        "events": list(reversed(events)),
        "claim": claim,
        "typed": typed,
        "faults": faults,
        "refused": " ".join(elsewhere.values()),
        "runs": caller.role in RUNNERS,
        "may_approve": caller.role in APPROVERS,
        "approved_by": list(by.values()) if line["status"] == Status.APPROVED else [],
        "approved_too": caller.user_id in by,
        "second_person": practice.second_person,
        "answers": answers_of(Status(line["status"]), exported=line["exported"]),
        "words": words,
        **tabs(caller, "/billing"),
    }
    return render(request, "billing/line.html", context, status=status)


FIELDS: Final = frozenset({"hold-reason", "release-reason", "answer-reason", "to", "claim_number"})
