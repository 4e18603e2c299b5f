"""`oximetry_scale`: oxygen saturation on the scales of NEWS2 (RCP 2017), one parameter of seven."""

from typing import Final

import numpy as np

from alerts.columns.series import Series
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.bounds import judged
from care.rules import Bound, Op, OximetryScale

_SPO2: Final = "spo2"
_LOW: Final[dict[int, dict[int, float]]] = {
    1: {3: 91, 2: 93, 1: 95},
    2: {3: 83, 2: 85, 1: 87},
}
"""Scale -> score -> at or below which percent."""
_HIGH_ON_OXYGEN: Final[dict[int, dict[int, float]]] = {1: {}, 2: {1: 93, 2: 95, 3: 97}}
"""Scale -> score -> at or above which percent; on air, and on scale 1, nothing is too high."""


def scale_bounds(rule: OximetryScale) -> tuple[Bound, ...]:
    """The edges at which the score is reached; none where the scale has no such side."""
    bounds: list[Bound] = []
    if rule.side in {"low", "both"}:
        edge = _LOW[rule.scale][rule.score]
        bounds.append(Bound(metric=_SPO2, op=Op.AT_OR_BELOW, value=edge))
    high = _HIGH_ON_OXYGEN[rule.scale]
    if rule.side in {"high", "both"} and rule.on_oxygen and high:
        edge = high[rule.score]
        bounds.append(Bound(metric=_SPO2, op=Op.AT_OR_ABOVE, value=edge))
    return tuple(bounds)


def oximetry_scale(series: Series, rule: OximetryScale) -> Verdicts:
    """The scales are in whole percents: a fraction, which few oximeters send, is dropped."""
    bounds = scale_bounds(rule)
    numbers = np.floor(series.metric(_SPO2))
    sure = ~np.isnan(numbers) & ~series.doubt
    breach, which = np.zeros(len(series), dtype=np.bool_), np.full(len(series), NO_BOUND)
    if bounds:
        _, breach, _, _, which = judged([numbers] * len(bounds), bounds)
    return Verdicts(
        known=sure,
        breach=breach & sure,
        hold=breach & sure,
        value=np.where(sure, series.metric(_SPO2), np.nan),
        bound=np.where(sure, which, NO_BOUND),
        count=sure.astype(np.int64),
    )
