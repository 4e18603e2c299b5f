"""The overview: a patient's charts, and an alert on top where one was opened."""

from aiohttp import web

from alerts.judging.batch import moment
from console.chart.banner import QUERIES
from console.chart.figures import drawn_rows, figures, said
from console.chart.looks import WORDS, looks
from console.chart.opened import Opened, may_write, opened
from console.chart.plots import SHOWN
from console.chart.ranges import RANGES
from console.chart.record import Record, load_record, span_of
from console.errors import BadRequest
from console.parts import PARTS
from console.web.formats import instant
from console.web.page import render
from store.pool import Connection
from vitals.kinds import Kind


async def overview(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "")
        record = await _record(request, conn, chart)
        standing = await conn.fetch(QUERIES["standing_of"], chart.organisation_id, chart.patient_id)
    drawn = figures(record, units=chart.banner.units, now=chart.now)
    return render(
        request,
        "chart/overview.html",
        chart.context(
            figures=drawn, span=record.span, ranges=_ranges(), standing=standing,
            writer=may_write(request),
        ),
    )  # fmt: skip


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
