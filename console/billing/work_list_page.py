"""The work list: who is a few days or minutes short, and whom to call."""

from aiohttp import web

from billing.months.outlooks import forecasts_of
from console.billing import words
from console.billing.tabs import tabs
from console.billing.work_list import SHOWS, Task, chosen, have, page_of, show_in, tasks_of, until
from console.billing_access import LOOKERS
from console.parts import CALLER, PARTS
from console.seen import seen
from console.web.page import render

HERE = "/billing/work-list"


async def page(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    now, show = parts.clock(), show_in(request.query)
    async with parts.connection() as conn:
        forecasts = await forecasts_of(conn, caller.organisation_id, now=now)
    every = tasks_of(forecasts)
    shown, number, pages = page_of(chosen(every, show), request.query)
    seen(request, *(each.patient.patient_id for each in shown))

    def row(task: Task) -> tuple[Task, str, str]:
        return task, have(task), until(task)

    return render(
        request,
        "billing/work_list.html",
        {
            "rows": [row(each) for each in shown],
            "shows": [
                (key, label, sum(key in {"all", each.kind} for each in every))
                for key, label in SHOWS.items()
            ],
            "show": show,
            "number": number,
            "pages": pages,
            "month": f"{now.astimezone(caller.clinic.zone):%Y-%m}",
            "looks": caller.role in LOOKERS,
            "words": words,
            **tabs(caller, HERE),
        },
    )
