"""What an auditor would point at in the log of a month, shown to the practice first."""

from itertools import groupby
from typing import Final

from aiohttp import web

from billing.months.calendar import Month, month_named
from billing.pointers.lines import claimed_of, pointers_of_lines, pointers_of_totals
from billing.pointers.pointer import TITLES, WHY, Kind, Pointer
from billing.pointers.reading import pointers_of_log
from console.billing import words
from console.billing.tabs import tabs
from console.parts import CALLER, PARTS
from console.web.page import render

LINKS_MOST: Final = 60
"""Of one pointer, on the page: the time log has all."""
LOOK_BACK: Final = 11
"""Months before this one whose lines are looked at: what goes on for long shows only then."""


async def page(request: web.Request) -> web.Response:
    caller = request[CALLER]
    month = month_named(request.match_info["month"], caller.clinic.zone)
    async with request.app[PARTS].connection() as conn:
        log = await pointers_of_log(
            conn, caller.organisation_id, since=month.begins_at, until=month.ends_at,
            zone=month.zone,
        )  # fmt: skip
        totals = await pointers_of_totals(
            conn, caller.organisation_id, since=month.begins_at, until=month.ends_at
        )
        since = words.beside(month.name, -LOOK_BACK)
        claimed = await claimed_of(conn, caller.organisation_id, since, month.name)
    of_lines = [each for each in pointers_of_lines(claimed) if _ends_in(each, month)]
    return render(
        request,
        "billing/pointers.html",
        {
            "month": month.name,
            "log": log,
            "groups": grouped([*log.pointers, *totals, *of_lines]),
            "kinds": len(Kind),
            "most": LINKS_MOST,
            "words": words,
            "before": words.beside(month.name, -1),
            "after": words.beside(month.name, 1),
            **tabs(caller, "/billing"),
        },
    )


def grouped(pointers: list[Pointer]) -> list[tuple[str, str, list[Pointer]]]:
    """By kind: title, why it matters, and what was found."""
    found = []
    for kind, those in groupby(pointers, key=lambda each: each.kind):
        found.append((TITLES[kind], WHY[kind], list(those)))
    return found


def _ends_in(pointer: Pointer, month: Month) -> bool:
    """What is over, or not yet begun, is another month's page."""
    return (
        pointer.since is not None
        and pointer.until is not None
        and pointer.since <= month.last
        and pointer.until >= month.first
    )
