"""How to measure, for each kind that is asked of this patient or that they measure; who to call."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web
from babel.dates import get_day_names

from alerts.life.working_time import instant_of
from care.programme import WEEK, Plan, WorkingHours
from console.my.figures import time_of_day
from console.my.records import latest, plan_at, plans_of
from console.my.today import icon_of
from console.my.verdict import asks_for
from console.my.visit import QUERIES, Visit, shown, visit
from console.my.words import Words
from console.parts import PARTS
from vitals.kinds import PANELS, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    kind: Kind
    icon: str
    steps: tuple[str, ...]
    errors: tuple[str, ...]
    drawing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    name: str
    role: str


async def how(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        who = await visit(request, conn)
        plan = plan_at(await plans_of(conn, who), who.now)
        kinds = {*await latest(conn, who), *(k for k in Kind if plan and asks_for(plan, k))}
    guides = [guide(kind, who.words) for kind in PANELS if kind in kinds]
    return shown(request, who, "how.html", {"guides": guides})


async def help_(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        who = await visit(request, conn)
        plan = plan_at(await plans_of(conn, who), who.now)
        rows = await conn.fetch(QUERIES["team"], who.organisation_id, who.patient_id, who.now)
    team = [
        Member(
            name=_named(row["display_name"], row["credential"], row["username"]), role=row["role"]
        )
        for row in rows
    ]
    clinic = who.caller.clinic.zone
    return shown(
        request,
        who,
        "help.html",
        {
            "team": sorted(team, key=lambda each: each.name),
            "hours": None if plan is None else _hours(plan, clinic, who),
            "clinic_time": time_of_day(who.now, clinic, who.words),
            "elsewhere": _apart(who.now, clinic, who.zone),
        },
    )


def guide(kind: Kind, words: Words) -> Guide:
    return Guide(
        kind=kind,
        icon=icon_of(kind),
        steps=tuple(_numbered(kind, "step", words)),
        errors=tuple(_numbered(kind, "error", words)),
        drawing=words(f"how.{kind.value}.drawing"),
    )


def _numbered(kind: Kind, what: str, words: Words) -> Iterable[str]:
    for at in count(1):
        name = f"how.{kind.value}.{what}{at}"
        if not words.has(name):
            return
        yield words(name)


def _named(display_name: str, credential: str, username: str) -> str:
    name = display_name or username
    return f"{name}, {credential}" if credential else name


def _hours(plan: Plan, zone: ZoneInfo, who: Visit) -> str:
    hours, w = plan.hours, who.words
    today = who.now.astimezone(zone).date()
    begins, ends = (
        time_of_day(instant_of(today, clock, zone), zone, w) for clock in (hours.start, hours.end)
    )
    return w("help.hours", days=weekdays(hours, w), begins=begins, ends=ends)


LEAST_IN_A_ROW: Final = 3


def weekdays(hours: WorkingHours, words: Words) -> str:
    """Monday - Friday; else each of them."""
    names = get_day_names("wide", locale=words.locale)
    places = [place for place, day in enumerate(WEEK) if day in hours.days]
    in_a_row = places == list(range(places[0], places[-1] + 1))
    if in_a_row and len(places) >= LEAST_IN_A_ROW:
        return f"{names[places[0]]} - {names[places[-1]]}"
    return ", ".join(names[place] for place in places)


def _apart(now: dt.datetime, clinic: ZoneInfo, home: ZoneInfo) -> bool:
    """Whether the clinic's clock shows another time than the patient's."""
    return now.astimezone(clinic).utcoffset() != now.astimezone(home).utcoffset()
