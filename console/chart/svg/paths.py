"""Paths of many points as short text."""

from collections.abc import Sequence

import numpy as np

from alerts.columns.series import Bools, Floats


def dots(x: Floats, y: Floats) -> str:
    """A stroke without length for each point: its cap is the dot, round or square."""
    return "".join(f"M{across:.0f} {down:.1f}h0" for across, down in _pairs(x, y))


def bars(x: Floats, top: Floats, bottom: Floats) -> str:
    """Upright lines."""
    there = np.isfinite(top) & np.isfinite(bottom)
    return "".join(
        f"M{across:.0f} {first:.1f}V{last:.1f}"
        for across, first, last in zip(
            x[there].tolist(), top[there].tolist(), bottom[there].tolist(), strict=True
        )
    )


def line(x: Floats, y: Floats, *, breaks: Bools | None = None) -> str:
    """Through the points, in order; it begins anew where there is no number, and where `breaks`."""
    parts: list[str] = []
    drawing = False
    apart: Sequence[bool] = [False] * len(x) if breaks is None else breaks.tolist()
    for across, down, anew in zip(x.tolist(), y.tolist(), apart, strict=True):
        if not np.isfinite(down):
            drawing = False
            continue
        parts.append(f"{'L' if drawing and not anew else 'M'}{across:.0f} {down:.1f}")
        drawing = True
    return "".join(parts)


def _pairs(x: Floats, y: Floats) -> list[tuple[float, float]]:
    there = np.isfinite(y)
    return list(zip(x[there].tolist(), y[there].tolist(), strict=True))
