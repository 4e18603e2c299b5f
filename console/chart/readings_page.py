"""Readings as rows, and one with all that proves it."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from care.attribution import Assignment
from care.errors import CareError, NotFoundError
from care.reassignment import list_attribution, reassign
from console.api.patients import READINGS
from console.api.reading_answer import ReadingAnswer, shown
from console.chart import reading_words
from console.chart.banner import QUERIES
from console.chart.opened import Opened, may_reassign, opened
from console.errors import BadRequest, NotFound
from console.paging import decode_cursor, encode_cursor
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import seen
from console.web.formats import Units
from console.web.forms import form_of
from console.web.page import render, see_other
from store.pool import Connection
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

PER_PAGE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: UUID
    at: dt.datetime
    offset: str
    kind: str
    value: str
    others: str
    device: str
    clock: str
    remarks: str
    whose: str


async def readings(request: web.Request) -> web.Response:
    """The latest first; `?kind=` for one kind of measurement."""
    kind = request.query.get("kind") or None
    if kind is not None and kind not in set(Kind):
        raise BadRequest(f"one of {', '.join(Kind)}", pointer="/kind")
    place: tuple[Any, Any] = (None, None)
    if (cursor := request.query.get("cursor")) is not None:
        place = decode_cursor(cursor, tuple[dt.datetime, UUID])
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "/readings")
        found = await conn.fetch(
            READINGS["page"],
            *(chart.organisation_id, chart.patient_id, kind, None, None, *place, PER_PAGE + 1),
        )
        names = await _devices(conn, chart)
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return render(
        request,
        "chart/readings.html",
        chart.context(
            rows=[row_of(shown(dict(each)), chart, names) for each in found[:PER_PAGE]],
            kind=kind or "",
            kinds=[("", "All"), *((str(each), PANELS[each].label) for each in Kind)],
            older=encode_cursor(last["measured_at"], last["id"]) if last else None,
        ),
    )


async def reading(request: web.Request) -> web.Response:
    return await _one(request)


async def not_theirs(request: web.Request) -> web.Response:
    """A reading is found to be somebody else's, or nobody's: with a reason."""
    form, reading_id = await form_of(request), id_in_path(request, "reading")
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        chart = await opened(request, conn, "/readings")
        row = await _stored(conn, chart, reading_id)
        if row["patient_id"] != chart.patient_id:
            raise NotFound
        try:
            await reassign(
                conn,
                chart.organisation_id,
                reading_id,
                patient_id=None,
                actor=caller.user_id,
                reason=form.text("reason"),
                now=chart.now,
                as_seen=lambda owned: owned.patient_id == chart.patient_id,
            )
        except NotFoundError:
            raise
        except CareError as error:
            return await _one(request, fault=error.message, typed=form.text("reason"))
    told = "The reading is nobody's now. Alerts, trends and days are being worked out anew."
    return see_other(f"{chart.where}/readings", told=told)


async def _one(request: web.Request, *, fault: str = "", typed: str = "") -> web.Response:
    reading_id = id_in_path(request, "reading")
    async with request.app[PARTS].connection() as conn:
        chart = await opened(request, conn, "/readings")
        row = await _stored(conn, chart, reading_id)
        names = await _devices(conn, chart)
        history = await list_attribution(conn, chart.organisation_id, reading_id)
        theirs = row["patient_id"] == chart.patient_id
        if not theirs and not any(each.from_patient == chart.patient_id for each in history):
            raise NotFound
        holders = await conn.fetch(
            QUERIES["holders"], chart.organisation_id, row["device"], row["measured_at"]
        )
    seen(request, *(each["patient_id"] for each in holders))
    answer = shown(row)
    return render(
        request,
        "chart/reading.html",
        chart.context(
            reading=answer,
            row=row_of(answer, chart, names),
            numbers=numbers(answer, chart.banner.units),
            clock=reading_words.TIMES[answer.time_quality],
            drift=reading_words.drift_in_words(answer.clock_drift_s),
            source=reading_words.source_in_words(answer.profile),
            whose=reading_words.ATTRIBUTIONS[answer.attribution],
            holders=[_holder(dict(each)) for each in holders],
            history=history,
            theirs=theirs,
            may_say=theirs and may_reassign(request),
            fault=fault,
            typed=typed,
        ),
        status=422 if fault else 200,
    )


async def _stored(conn: Connection, chart: Opened, reading_id: UUID) -> dict[str, Any]:
    row = await conn.fetchrow(READINGS["one"], [chart.organisation_id], reading_id)
    if row is None:
        raise NotFound
    return dict(row)


async def _devices(conn: Connection, chart: Opened) -> dict[str, str]:
    """Address: what people call it."""
    rows = await conn.fetch(QUERIES["device_names"], chart.organisation_id, chart.patient_id)
    return {row["address"]: row["label"] or row["address"] for row in rows}


def _holder(row: Mapping[str, Any]) -> dict[str, Any]:
    span = Assignment(**{name: row[name] for name in Assignment.__struct_fields__})
    return {"span": span, "mrn": row["mrn"], "slot": row["user_slot"]}


def row_of(reading_: ReadingAnswer, chart: Opened, names: Mapping[str, str]) -> Row:
    """Pure."""
    units = chart.banner.units
    panel = PANELS[Kind(reading_.kind)]
    first = [metric.name for metric in panel.primary]
    value = "/".join(number(reading_, name, units) for name in first)
    others = [
        f"{metric.label} {number(reading_, metric.name, units)} {units.unit(metric.name)}"
        for metric in panel.others
        if metric.name in reading_.values
    ]
    meal = reading_words.MEALS.get(str(reading_.context.get("meal", "")), "")
    remarks = [meal, reading_words.flags_in_words(reading_.flags)]
    if reading_words.source_in_words(reading_.profile).startswith("typed"):
        remarks.append("typed in by hand")
    return Row(
        id=reading_.id,
        at=reading_.measured_at,
        offset=reading_.measured_at.strftime("%z"),
        kind=panel.label,
        value=f"{value} {units.unit(first[0])}",
        others=", ".join(others),
        device=names.get(reading_.device, reading_.device),
        clock=reading_words.TIMES_SHORT[reading_.time_quality],
        remarks=", ".join(each for each in remarks if each),
        whose=reading_words.WHOSE[reading_.attribution],
    )


def number(reading_: ReadingAnswer, name: str, units: Units) -> str:
    """HI and LO as the meter said; what was not measured is said to be so."""
    value = reading_.values.get(name)
    if value is not None and math.isfinite(value):
        return units.number(name, value)
    special = reading_.special.get(name, "")
    return {"hi": "HI", "lo": "LO", "+inf": "HI", "-inf": "LO"}.get(special, "no number")


def numbers(reading_: ReadingAnswer, units: Units) -> list[tuple[str, str]]:
    panel = PANELS[Kind(reading_.kind)]
    there = [m.name for m in panel.metrics if m.name in reading_.values or m in panel.primary]
    return [
        (METRICS[name].label, f"{number(reading_, name, units)} {units.unit(name)}")
        for name in there
    ]
