"""The five measures of the OIG over our own lines, for whoever answers for the practice."""

import datetime as dt
from typing import Final
from uuid import UUID

from aiohttp import web

from billing.months.calendar import month_of_day
from billing.pointers.lines import claimed_of, pointers_of_lines, pointers_of_totals
from billing.pointers.measures import Measure, measures
from billing.pointers.reading import pointers_of_log
from console.billing import words
from console.billing.pointers_page import grouped
from console.billing.tabs import tabs
from console.parts import CALLER, PARTS
from console.seen import seen
from console.web.page import render

MONTHS: Final = (3, 6, 12, 24)
USUAL: Final = 12
SHOWN: Final = 25
"""Rows of a measure that are shown at first; the rest is folded away."""


async def page(request: web.Request) -> web.Response:
    caller, now = request[CALLER], request.app[PARTS].clock()
    this = month_of_day(now.astimezone(caller.clinic.zone).date(), caller.clinic.zone)
    length = _length(request.query.get("months"))
    first = words.beside(this.name, 1 - length)
    async with request.app[PARTS].connection() as conn:
        claimed = await claimed_of(conn, caller.organisation_id, first, this.name)
        since = dt.datetime.combine(words.first_day(first), dt.time(), caller.clinic.zone)
        log = await pointers_of_log(
            conn, caller.organisation_id, since=since, until=this.ends_at, zone=caller.clinic.zone
        )
        totals = await pointers_of_totals(
            conn, caller.organisation_id, since=since, until=this.ends_at
        )
    found = measures(claimed)
    seen(request, *_patients(found))
    return render(
        request,
        "billing/measures.html",
        {
            "measures": found,
            "log": log,
            "groups": grouped([*log.pointers, *totals, *pointers_of_lines(claimed)]),
            "first": first,
            "last": this.name,
            "lengths": [(each, f"{each} months") for each in MONTHS],
            "length": length,
            "shown": SHOWN,
            "words": words,
            **tabs(caller, "/audit/measures"),
        },
    )


def _length(text: str | None) -> int:
    return next((each for each in MONTHS if str(each) == text), USUAL)


def _patients(found: tuple[Measure, ...]) -> list[UUID]:
    return [row.patient for each in found for row in each.rows if row.patient is not None]
