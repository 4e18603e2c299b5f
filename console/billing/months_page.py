"""The months of the practice, the running one first: where a biller begins."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from aiohttp import web

from billing.months.calendar import month_named, month_of_day
from billing.months.records import Status
from billing.months.review import months_of, state_of
from billing.months.views import MonthRow
from billing.parties.practice import practice_of
from billing.stated_rules import notices_of
from console.access import Clinic
from console.billing import words
from console.billing.practice_words import missing_of
from console.billing.tabs import tabs
from console.parts import CALLER, PARTS
from console.web.page import render

OFFERED: Final = 3
"""This month and those before it, though nobody has looked at them yet."""


async def page(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    now = parts.clock()
    async with parts.transaction() as conn:
        months = await months_of(conn, caller.organisation_id, now=now)
        practice = await practice_of(conn, caller.organisation_id)
        today = now.astimezone(caller.clinic.zone).date()
        soon = await notices_of(conn, caller.organisation_id, today)
    return render(
        request,
        "billing/months.html",
        {
            "months": with_latest(months, caller.clinic, now=now),
            "missing": missing_of(practice),
            "statuses": list(Status),
            "notices": soon,
            "words": words,
            **tabs(caller, "/billing"),
        },
    )


def with_latest(months: Sequence[MonthRow], clinic: Clinic, *, now: dt.datetime) -> list[MonthRow]:
    """The latest first. Of months to come, which somebody may have asked the API for, none; nor of
    those in which nobody was looked after yet.
    """
    this = month_of_day(now.astimezone(clinic.zone).date(), clinic.zone).name
    known = {
        each.month: each
        for each in months
        if each.month <= this and (each.patients or each.version)
    }
    for back in range(OFFERED):
        name = words.beside(this, -back)
        if name not in known:
            known[name] = MonthRow(
                month=name,
                state=state_of(month_named(name, clinic.zone).ends_at, 0, now=now),
                version=0, patients=0, statuses={}, charge=Decimal(0), evaluated_at=None,
                locked_at=None, locked_by=None, open_adjustments=0,
            )  # fmt: skip
    return [known[name] for name in sorted(known, reverse=True)]
