"""The months of the practice, the running one first: where a biller begins."""

from aiohttp import web

from billing.months.records import Status
from billing.months.review import months_of
from billing.parties.practice import practice_of
from console.billing import words
from console.billing.practice_words import missing_of
from console.billing.tabs import tabs
from console.parts import CALLER, PARTS
from console.web.page import render


async def page(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.transaction() as conn:
        months = await months_of(conn, caller.organisation_id, now=parts.clock())
        practice = await practice_of(conn, caller.organisation_id)
    return render(
        request,
        "billing/months.html",
        {
            "months": months,
            "missing": missing_of(practice),
            "statuses": list(Status),
            "words": words,
            **tabs(caller, "/billing"),
        },
    )
