"""One panel of a figure: readings, limits, gaps and means as places. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Floats, Ints
from console.chart.bands import Holding, Level, bands, holdings, innermost
from console.chart.figure import (
    AxisTick,
    BandBox,
    Beyond,
    DrawnPanel,
    EdgeLine,
    GapBox,
    PlanMark,
    Stroke,
)
from console.chart.gaps import Gap
from console.chart.lines import Line, session_means, seven_days
from console.chart.looks import Looks
from console.chart.plots import Plot
from console.chart.ranges import day_of
from console.chart.record import KindRecord, Record
from console.chart.svg import paths
from console.chart.svg.days import midnight
from console.chart.svg.scales import TimeScale, ValueScale, rounded_out, ticks
from console.web.formats import Units
from vitals.metrics import METRICS

PIXELS_PER_TICK: Final = 30
TICKS_LEAST: Final = 3
AIR: Final = 0.04
"""Of the span, above the highest reading and below the lowest."""
WORDS_APART: Final = 12
"""Pixels between two lines of small text."""
WORDS_HIGH: Final = 10
"""Pixels that a line of small text needs above its foot."""
BEYOND_MOST: Final = 60
ROOMY_PERCENT: Final = 14
PERCENT_A_LETTER: Final = 1.35
"""Of a plot that is not much wider than 500 pixels."""
END_PERCENT: Final = 40
"""Of the plot, where the words of what still holds stand."""
MEANS_OF_SESSIONS_DAYS: Final = 100
BEYOND: Final = 0.06
OUTER_SHARE: Final = 0.15
EDGE_SHARE: Final = 0.6
"""A limit is shown where it is not further from the readings than this share of their span; those
beyond the innermost where they are nearer still."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Canvas:
    """What the panels of one figure share."""

    record: Record
    found: KindRecord
    rows: Ints
    """Of the readings, those drawn."""
    looks: Looks
    time: TimeScale
    gaps: Sequence[Gap]
    units: Units
    sessions: bool


def panel(plot: Plot, on: Canvas) -> DrawnPanel:
    metric, units, series = plot.metric, on.units, on.found.series
    values = series.metric(metric)
    held = holdings(on.record.plans, metric)
    scale = scale_of(plot, values[on.rows], _shown(held, on.time), units)
    places = scale.places(units.convert(metric, values))
    places[np.isnan(values)] = np.nan
    drawn = [each for each in held if on.time.clipped(each.since, each.until)]
    edges = beside(tuple(_edges(metric, drawn, on, scale)), scale.height)
    return DrawnPanel(
        metric=metric,
        title=METRICS[metric].label,
        unit=units.unit(metric),
        height=plot.height,
        about=_about(plot, on, values),
        bands=tuple(_bands(metric, drawn, on, scale)),
        edges=edges,
        gaps=tuple(_gaps(on)),
        ticks=tuple(
            AxisTick(place=round(scale.place(each), 1), words=f"{each:g}")
            for each in ticks(
                scale.low, scale.high, max(plot.height // PIXELS_PER_TICK, TICKS_LEAST)
            )
        ),
        strokes=tuple(_strokes(metric, on, values, places, scale)),
        beyond=tuple(_beyond(on, values, scale)),
        plans=tuple(_plan_marks(drawn, on, edges, places, scale.height)),
    )


def scale_of(plot: Plot, values: Floats, limits: Sequence[Level], units: Units) -> ValueScale:
    """Round numbers around the readings, and limits on both sides where they are near.

    `limits` and `values` canonical; the scale in the patient's unit.
    """
    there = values[np.isfinite(values)]
    edges = [each.value for each in limits]
    low, high = (
        (float(there.min()), float(there.max()))
        if len(there)
        else (min(edges, default=0.0), max(edges, default=plot.narrowest))
    )
    span = max(high - low, plot.narrowest)
    low, high = low - AIR * span, high + AIR * span
    below, above = innermost(limits)
    low, high = _with(low, high, [below, above], EDGE_SHARE * span, span)
    low, high = _with(low, high, edges, OUTER_SHARE * span, span)
    missing = plot.narrowest - (high - low)
    if missing > 0:
        low, high = low - missing / 2, high + missing / 2
    if plot.highest is not None and high > plot.highest:
        low, high = low - (high - plot.highest if missing > 0 else 0), plot.highest
    metric = plot.metric
    low, high = rounded_out(units.convert(metric, low), units.convert(metric, high), _most(plot))
    if plot.highest is not None:
        high = min(high, units.convert(metric, plot.highest))
    return ValueScale(low=low, high=high, height=plot.height)


def _with(
    low: float, high: float, edges: Iterable[float | None], reach: float, span: float
) -> tuple[float, float]:
    """Widened to limits that are within reach, and a little beyond them."""
    for edge in edges:
        if edge is not None and low - reach <= edge < low:
            low = edge - BEYOND * span
        elif edge is not None and high < edge <= high + reach:
            high = edge + BEYOND * span
    return low, high


def _most(plot: Plot) -> int:
    return max(plot.height // PIXELS_PER_TICK, TICKS_LEAST)


def _shown(held: Sequence[Holding], time: TimeScale) -> list[Level]:
    """The limits of what held in the span, from the lowest to the highest."""
    visible = [each for each in held if time.clipped(each.since, each.until)]
    found = {level for each in visible for level in each.levels}
    return sorted(found, key=lambda level: level.value)


def _bands(
    metric: str, held: Sequence[Holding], on: Canvas, scale: ValueScale
) -> Iterable[BandBox]:
    def place(value: float) -> float:
        return scale.place(on.units.convert(metric, value))

    for holding in held:
        across = on.time.clipped(holding.since, holding.until)
        if across is None:
            continue
        for band in bands(holding.levels):
            top = 0.0 if band.high is None else place(band.high)
            bottom = scale.height if band.low is None else place(band.low)
            top, bottom = max(top, 0.0), min(bottom, float(scale.height))
            if bottom - top > 0:
                yield BandBox(
                    x=round(across[0], 2), width=round(across[1], 2), y=round(top, 1),
                    height=round(bottom - top, 1), severity=band.level.severity,
                )  # fmt: skip


def _edges(
    metric: str, held: Sequence[Holding], on: Canvas, scale: ValueScale
) -> Iterable[EdgeLine]:
    """What still holds is named at the end, always; before, only what was another limit then."""
    at_the_end = list[float]()
    for holding in reversed(held):
        across = on.time.clipped(holding.since, holding.until)
        last, taken = holding is held[-1], list[float]()
        for band in bands(holding.levels):
            level = band.level
            y = scale.place(on.units.convert(metric, level.value))
            if across is None or not 0 <= y <= scale.height:
                continue
            words = level.words(metric, on.units)
            wide = len(words) * PERCENT_A_LETTER
            named = last or (across[1] >= wide and level not in held[-1].levels)
            there = at_the_end if last or across[0] + wide > 100 - END_PERCENT else taken
            upward = level.op.upward
            words_y = _words_y(y, there, scale, upward=upward, always=last) if named else None
            yield EdgeLine(
                x=round(across[0], 2), width=round(across[1], 2), y=round(y, 1),
                severity=level.severity, words=words, words_y=words_y, last=last,
            )  # fmt: skip


def _words_y(
    y: float, taken: list[float], scale: ValueScale, *, upward: bool, always: bool
) -> float | None:
    """On the side that the limit is about, else on the other, where nothing else is written.
    `always`: else in the nearest place that is free.
    """
    sides = (y - 4, y + 12) if upward else (y + 12, y - 4)
    rows = range(WORDS_HIGH, int(scale.height) - 1) if always else ()
    for each in (*sides, *sorted(rows, key=lambda row: abs(row - sides[0]))):
        found = round(each, 1)
        inside = WORDS_HIGH <= found <= scale.height - 2
        if inside and all(abs(found - other) >= WORDS_APART for other in taken):
            taken.append(found)
            return found
    return None


def beside(edges: Sequence[EdgeLine], height: int) -> tuple[EdgeLine, ...]:
    """With a place in the margin for the words of the last ones, from the top down."""
    last = sorted((each for each in edges if each.last), key=lambda each: each.y)
    least = float(WORDS_HIGH)
    places: dict[float, float] = {}
    for number, edge in enumerate(last):
        room = height - 3 - WORDS_APART * (len(last) - 1 - number)
        places[edge.y] = least = min(max(edge.y + 4, least), room)
        least += WORDS_APART
    return tuple(
        replace(each, margin_y=round(places[each.y], 1)) if each.last else each for each in edges
    )


def _gaps(on: Canvas) -> Iterable[GapBox]:
    zone = on.record.span.zone
    for gap in on.gaps:
        across = on.time.clipped(
            midnight(day_of(gap.first), zone), midnight(day_of(gap.last + 1), zone)
        )
        if across is not None:
            yield GapBox(
                x=round(across[0], 2), width=round(across[1], 2), words=gap.words,
                roomy=across[1] >= ROOMY_PERCENT,
            )  # fmt: skip


def _strokes(
    metric: str, on: Canvas, values: Floats, places: Floats, scale: ValueScale
) -> Iterable[Stroke]:
    x = on.time.places(on.found.series.at)
    finite = np.isfinite(values)
    for look, which in on.looks.by_look.items():
        rows = on.rows[which[on.rows] & finite[on.rows]]
        if not len(rows):
            continue
        if look == "after":
            path = paths.bars(x[rows], places[rows] - 4, places[rows] + 4)
        else:
            path = paths.dots(x[rows], places[rows])
        yield Stroke(path=path, look=look)
    yield from _lines(metric, on, values, scale)


def _lines(metric: str, on: Canvas, values: Floats, scale: ValueScale) -> Iterable[Stroke]:
    """Of what counts; computed on all readings, drawn in the span."""
    series, counts = on.found.series, on.found.counts
    days = (on.time.until - on.time.since) / DAY_US
    if on.sessions and days <= MEANS_OF_SESSIONS_DAYS:
        line = session_means(series.at[counts], values[counts])
        yield Stroke(path=_path(metric, line, on, scale), look="sessions")
    line = seven_days(series.at[counts], series.local_day[counts], values[counts])
    yield Stroke(path=_path(metric, line, on, scale), look="week")


def _path(metric: str, line: Line, on: Canvas, scale: ValueScale) -> str:
    inside = line.at >= on.time.since
    y = scale.places(on.units.convert(metric, line.values[inside]))
    y[np.isnan(line.values[inside])] = np.nan
    return paths.line(on.time.places(line.at[inside]), y, breaks=line.breaks[inside])


def _beyond(on: Canvas, values: Floats, scale: ValueScale) -> Iterable[Beyond]:
    at = on.found.series.at
    for row in on.rows[np.isinf(values[on.rows])][-BEYOND_MOST:].tolist():
        high = values[row] > 0
        yield Beyond(
            x=round(on.time.percent(int(at[row])), 2),
            y=11 if high else scale.height - 3,
            words="HI" if high else "LO",
        )


def _plan_marks(
    held: Sequence[Holding], on: Canvas, edges: Sequence[EdgeLine], places: Floats, height: int
) -> Iterable[PlanMark]:
    """Where limits of this metric changed within the span; the words where nothing else is."""
    rows = on.rows[np.isfinite(places[on.rows])]
    across, down = on.time.places(on.found.series.at[rows]) / 100, places[rows]
    for holding in held:
        if not on.time.since < holding.since < on.time.until:
            continue
        x, words = on.time.percent(holding.since), f"plan {holding.plan}"
        wide = len(words) * PERCENT_A_LETTER
        before = x + wide > 100  # noqa: PLR2004 - percent
        begins, ends = (x - wide, x) if before else (x, x + wide)
        near = down[(across >= begins - 1) & (across <= ends + 1)].tolist()
        near += [
            each.words_y - 4 for each in edges if each.words_y and _reaches(each, begins, ends)
        ]
        yield PlanMark(x=round(x, 2), words=words, before=before, y=_free(near, height))


def _reaches(edge: EdgeLine, begins: float, ends: float) -> bool:
    """Whether an edge's words stand between two places across."""
    wide = len(edge.words) * PERCENT_A_LETTER
    first = edge.x + edge.width - wide if edge.last else edge.x
    return first <= ends and begins <= first + wide


def _free(near: Sequence[float], height: int) -> int:
    """As low as possible where nothing is near, else where it is furthest from anything."""

    def room(foot: int) -> float:
        return min([WORDS_APART, *(abs(foot - 4 - each) for each in near)])

    return max(range(height - 6, WORDS_HIGH, -6), key=room)


def _about(plot: Plot, on: Canvas, values: Floats) -> str:
    metric, units = plot.metric, on.units
    inside = values[on.found.inside(on.record.span)]
    there = inside[np.isfinite(inside)]
    if not len(there):
        return f"{METRICS[metric].label}: no readings in this time."
    low, high = units.number(metric, float(there.min())), units.text(metric, float(there.max()))
    return f"{METRICS[metric].label}: {len(there):,} readings from {low} to {high}."
