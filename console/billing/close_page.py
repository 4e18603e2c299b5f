"""Closing a month: what will be frozen is shown, and what was shown is what is frozen."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from billing.months.calendar import month_named
from billing.months.closing import close
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.views import Review
from console.billing import words
from console.billing.faults import REFUSALS, said, status_of
from console.parts import CALLER, PARTS
from console.web.forms import form_of
from console.web.page import render, see_other

UNDECIDED: Final = (Status.DRAFT, Status.READY)
THEN: Final[dict[str, str]] = {
    Status.DRAFT: "Has to be decided, or is held",
    Status.READY: "Has to be decided, or is held",
    Status.HELD: "Stays held: it is in no claim",
    Status.APPROVED: "May be exported",
}


async def page(request: web.Request) -> web.Response:
    return await _page(request, {}, {})


async def send(request: web.Request) -> web.Response:
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    month = month_named(request.match_info["month"], caller.clinic.zone)
    try:
        async with parts.transaction() as conn:
            head = await close(
                conn, caller.organisation_id, month.name, etag=form.text("etag"),
                hold_rest=form.text("hold_rest"), actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except REFUSALS as error:
        return await _page(request, dict(form), said(error), status=status_of(error))
    told = f"{words.month_name(month.name)} is closed: version {head.version}."
    return see_other(f"/billing/{month.name}", told=told)


async def _page(
    request: web.Request, typed: Mapping[str, str], faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    month = month_named(request.match_info["month"], caller.clinic.zone)
    async with parts.transaction() as conn:
        review = await review_of(conn, caller.organisation_id, month.name, now=parts.clock())
    elsewhere = [each for field, each in faults.items() if field != "reason"]
    context: dict[str, Any] = {
        "month": month.name,
        "review": review,
        "totals": [(each, review.totals[each]) for each in Status if each in review.totals],
        "undecided": undecided(review),
        "then": {each: THEN.get(each, "Stays as it is") for each in Status},
        "typed": typed,
        "faults": faults,
        "refused": " ".join(elsewhere),
        "words": words,
    }
    return render(request, "billing/close.html", context, status=status)


def undecided(review: Review) -> int:
    return sum(review.statuses.get(each, 0) for each in UNDECIDED)
