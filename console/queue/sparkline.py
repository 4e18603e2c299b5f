"""The last readings as a line small enough for a row, drawn on the server. Pure.

The limit is a dashed line; the latest reading is a dot. It is decoration beside words: what it
shows is said in the row.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from console.queue.facts import Point

WIDTH: Final = 72
HEIGHT: Final = 20
EDGE: Final = 3


def sparkline(points: Sequence[Point], limit: float | None) -> Markup:
    """`points` the latest first, as numbers of `limit`'s unit; empty for fewer than two."""
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup("")
    values = [point.value for point in reversed(points)]
    seen = values if limit is None else [*values, limit]
    low, high = min(seen), max(seen)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)

    def y(value: float) -> int:
        return round(HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE))

    places = [(round(EDGE + at * step), y(value)) for at, value in enumerate(values)]
    line = " ".join(f"{x},{down}" for x, down in places)
    last_x, last_y = places[-1]
    dashes = "" if limit is None else f'<path d="M0 {y(limit)}H{WIDTH}"/>'
    return Markup(  # noqa: S704 - numbers of our own, nothing that anybody typed
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{dashes}'
        f'<polyline points="{line}"/><circle cx="{last_x}" cy="{last_y}" r="2.5"/></svg>'
    )
