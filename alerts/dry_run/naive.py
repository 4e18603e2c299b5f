"""What a rule's numbers would have given without confirming, averaging, hysteresis or bundling:
one alert for every reading that crosses.
"""

import numpy as np

from alerts.columns.series import Bools, Ints, Series
from alerts.columns.verdicts import NO_BOUND
from alerts.judging.page import Page
from alerts.judging.rulings import Judged
from alerts.rules.bounds import judged as crossing
from alerts.rules.oximetry_scale import scale_bounds
from care.rules import (
    Bound,
    ConfirmedLimit,
    Limit,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    WindowMean,
)


def crossings(page: Page, judged: Judged) -> tuple[Ints, Ints]:
    """The rows that cross, and a number for the side on which each does.

    For rules whose bounds are numbers of readings: every reading, doubtful or not, beyond a bound.
    For rules whose bounds are of something computed (a change, a trend, a percentage): every
    reading with which it is beyond.
    """
    crossed = np.zeros(len(page.series), dtype=np.bool_)
    side = np.zeros(len(page.series), dtype=np.int64)
    for form, rule in enumerate(judged.forms.forms):
        mine = judged.form_of_row == form
        here, there = _of(rule, page.series, judged)
        crossed |= mine & here
        side = np.where(mine, there, side)
    rows = np.flatnonzero(crossed).astype(np.int64)
    return rows, side[rows]


def _of(rule: Rule, series: Series, judged: Judged) -> tuple[Bools, Ints]:
    match rule:
        case NOfM(flag=str(flag)):
            return series.flag(flag), np.zeros(len(series), dtype=np.int64)
        case Limit() | ConfirmedLimit() | SessionMean() | WindowMean() | NOfM():
            return _beyond(series, rule.bounds)
        case OximetryScale():
            return _beyond(series, scale_bounds(rule))
        case _:
            return judged.verdicts.breach, judged.verdicts.bound


def _beyond(series: Series, bounds: tuple[Bound, ...]) -> tuple[Bools, Ints]:
    if not bounds:
        return np.zeros(len(series), dtype=np.bool_), np.zeros(len(series), dtype=np.int64)
    _, crosses, _, _, which = crossing([series.metric(one.metric) for one in bounds], bounds)
    upward = np.array([*(one.op.upward for one in bounds), False])
    return crosses, np.where(which == NO_BOUND, 0, upward[which]).astype(np.int64)
