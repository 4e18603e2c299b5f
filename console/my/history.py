"""Past readings: one kind, one month, as a picture and as a table."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from care.programme import Plan
from console.my.chart import Chart, Point, chart
from console.my.figures import Figure, figure, long_day, number, time_of_day, values_of, when
from console.my.month import Month
from console.my.records import LOOKED_BACK, NOTHING_SAID, Row, Said, plan_at, plans_of, said_of
from console.my.today import icon_of
from console.my.verdict import Verdict, judged, own_range
from console.my.visit import QUERIES, Visit, shown, visit
from console.parts import PARTS
from store.pool import Connection
from vitals.kinds import PANELS, Kind

MOST: Final = 400
"""Readings of one kind on one page: a dozen a day for a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table."""

    day: str
    time: str
    figure: Figure
    verdict: Verdict
    arrived: str
    values: Mapping[str, float]
    measured_at: dt.datetime


async def readings(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        who = await visit(request, conn)
        known = await _kinds(conn, who)
        kind = _chosen(request.query.get("kind"), known)
        if kind is None:
            return shown(request, who, "readings.html", {"kind": None, "kinds": []})
        month = _month(request.query.get("month"), known[kind], who)
        begins, ends = month.span(who.zone)
        rows = [
            dict(row)
            for row in await conn.fetch(
                QUERIES["of_kind"], who.organisation_id, who.patient_id, kind, begins, ends,
                MOST + 1,
            )
        ]  # fmt: skip
        plans = await plans_of(conn, who)
        said = await said_of(conn, who, [row["id"] for row in rows])
    lines = [_line(row, plans, said.get(row["id"], NOTHING_SAID), who) for row in rows[:MOST]]
    context = _context(kind, month, known[kind], lines, plans, who)
    return shown(
        request,
        who,
        "readings.html",
        {**context, "kinds": sorted(known, key=list(PANELS).index), "more": len(rows) > MOST},
    )


async def _kinds(conn: Connection, who: Visit) -> dict[Kind, tuple[Month, Month]]:
    """What there is, with the first and the last month of it."""
    rows = await conn.fetch(
        QUERIES["kinds"], who.organisation_id, who.patient_id, who.now - LOOKED_BACK
    )
    return {
        Kind(row["kind"]): (
            Month.of(row["first_at"].astimezone(who.zone).date()),
            Month.of(row["last_at"].astimezone(who.zone).date()),
        )
        for row in rows
    }


def _chosen(asked: str | None, known: Mapping[Kind, Any]) -> Kind | None:
    """What was asked for, where there is any; else the first there is."""
    found = [kind for kind in PANELS if kind in known]
    return next((kind for kind in found if kind == asked), found[0] if found else None)


def _month(asked: str | None, span: tuple[Month, Month], who: Visit) -> Month:
    newest = min(span[1], Month.of(who.today))
    wanted = Month.read(asked or "") or newest
    return min(max(wanted, span[0]), Month.of(who.today))


def _line(row: Row, plans: Sequence[Plan], said: Said, who: Visit) -> Line:
    kind, values = Kind(row["kind"]), values_of(row)
    at = row["measured_at"]
    return Line(
        day=long_day(at.astimezone(who.zone).date(), who.words),
        time=time_of_day(at, who.zone, who.words),
        figure=figure(kind, values, who.units, who.words),
        verdict=judged(kind, values, plan_at(plans, at), said.findings),
        arrived=when(row["received_at"], who.zone, who.words, now=who.now),
        values=values,
        measured_at=at,
    )


def _context(
    kind: Kind,
    month: Month,
    span: tuple[Month, Month],
    lines: Sequence[Line],
    plans: Sequence[Plan],
    who: Visit,
) -> dict[str, Any]:
    primary = [each.name for each in PANELS[kind].primary]
    plan = plan_at(plans, lines[0].measured_at) if lines else None
    ranges = {name: own_range(plan, kind, name) for name in primary} if plan else {}
    picture = chart(
        [point for line in lines for point in _points(kind, line, plans, who)],
        [_converted(name, pair, who) for name, pair in ranges.items()],
        days=month.days,
    )
    return {
        "kind": kind,
        "icon": icon_of(kind),
        "month": month.name(who.words),
        "lines": lines,
        "unit": who.units.unit(primary[0]),
        "picture": picture,
        "told": _told(kind, picture, lines, who),
        "ranges": [
            (name, _in_words(name, pair, who))
            for name, pair in ranges.items()
            if pair != (None, None)
        ],
        "earlier": month.before if month > span[0] else None,
        "later": month.after if month < Month.of(who.today) else None,
    }


def _points(kind: Kind, line: Line, plans: Sequence[Plan], who: Visit) -> list[Point]:
    local = line.measured_at.astimezone(who.zone)
    day = local.day + (local.hour * 60 + local.minute) / 1440
    plan = plan_at(plans, line.measured_at)
    found = []
    for index, metric in enumerate(each.name for each in PANELS[kind].primary):
        value = line.values.get(metric)
        if value is not None:
            own = judged(kind, line.values, plan, metrics=(metric,))
            side = line.verdict.side if line.verdict.relative else own.side
            shown_as = who.units.convert(metric, value) if math.isfinite(value) else value
            found.append(Point(day=day, value=shown_as, side=side, lower=index > 0))
    return found


def _converted(
    metric: str, pair: tuple[float | None, float | None], who: Visit
) -> tuple[float | None, float | None]:
    low, high = (None if edge is None else who.units.convert(metric, edge) for edge in pair)
    return low, high


def _in_words(metric: str, pair: tuple[float | None, float | None], who: Visit) -> str:
    low, high = (
        None if edge is None else number(metric, edge, who.units, who.words) for edge in pair
    )
    if low is None:
        return who.words("past.below", high=high)
    if high is None:
        return who.words("past.above", low=low)
    return who.words("past.between", low=low, high=high)


def _told(kind: Kind, picture: Chart | None, lines: Sequence[Line], who: Visit) -> str:
    """The picture in words."""
    if picture is None:
        return ""
    first = PANELS[kind].primary[0].name
    ordered = sorted(
        (line for line in lines if first in line.values), key=lambda line: line.values[first]
    )
    lowest, highest = (line.figure.spoken for line in (ordered[0], ordered[-1]))
    if len(ordered) == 1:
        return who.words("past.chart_one", highest=highest)
    return who.words("past.chart_text", count=len(ordered), lowest=lowest, highest=highest)
