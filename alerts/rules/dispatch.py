"""Which function computes which rule, and how far back it looks."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, assert_never

from alerts.columns.series import DAY_US, MICROSECONDS, Series
from alerts.columns.verdicts import Verdicts
from alerts.rules.band import band
from alerts.rules.change import LATER_US, change
from alerts.rules.confirmed_limit import confirmed_limit
from alerts.rules.glucose import glucose_statistic
from alerts.rules.limit import limit
from alerts.rules.n_of_m import n_of_m
from alerts.rules.oximetry_scale import oximetry_scale
from alerts.rules.session_mean import LONGEST_SESSION_US, session_mean
from alerts.rules.shift import shift
from alerts.rules.trend import trend
from alerts.rules.window_mean import window_mean
from care.rules import (
    Band,
    Base,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    Shift,
    Together,
    Trend,
    WindowMean,
)

RuleOfReadings: TypeAlias = (
    Limit
    | ConfirmedLimit
    | SessionMean
    | WindowMean
    | Change
    | Band
    | Trend
    | Shift
    | NOfM
    | GlucoseStatistic
    | OximetryScale
)
"""All but Together, which looks at other rules' episodes."""

_MINUTE_US: Final = 60 * MICROSECONDS
_RUN_US: Final = 30 * DAY_US
"""Readings on the good side further back than this do not count towards `clear_after`."""


COMPUTED_BY: Final[Mapping[type[Base], Callable[[Series, Any], Verdicts]]] = {
    Limit: limit,
    ConfirmedLimit: confirmed_limit,
    SessionMean: session_mean,
    WindowMean: window_mean,
    Change: change,
    Band: band,
    Trend: trend,
    Shift: shift,
    NOfM: n_of_m,
    GlucoseStatistic: glucose_statistic,
    OximetryScale: oximetry_scale,
}


def judge(series: Series, rule: RuleOfReadings) -> Verdicts:
    return COMPUTED_BY[type(rule)](series, rule)


def lookback_us(rule: Rule) -> int:
    """How far before a row its verdict looks: rows from there on are enough to judge it."""
    window = _window_us(rule)
    return window if rule.clear_after == 1 else window + _RUN_US


def _window_us(rule: Rule) -> int:
    match rule:
        case ConfirmedLimit():
            window = rule.within_min * _MINUTE_US + rule.apart_s * MICROSECONDS
        case SessionMean():
            window = LONGEST_SESSION_US + (rule.drop_first + 1) * rule.gap_min * _MINUTE_US
        case WindowMean():
            # Local days, of up to 25 hours, in a zone that may change by a day.
            days = 2 * rule.days if rule.drop_first_day else rule.days
            window = (days + 2) * DAY_US
        case Change():
            window = rule.days * DAY_US + LATER_US
        case GlucoseStatistic():
            window = (rule.days + 2) * DAY_US
        case Band() | Trend() | Shift():
            window = rule.days * DAY_US
        case NOfM():
            window = rule.within_days * DAY_US
        case Limit() | OximetryScale() | Together():
            window = 0
        case _:
            assert_never(rule)
    return window


def wait_us(rule: Rule) -> int:
    """How long after a row its verdict may still change by what comes or does not come."""
    return rule.within_min * _MINUTE_US if isinstance(rule, ConfirmedLimit) else 0
