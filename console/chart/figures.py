"""A patient's figures, one for each kind of measurement that they have. Pure."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from alerts.columns.series import Bools
from alerts.judging.artefacts import Doubt
from alerts.judging.batch import microseconds, moment
from care.plans import in_force
from care.rules import RANK, Severity
from console.chart.bands import bands, levels
from console.chart.decimation import Kept, kept
from console.chart.drawing import Canvas, panel
from console.chart.facts import Material, facts, meal_rows
from console.chart.figure import AlertMark, AxisTick, DrawnFigure, DrawnPanel, Latest
from console.chart.gaps import Gap, gaps
from console.chart.looks import WORDS, looks
from console.chart.plots import SHOWN
from console.chart.ranges import Range
from console.chart.record import ChartAlert, KindRecord, Record
from console.chart.sufficiency import expected
from console.chart.svg.days import day_ticks
from console.chart.svg.scales import TimeScale
from console.web.formats import Units, ago, counted, instant, span
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

MARK_PERCENT: Final = 2.6
"""Alert marks nearer to each other than this become one with a number."""
ALWAYS_MOST: Final = 300
DENSE: Final = 240
"""Readings from which on dots are drawn smaller."""


def figures(record: Record, *, units: Units, now: dt.datetime) -> tuple[DrawnFigure, ...]:
    """In the order of console.chart.plots; kinds without a reading in the span are left out."""
    return tuple(
        figure(record, found, units=units, now=now)
        for kind, found in sorted(record.kinds.items(), key=lambda each: list(SHOWN).index(each[0]))
        if found.inside(record.span).any() and kind in SHOWN
    )


def drawn_rows(record: Record, found: KindRecord) -> Kept:
    """The readings that the figure and its table show: the same for both."""
    inside = np.flatnonzero(found.inside(record.span)).astype(np.int64)
    at = found.series.at[inside]
    columns = [found.series.metric(plot.metric)[inside] for plot in SHOWN[found.kind].plots]
    kept_ = kept(at, columns, always=_always(record, found)[inside])
    return Kept(rows=inside[kept_.rows], of=kept_.of, bucket_us=kept_.bucket_us)


def figure(record: Record, found: KindRecord, *, units: Units, now: dt.datetime) -> DrawnFigure:
    shown, zone = SHOWN[found.kind], record.span.zone
    time = TimeScale(since=microseconds(record.span.since), until=microseconds(record.span.until))
    chosen = drawn_rows(record, found)
    drawn = looks(found)
    canvas = Canvas(
        record=record, found=found, rows=chosen.rows, looks=drawn, time=time,
        gaps=_gaps(record, found), units=units, sessions=shown.sessions,
    )  # fmt: skip
    panels = tuple(
        panel(plot, canvas)
        for plot in shown.plots
        if np.isfinite(found.series.metric(plot.metric)[chosen.rows]).any()
        or np.isinf(found.series.metric(plot.metric)[chosen.rows]).any()
    )
    about = Material(
        found=found, span=record.span, units=units, now_us=microseconds(now),
        expected=_expected(record, found.kind, now),
    )  # fmt: skip
    return DrawnFigure(
        kind=found.kind,
        title=shown.title,
        icon=shown.icon,
        latest=_latest(found, units, zone_of=record.span, now=now),
        panels=panels,
        ticks=tuple(
            AxisTick(place=round(time.percent(tick.at), 2), words=tick.words, minor=tick.minor)
            for tick in day_ticks(time.since, time.until, zone)
        ),
        alerts=tuple(_marks(record, found.kind, time)),
        legend=_legend(panels),
        limits=_limits(record, [each.metric for each in panels], units, now),
        thinned=_thinned(chosen),
        dense=len(chosen.rows) > DENSE,
        facts=facts(about),
        meals=meal_rows(about) if found.kind is Kind.GLUCOSE else (),
        remarks=_remarks(record, found.kind),
    )


def said(found: KindRecord, row: int, units: Units) -> str:
    """A reading in its patient's units: 138/84 mmHg, pulse 72."""
    primary = [metric.name for metric in PANELS[found.kind].primary]
    numbers = [value_words(found, row, name, units) for name in primary]
    text = f"{'/'.join(numbers)} {units.unit(primary[0])}"
    pulse = found.series.values.get("pulse")
    if pulse is not None and math.isfinite(pulse[row]):
        text += f", pulse {pulse[row]:.0f}"
    return text


def value_words(found: KindRecord, row: int, metric: str, units: Units) -> str:
    value = float(found.series.metric(metric)[row])
    if math.isnan(value):
        return "no number"
    if math.isinf(value):
        return "HI" if value > 0 else "LO"
    return units.number(metric, value)


def _always(record: Record, found: KindRecord) -> Bools:
    """Readings that alerts began with, doubtful and typed ones: drawn unless they are the crowd."""
    onset = np.array([microseconds(each.onset_at) for each in record.alerts], dtype=np.int64)
    wanted = np.isin(found.series.at, onset)
    odd = (found.doubt != Doubt.NONE) | found.typed
    if int(odd.sum()) <= ALWAYS_MOST:
        wanted |= odd
    found_: Bools = wanted
    return found_


def _gaps(record: Record, found: KindRecord) -> Sequence[Gap]:
    """Up to yesterday: today is not over. Not before the first reading: nothing was asked then."""
    days = found.series.local_day
    first = max(record.span.first_day, int(days[0])) if len(days) else record.span.first_day
    return gaps(days, first=first, last=record.span.last_day - 1)


def _expected(record: Record, kind: Kind, now: dt.datetime) -> int:
    span_ = record.span
    return expected(
        record.plans, kind, first_day=span_.first_day, last_day=span_.last_day, zone=span_.zone,
        now=now,
    )  # fmt: skip


def _latest(found: KindRecord, units: Units, *, zone_of: Range, now: dt.datetime) -> Latest | None:
    rows = np.flatnonzero(found.series.at <= microseconds(now))
    if not len(rows):
        return None
    row = int(rows[-1])
    at = moment(int(found.series.at[row]))
    return Latest(
        value=said(found, row, units),
        at_words=instant(at, zone_of.zone),
        ago=ago(at, now=now),
        doubtful=bool(found.doubt[row]),
    )


def _marks(record: Record, kind: Kind, time: TimeScale) -> list[AlertMark]:
    near: list[list[ChartAlert]] = []
    last = -math.inf
    for alert in (each for each in record.alerts if each.kind == kind):
        x = time.percent(microseconds(alert.onset_at))
        if x - last < MARK_PERCENT and near:
            near[-1].append(alert)
        else:
            near.append([alert])
            last = x
    return [_mark(group, time, record.span) for group in near]


def _mark(group: Sequence[ChartAlert], time: TimeScale, span_: Range) -> AlertMark:
    worst: Severity = max((each.peak for each in group), key=lambda each: RANK[each])
    first = group[0]
    words = "; ".join(
        f"{each.peak.capitalize()}: {each.label}, {instant(each.onset_at, span_.zone)}"
        for each in group[:4]
    )
    if len(group) > 4:  # noqa: PLR2004 - of a longer list the beginning says enough
        words += f"; and {len(group) - 4} more"
    return AlertMark(
        x=round(time.percent(microseconds(first.onset_at)), 2),
        severity=worst,
        alerts=len(group),
        words=words,
        first=first.id,
    )


def _legend(panels: Sequence[DrawnPanel]) -> tuple[tuple[str, str], ...]:
    """Of what is there."""
    there = {stroke.look for each in panels for stroke in each.strokes if stroke.path}
    return tuple((look, words) for look, words in WORDS.items() if look in there)


def _limits(
    record: Record, metrics: Sequence[str], units: Units, now: dt.datetime
) -> tuple[str, ...]:
    """What holds now, panel after panel: "Systolic: high from 135 (7-day mean)"."""
    plan = in_force(record.plans, at=now)
    made: list[str] = []
    for metric in metrics if plan else ():
        assert plan is not None  # noqa: S101 - there is none to look at otherwise
        found = [band.level.words(metric, units) for band in bands(levels(plan.rules, metric))]
        if found:
            made.append(f"{METRICS[metric].label}: {', '.join(found)} {units.unit(metric)}")
    return tuple(made)


def _thinned(chosen: Kept) -> str | None:
    if chosen.bucket_us is None:
        return None
    each = span(dt.timedelta(microseconds=chosen.bucket_us))
    return (
        f"{chosen.of:,} readings: of each {each} the lowest and the highest are drawn. "
        "Means rest on all of them."
    )


def _remarks(record: Record, kind: Kind) -> tuple[str, ...]:
    held = sum(each.readings for each in record.held if each.kind == kind)
    if not held:
        return ()
    verb = "is" if held == 1 else "are"
    return (f"{counted(held, 'reading')} from this patient's devices {verb} held back, in doubt.",)
