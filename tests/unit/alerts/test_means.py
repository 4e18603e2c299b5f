"""session_mean and window_mean: what is in the mean, and below, at and above the bound."""

import datetime as dt

import numpy as np
import pytest

from alerts.columns.verdicts import Verdicts
from alerts.rules.session_mean import session_mean
from alerts.rules.window_mean import window_mean
from care.rules import SessionMean, Severity, WindowMean
from tests.unit.alerts.charts import HI, LO, bound, minutes, of, pressure, series
from vitals.kinds import Kind

DAY = 24 * 60
BP = Kind.BLOOD_PRESSURE


def session(**changes: object) -> SessionMean:
    fields: dict[str, object] = {
        "id": "session",
        "kind": BP,
        "severity": Severity.HIGH,
        "bounds": (bound("systolic", ">=", 160),),
    }
    return SessionMean(**{**fields, **changes})  # type: ignore[arg-type]


def window(**changes: object) -> WindowMean:
    fields: dict[str, object] = {
        "id": "week",
        "kind": BP,
        "severity": Severity.MEDIUM,
        "bounds": (bound("systolic", ">=", 130),),
        "days": 7,
        "min_days": 1,
        "min_count": 1,
    }
    return WindowMean(**{**fields, **changes})  # type: ignore[arg-type]


def sessions(rule: SessionMean, *steps: tuple[float, float]) -> Verdicts:
    """(minutes, systolic) …"""
    return session_mean(series([pressure(minutes(at), value) for at, value in steps]), rule)


def means(rule: WindowMean, *steps: tuple[float, float], doubt: tuple[int, ...] = ()) -> Verdicts:
    """(days, systolic) …, day 0 at eight in the morning."""
    rows = [pressure(minutes(days * DAY), value) for days, value in steps]
    return window_mean(series(rows, doubt=doubt), rule)


@pytest.mark.parametrize(("second", "breach"), [(159.8, False), (160, True), (160.2, True)])
def test_a_session_mean_below_at_and_above(*, second: float, breach: bool) -> None:
    verdicts = sessions(session(), (0, 160), (2, second))
    assert verdicts.breach.tolist() == [False, breach]
    assert verdicts.known.tolist() == [False, True]
    assert verdicts.count.tolist() == [0, 2]


@pytest.mark.parametrize(("gap", "judged"), [(9, True), (10, True), (10.1, False)])
def test_a_session_ends_with_a_gap(*, gap: float, judged: bool) -> None:
    assert sessions(session(), (0, 170), (gap, 170)).known.tolist() == [False, judged]


def test_the_first_of_a_session_may_be_left_out() -> None:
    rule = session(drop_first=1)
    verdicts = sessions(rule, (0, 200), (2, 150), (4, 151), (600, 200), (602, 150))
    assert verdicts.known.tolist() == [False, False, True, False, False]
    assert verdicts.value[2] == 150.5


def test_an_endless_session_counts_with_its_last_four_hours() -> None:
    rows = of(Kind.HEART_RATE, *([100.0] * 30 + [60.0] * 60), every=minutes(5))
    rule = session(kind=Kind.HEART_RATE, bounds=(bound("heart_rate", ">=", 90),))
    verdicts = session_mean(series(rows), rule)
    assert verdicts.value[29] == 100
    assert verdicts.value[-1] == 60
    assert verdicts.count[-1] == 49


def test_a_mean_on_its_bound_is_on_it_whatever_stood_before() -> None:
    values = [0.1 * index + 61.3 for index in range(50)] + [130.1, 129.9]
    verdicts = sessions(
        session(bounds=(bound("systolic", ">=", 130),)),
        *((index * 60 if index < 51 else 50 * 60 + 1, value) for index, value in enumerate(values)),
    )
    assert verdicts.value[-1] == 130.0
    assert verdicts.breach[-1]


@pytest.mark.parametrize(("last", "breach"), [(127, False), (128, True), (129, True)])
def test_a_window_mean_below_at_and_above(*, last: float, breach: bool) -> None:
    assert bool(means(window(), (0, 130), (1, 132), (2, last)).breach[-1]) is breach


def test_a_window_is_so_many_local_days_with_today() -> None:
    verdicts = means(window(days=3), (0, 200), (1, 120), (2, 120), (3, 120))
    assert verdicts.count.tolist() == [1, 2, 3, 3]
    assert verdicts.value[-1] == 120


def test_each_day_of_a_window_weighs_the_same() -> None:
    verdicts = means(window(), (0, 120), (1, 150), (1.1, 150), (1.2, 150), (2, 120))
    assert verdicts.value.tolist() == [120, 135, 135, 135, 130]
    assert verdicts.count.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("last", "breach"), [(388.999, False), (389, True), (389.001, True)])
def test_thirds_of_days_come_out_on_the_bound(*, last: float, breach: bool) -> None:
    """Days of 389/3, 390/3 and 391/3: no third is lost on the way."""
    steps: list[tuple[float, float]] = [
        (0, 130), (0.1, 130), (0.2, last - 260),
        (1, 130), (1.1, 130), (1.2, 130),
        (2, 130), (2.1, 130), (2.2, 131),
    ]  # fmt: skip
    assert bool(means(window(), *steps).breach[-1]) is breach


def test_a_window_is_not_judged_before_days_and_readings_suffice() -> None:
    rule = window(min_days=3, min_count=4)
    verdicts = means(rule, (0, 140), (0.1, 140), (1, 140), (1.1, 140), (2, 140))
    assert verdicts.known.tolist() == [False] * 4 + [True]


def test_the_first_day_of_a_series_is_left_out() -> None:
    rule = window(drop_first_day=True)
    verdicts = means(rule, (0, 180), (0.2, 180), (1, 120), (2, 122))
    assert verdicts.known.tolist() == [False, False, True, True]
    assert verdicts.value[-1] == 121


@pytest.mark.parametrize(("pause", "anew"), [(6, False), (7, False), (8, True)])
def test_a_pause_longer_than_the_window_begins_a_new_series(*, pause: int, anew: bool) -> None:
    rule = window(drop_first_day=True)
    verdicts = means(rule, (0, 180), (1, 120), (1 + pause, 120))
    assert bool(verdicts.known[-1]) is not anew


def test_only_protocol_hours_count_where_asked() -> None:
    hours = (3.99, 4, 11.98, 12, 16.98, 17, 23.98)
    rows = [pressure(dt.timedelta(hours=hour - 8), 140) for hour in hours]
    verdicts = window_mean(series(rows), window(protocol_hours=True))
    assert verdicts.known.tolist() == [False, True, True, False, False, True, True]


def test_doubtful_readings_and_hi_and_lo_are_in_no_mean() -> None:
    assert means(window(), (0, 200), (1, 120), doubt=(0,)).value[-1] == 120
    rule = window(kind=Kind.GLUCOSE, bounds=(bound("glucose", ">", 180),))
    verdicts = window_mean(series(of(Kind.GLUCOSE, HI, 100, LO, 110)), rule)
    assert verdicts.known.tolist() == [False, True, False, True]
    assert verdicts.value[-1] == 105
    assert np.isnan(verdicts.value[0])


def test_the_clear_limit_holds_a_mean() -> None:
    rule = window(days=1, bounds=(bound("systolic", ">=", 130, 125),))
    verdicts = means(rule, (0, 130), (1, 126), (2, 125))
    assert verdicts.hold.tolist() == [True, True, False]
