"""One month as a grid of patients and codes, with what may be done with it."""

from typing import Any, Final
from uuid import UUID

from aiohttp import web

from billing.code_labels import label_of
from billing.months.approving import approve
from billing.months.calendar import month_named, month_of_day
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.views import Review
from billing.stated_rules import notices_of
from console.billing import words
from console.billing.acting import versions_in
from console.billing.ahead import forecasts_for
from console.billing.faults import REFUSALS, said
from console.billing.foreseen import with_forecasts
from console.billing.grid import UNDECIDED, VERDICTS, Wanted, columns_of, grid_of, wanted_of
from console.billing.tabs import tabs
from console.billing_access import APPROVERS, EXPORT_READERS, RUNNERS
from console.parts import CALLER, PARTS
from console.seen import seen
from console.web.forms import form_of
from console.web.page import render, see_other

RUNNING: Final = "running"
TWICE: Final = range(2)
"""What goes only with another line may stand before it: it is asked for once more after all others.
"""
ALL_AT_ONCE: Final = 120
"""Patients: of so many the whole month is foreseen, of more only those on the page."""


async def page(request: web.Request) -> web.Response:
    return await _page(request, wanted_of(request.query))


async def search(request: web.Request) -> web.Response:
    """Who is searched for does not go into the address."""
    form = await form_of(request)
    return await _page(request, wanted_of(request.query, search=form.text("search")))


async def approve_all(request: web.Request) -> web.Response:
    """Those that were on the page, as they were then: what has changed since is left out."""
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    month = month_named(request.match_info["month"], caller.clinic.zone).name
    lines = versions_in(form.all("line"))
    done, refused = 0, dict.fromkeys(lines, "")
    for _ in TWICE:
        for line in list(refused):
            try:
                async with parts.transaction() as conn:
                    moved = await approve(
                        conn, caller.organisation_id, {line: lines[line]}, actor=caller.user_id,
                        now=parts.clock(),
                    )  # fmt: skip
            except REFUSALS as error:
                refused[line] = next(iter(said(error).values()))
                continue
            seen(request, *(each.patient_id for each in moved))
            del refused[line]
            done += 1
    told = f"{done} {'line is' if done == 1 else 'lines are'} approved."
    if refused:
        left, last = len(refused), list(refused.values())[-1]
        told += f" {left} {'is' if left == 1 else 'are'} left out: {last}"
    return see_other(f"/billing/{month}?status=ready", told=told)


async def _page(request: web.Request, wanted: Wanted, status: int = 200) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    now, zone = parts.clock(), caller.clinic.zone
    month = month_named(request.match_info["month"], zone)
    this = month_of_day(now.astimezone(zone).date(), zone)
    async with parts.transaction() as conn:
        review = await review_of(conn, caller.organisation_id, month.name, now=now)
        soon = await notices_of(conn, caller.organisation_id, now.astimezone(zone).date())
        if review.state == RUNNING:
            shown = looked_ahead(review, wanted)
            ahead = await forecasts_for(conn, caller.organisation_id, shown, now=now)
            review = with_forecasts(review, ahead)
    grid = grid_of(review, wanted)
    seen(request, *(line.row.patient_id for line in grid.lines))
    context: dict[str, Any] = {
        "month": month.name,
        "review": review,
        "grid": grid,
        "wanted": wanted,
        "columns": columns_of(grid.lines),
        "verdicts": list(VERDICTS.items()),
        "verdict_words": VERDICTS,
        "codes": [("", "Any"), *((each, _named(each)) for each in grid.codes)],
        "payers": [("", "Any"), *((each, each) for each in grid.payers)],
        "statuses": [
            ("", "Any"),
            (UNDECIDED, "Not decided yet"),
            *((each, words.STATUS_WORDS[each]) for each in grid.statuses),
        ],
        "ready_lines": grid.statuses.get(Status.READY, 0),
        "before": words.beside(month.name, -1),
        "after": words.beside(month.name, 1) if month.name < this.name else None,
        "runs": caller.role in RUNNERS,
        "sees_exports": caller.role in EXPORT_READERS,
        "may_approve": caller.role in APPROVERS,
        "notices": soon,
        "words": words,
        **tabs(caller, "/billing"),
    }
    return render(request, "billing/month.html", context, status=status)


def looked_ahead(review: Review, wanted: Wanted) -> list[UUID]:
    """For whom it is asked what can still be reached."""
    if len(review.rows) <= ALL_AT_ONCE:
        return [each.patient_id for each in review.rows]
    return [line.row.patient_id for line in grid_of(review, wanted).lines]


def _named(code: str) -> str:
    label = label_of(code)
    return f"{code} {label}" if label else code
