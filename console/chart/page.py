"""The overview: a patient's charts, and an alert on top where one was opened."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from aiohttp import web

from alerts.judging.batch import moment
from console.access import AUDITOR, REGISTRARS
from console.chart.alert_panel import panel_of
from console.chart.banner import QUERIES
from console.chart.figures import drawn_rows, figures, said
from console.chart.looks import WORDS, looks
from console.chart.opened import Opened, may_write, opened
from console.chart.plots import SHOWN
from console.chart.ranges import RANGES
from console.chart.record import Record, load_record, span_of
from console.errors import BadRequest, NotFound, Problem
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.web.formats import instant
from console.web.page import render
from store.pool import Connection
from vitals.kinds import Kind

WATCHERS: Final = REGISTRARS | {AUDITOR}
"""Those who see alerts."""
FIELDS: Final = frozenset({"note", "reason", "text", "outcome", "minutes", "until", "template"})


async def overview(request: web.Request) -> web.Response:
    return await overview_of(request, id_in_path(request), alert_id=_alert(request))


async def overview_of(
    request: web.Request,
    patient_id: UUID,
    *,
    alert_id: UUID | None,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> web.Response:
    """`typed` and `problem`: of a form about the alert that was refused."""
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "", patient=patient_id)
        record = await _record(request, conn, chart)
        standing = await conn.fetch(QUERIES["standing_of"], chart.organisation_id, patient_id)
        panel = None
        if alert_id is not None and request[CALLER].role in WATCHERS:
            panel = await panel_of(
                request, conn, patient_id, alert_id, now=chart.now,
                acts=request[CALLER].role in REGISTRARS, units=chart.banner.units,
            )  # fmt: skip
    return render(
        request,
        "chart/overview.html",
        chart.context(
            figures=figures(record, units=chart.banner.units, now=chart.now),
            span=record.span,
            ranges=_ranges(),
            standing=standing,
            panel=panel,
            typed=typed or {},
            problem=problem,
            fault=_fault(problem),
            writer=may_write(request),
        ),
        status=problem.status if problem else 200,
    )


def _alert(request: web.Request) -> UUID | None:
    given = request.query.get("alert")
    try:
        return None if given is None else UUID(given)
    except ValueError:
        raise NotFound from None


def _fault(problem: Problem | None) -> dict[str, str]:
    """By field; under the empty name what is no field's."""
    if problem is None:
        return {}
    field = (problem.pointer or "").removeprefix("/")
    return {field if field in FIELDS else "": problem.detail}


async def rows(request: web.Request) -> web.Response:
    """The readings of one figure as a table: what the chart's own script reads, too."""
    kind = _kind(request)
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "")
        record = await _record(request, conn, chart, only=kind)
    fragment = request.headers.get("X-Fragment") is not None
    return render(
        request,
        "chart/rows_table.html" if fragment else "chart/rows.html",
        chart.context(
            rows=_rows(record, kind, chart), span=record.span, title=SHOWN[kind].title, kind=kind
        ),
    )


def _ranges() -> list[tuple[str, str]]:
    return [(name, words) for name, (words, _) in RANGES.items()]


def _kind(request: web.Request) -> Kind:
    given = request.query.get("kind")
    if given not in set(Kind):
        raise BadRequest(f"one of {', '.join(Kind)}", pointer="/kind")
    return Kind(given)


async def _record(
    request: web.Request, conn: Connection, chart: Opened, *, only: Kind | None = None
) -> Record:
    span = await span_of(
        conn, chart.organisation_id, chart.patient_id, request.query.get("range"),
        zone=chart.banner.zone, now=chart.now,
    )  # fmt: skip
    return await load_record(conn, chart.organisation_id, chart.patient_id, span=span, only=only)


def _rows(record: Record, kind: Kind, chart: Opened) -> list[dict[str, object]]:
    """The latest first."""
    found = record.kinds.get(kind)
    if found is None:
        return []
    chosen, drawn, span = drawn_rows(record, found).rows, looks(found), record.span
    length = (span.until - span.since).total_seconds()
    made = []
    for row in chosen[::-1].tolist():
        at = moment(int(found.series.at[row]))
        made.append(
            {
                "id": found.readings[row],
                "x": round(100 * (at - span.since).total_seconds() / length, 2),
                "at": at,
                "when": instant(at, span.zone),
                "value": said(found, row, chart.banner.units),
                "remark": _remark(drawn.of(row)),
            }
        )
    return made


def _remark(look: str) -> str:
    return "" if look in {"counted", "unmarked"} else WORDS[look]
