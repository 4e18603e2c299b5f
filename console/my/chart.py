"""A month's readings as a picture: marks on days, the patient's own range as a band. Pure.

Shapes say what colours say: a dot in range, triangles up and down. The same rows stand in a table.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from console.my.verdict import Side

WIDTH: Final = 320
HEIGHT: Final = 220
LEFT: Final = 48
RIGHT: Final = 310
TOP: Final = 14
BOTTOM: Final = 184
SIZE: Final = 5.5
TICKS: Final = 3
STEPS: Final = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200)
ROOM: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One number in the patient's own unit."""

    day: float
    """From 1.0, the beginning of the month, on."""
    value: float
    side: Side = Side.NEITHER
    """Where it lies out of range."""
    lower: bool = False
    """Of the second number: the bottom one of a blood pressure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    x: float
    y: float
    path: str
    kind: str
    """A class: `up`, `down`, `neither`; `lower` besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    marks: Sequence[Mark]
    bands: Sequence[Band]
    values: Sequence[Label]
    days: Sequence[Label]


def chart(
    points: Sequence[Point],
    ranges: Iterable[tuple[float | None, float | None]],
    *,
    days: int,
) -> Chart | None:
    """None where there is nothing to draw. HI and LO are drawn at the picture's edge."""
    finite = [each.value for each in points if math.isfinite(each.value)]
    if not finite:
        return None
    bounds = list(ranges)
    known = finite + [edge for pair in bounds for edge in pair if edge is not None]
    low, high, step = _scale(min(known), max(known))

    def y(value: float) -> float:
        held = min(max(value, low), high)
        return round(BOTTOM - (held - low) / (high - low) * (BOTTOM - TOP), 1)

    def x(day: float) -> float:
        return round(LEFT + (day - 1) / days * (RIGHT - LEFT), 1)

    return Chart(
        marks=[_mark(x(each.day), y(each.value), each) for each in points],
        bands=[_band(pair, y, low, high) for pair in bounds if pair != (None, None)],
        values=[Label(at=y(value), text=f"{value:g}") for value in _ticks(low, high, step)],
        days=[Label(at=x(day + 0.5), text=str(day)) for day in (1, 8, 15, 22, 29) if day <= days],
    )


def _band(
    pair: tuple[float | None, float | None], y: Callable[[float], float], low: float, high: float
) -> Band:
    upper, lower = y(high if pair[1] is None else pair[1]), y(low if pair[0] is None else pair[0])
    return Band(y=upper, height=round(max(lower - upper, 1), 1))


def _scale(lowest: float, highest: float) -> tuple[float, float, float]:
    """Whole steps around all values, so that the edges can be labelled."""
    spread = max(highest - lowest, 1)
    lowest, highest = lowest - spread * ROOM, highest + spread * ROOM
    step = next((each for each in STEPS if (highest - lowest) / each <= TICKS), STEPS[-1])
    return math.floor(lowest / step) * step, math.ceil(highest / step) * step, step


def _ticks(low: float, high: float, step: float) -> list[float]:
    count = round((high - low) / step)
    return [low + number * step for number in range(count + 1)]


def _mark(x: float, y: float, point: Point) -> Mark:
    size = SIZE
    paths = {
        Side.UP: f"M{x} {y - size:.1f}L{x + size:.1f} {y + size:.1f}H{x - size:.1f}Z",
        Side.DOWN: f"M{x} {y + size:.1f}L{x + size:.1f} {y - size:.1f}H{x - size:.1f}Z",
        Side.NEITHER: (f"M{x - 4:.1f} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"),
    }
    kind = f"{point.side.value}{' lower' if point.lower else ''}"
    return Mark(x=x, y=y, path=paths[point.side], kind=kind)
