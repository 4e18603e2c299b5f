"""A month as files: asked for with a purpose, followed while it is written, handed out. And the
documents of one line and of one patient, for print.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from billing.exports import shown
from billing.exports.evidence_read import evidence_for, superbill_for
from billing.exports.ledger import Exported, Wanted, exports_of
from billing.exports.manifest import FileKind
from billing.exports.run import Done, own_in, own_lines
from billing.months.calendar import Month, month_named
from billing.months.reading import head_of
from care.errors import InvalidError
from console.api.billing_exports import made
from console.billing import words
from console.billing.faults import REFUSALS, said, sentence, status_of
from console.billing_access import RUNNERS
from console.errors import Problem
from console.parts import CALLER, PARTS
from console.purposes import purpose_noted
from console.replies import id_in_path
from console.seen import seen
from console.web.formats import counted
from console.web.forms import Form, form_of
from console.web.page import render, see_other

KINDS: Final = (
    (FileKind.CSV, "CSV: claim lines, time log, days of readings, what is not eligible"),
    (FileKind.XLSX, "Workbook (XLSX): the same, a sheet each"),
    (FileKind.X12, "837P: professional claims for a clearing house"),
)
OF_YOU: Final = re.compile(r"^you have approved (.*?) of it yourself")
"""As a refusal says it to whoever asked."""
KIND_WORDS: Final = {FileKind.CSV: "CSV", FileKind.XLSX: "XLSX", FileKind.X12: "837P"}


async def page(request: web.Request) -> web.Response:
    """With X-Fragment only the list, for a page that waits."""
    return await _page(request, {}, {})


async def send(request: web.Request) -> web.Response:
    form = await form_of(request)
    month = _month(request)
    try:
        done = await made(request, _wanted(request, form, month))
    except REFUSALS as error:
        return await _page(request, dict(form), said(error), status=status_of(error))
    except Problem as error:
        return await _page(request, dict(form), {"": sentence(error.detail)}, status=error.status)
    return see_other(f"/billing/{month.name}/exports", told=_told(done))


def held_in(made: Exported) -> str:
    """What is in it: rows of tables; claims, and what problems.csv tells of."""
    if made.manifest is None or made.kind is not FileKind.X12:
        return counted(made.rows or 0, "row")
    problems = sum(each.rows for each in made.manifest.files if each.name.startswith("problems"))
    claims = 0 if made.manifest.claims is None else made.manifest.claims.claims
    return f"{counted(claims, 'claim')}, {counted(problems, 'row')} of problems"


def why_failed(made: Exported, reader: UUID) -> str:
    """It was said to whoever asked for it: to others it says who that was."""
    why = (made.error or "it was interrupted").removeprefix("export: ")
    if made.requested_by != reader:
        who = made.requested_by_name
        why = OF_YOU.sub(lambda found: f"{who} has approved {found[1]} of it", why)
    return sentence(why)


def _told(done: Done) -> str:
    """Of claims how many there are: a file may hold none, and be right."""
    lines, claims = done.manifest.totals.lines, done.manifest.claims
    if claims is None:
        told = f"The export is made: {counted(lines, 'line')}."
    else:
        told = f"The export is made: {counted(claims.claims, 'claim')}."
        if claims.left_out:
            told += f" {counted(len(claims.left_out), 'line')} in no claim: problems.csv says why."
        if own := own_in(claims):
            those = "it" if own == 1 else "them"
            told += f" You approved {counted(own, 'line')} of these: somebody else sends {those}."
    if done.marked:
        told += f" {counted(done.marked, 'line')} taken as sent."
    return told


async def evidence(request: web.Request) -> web.Response:
    """Everything that one line rests on; made for print."""
    purpose_noted(request)
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.transaction() as conn:
        found = await evidence_for(
            conn, caller.organisation_id, id_in_path(request), now=parts.clock()
        )
    seen(request, found.who.patient_id)
    return render(request, "billing/evidence.html", shown.of_evidence(found))


async def superbill(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    patient_id = id_in_path(request)
    async with parts.transaction() as conn:
        found = await superbill_for(
            conn, caller.organisation_id, _month(request).name, patient_id, now=parts.clock()
        )
    seen(request, patient_id)
    return render(request, "billing/superbill.html", shown.of_superbill(found))


def _month(request: web.Request) -> Month:
    return month_named(request.match_info["month"], request[CALLER].clinic.zone)


def _wanted(request: web.Request, form: Form, month: Month) -> Wanted:
    caller = request[CALLER]
    kind = next((each for each in FileKind if each == form.text("kind")), None)
    if kind is None:
        raise InvalidError("kind", "choose one of the list")
    return Wanted(
        month=month.name,
        kind=kind,
        purpose=form.text("purpose"),
        who=caller.name,
        requested_by=caller.user_id,
        mark_exported=True if form.ticked("mark_exported") else None,
        byte_order_mark=form.ticked("byte_order_mark"),
    )


async def _page(
    request: web.Request, typed: Mapping[str, str], faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    caller, parts, month = request[CALLER], request.app[PARTS], _month(request)
    now, part = parts.clock(), request.headers.get("X-Fragment") is not None
    async with parts.transaction() as conn:
        rows = await exports_of(conn, caller.organisation_id, month.name, now=now)
        head = None if part else await head_of(conn, caller.organisation_id, month.name, now=now)
        own = await own_lines(conn, caller.organisation_id, month.name, caller.user_id)
    context: dict[str, Any] = {
        "month": month.name,
        "exports": rows,
        "kind_words": KIND_WORDS,
        "held": held_in,
        "failed": lambda made: why_failed(made, caller.user_id),
        "runs": caller.role in RUNNERS,
        "words": words,
    }
    if part:
        return render(request, "billing/export_rows.html", context)
    context |= {
        "head": head,
        "own": len(own),
        "kinds": KINDS,
        "typed": typed,
        "faults": faults,
        "refused": " ".join(
            each for field, each in faults.items() if field not in {"kind", "purpose"}
        ),
    }
    return render(request, "billing/exports.html", context, status=status)
