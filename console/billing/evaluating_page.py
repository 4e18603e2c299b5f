"""Instead of a page of a month: how far the month is worked out."""

from aiohttp import web

from billing.errors import EvaluatingError
from billing.months.calendar import month_named
from console.billing import words
from console.billing.tabs import tabs
from console.evaluating import how_far
from console.parts import CALLER
from console.web.page import render


async def instead(request: web.Request, far: EvaluatingError) -> web.StreamResponse:
    """At the address that was asked for: it comes back to it by itself."""
    context = {
        "month": far.month,
        "done": far.done,
        "of": far.of,
        "running": True,
        "words": words,
        **tabs(request[CALLER], "/billing"),
    }
    return render(request, "billing/evaluating.html", context, status=202)


async def progress(request: web.Request) -> web.Response:
    """The part of it that changes."""
    month = month_named(request.match_info["month"], request[CALLER].clinic.zone).name
    far, running = await how_far(request, month)
    context = {
        "month": month,
        "done": far.done,
        "of": far.of,
        "running": running,
        "words": words,
    }
    return render(request, "billing/evaluating_part.html", context)
