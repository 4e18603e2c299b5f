"""Blood pressure statistics, by hand."""

import math

import numpy as np
import pytest

from alerts.columns.series import DAY_US, Floats, Ints
from alerts.statistics import pressure

MINUTE_US = DAY_US // 1440


def numbers(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def minutes(*values: float) -> Ints:
    return np.array([value * MINUTE_US for value in values], dtype=np.int64)


def days(*values: float) -> Ints:
    return np.array([value * DAY_US for value in values], dtype=np.int64)


def test_five_readings_by_hand() -> None:
    found = pressure.summary(days(0, 1, 2, 3, 4), numbers(120, 130, 125, 135, 140))
    assert (found.count, found.mean, found.span) == (5, 130, 20)
    assert found.sd == pytest.approx(math.sqrt(250 / 4))
    assert found.cv == pytest.approx(100 * math.sqrt(250 / 4) / 130)
    assert found.arv == 7.5  # 10, 5, 10, 5.
    assert found.rmssd == pytest.approx(math.sqrt(250 / 4))
    # The line is 121 + 4.5 a day; left over: -1, 4.5, -5, 0.5, 1.
    assert found.sd_regression == pytest.approx(math.sqrt(47.5 / 3))


def test_what_has_no_number_is_left_out() -> None:
    with_holes = pressure.summary(days(0, 1, 2, 3), numbers(120, math.nan, math.inf, 130))
    assert with_holes == pytest.approx(pressure.summary(days(0, 3), numbers(120, 130)), nan_ok=True)
    assert (with_holes.count, with_holes.arv) == (2, 10)


def test_one_reading_has_a_mean_only() -> None:
    found = pressure.summary(days(0), numbers(120))
    assert (found.mean, found.span) == (120, 0)
    assert all(
        math.isnan(value)
        for value in (found.sd, found.cv, found.arv, found.rmssd, found.sd_regression)
    )
    assert math.isnan(pressure.summary(days(), numbers()).mean)


def test_readings_at_one_instant_have_no_line() -> None:
    assert math.isnan(pressure.summary(days(0, 0, 0), numbers(1, 2, 3)).sd_regression)


def test_the_exponent_of_vim_is_found_again() -> None:
    means = numbers(110, 120, 130, 140, 160)
    assert pressure.variation_exponent(means, 0.01 * means**1.4) == pytest.approx(1.4)
    assert math.isnan(pressure.variation_exponent(means[:2], means[:2]))
    assert math.isnan(pressure.variation_exponent(numbers(120, 120, 120), numbers(1, 2, 3)))


def test_vim_takes_the_level_out_of_the_spread() -> None:
    at_120, at_160 = 0.01 * 120**1.4, 0.01 * 160**1.4
    low = pressure.vim(at_120, 120, exponent=1.4, of_all=140)
    high = pressure.vim(at_160, 160, exponent=1.4, of_all=140)
    assert low == pytest.approx(high)
    assert pressure.vim(9, 120, exponent=0, of_all=140) == 9


def test_mornings_less_evenings() -> None:
    times = [239, 240, 719, 720, 1019, 1020, 1439]
    found = pressure.morning_evening(
        np.array(times, dtype=np.int64), numbers(999, 120, 130, 999, 999, 140, 146)
    )
    assert found == 125 - 143
    assert math.isnan(pressure.morning_evening(np.array([300]), numbers(120)))


def test_readings_ten_minutes_apart_are_one_session() -> None:
    found = pressure.sessions(minutes(0, 10, 20.1, 40), numbers(150, 140, 130, 120))
    assert list(found.mean) == [145, 130, 120]
    assert list(found.count) == [2, 1, 1]
    assert list(found.at) == list(minutes(0, 20.1, 40))
    long = pressure.sessions(minutes(0, 9, 18, 27), numbers(1, 2, 3, 4))
    assert (list(long.mean), list(long.count)) == ([2.5], [4])
    assert len(pressure.sessions(minutes(), numbers()).mean) == 0


def week(per_session: int = 2, length: int = 7) -> tuple[Ints, Ints, Floats]:
    """Day 0 is 20 mmHg higher than the 130 of the rest."""
    day = np.repeat(np.arange(length), 2 * per_session)
    minute = np.tile(np.repeat([480, 1200], per_session), length)
    return day, minute, np.where(day == 0, 150.0, 130.0)


def test_the_protocol_leaves_the_first_day_out() -> None:
    found = pressure.protocol_mean(*week())
    assert (found.mean, found.count, found.days, found.enough) == (130, 24, 6, True)
    assert pressure.protocol_mean(*week(), drop_first_day=False).count == 28


def test_readings_at_noon_and_at_night_are_not_of_the_protocol() -> None:
    day, minute, values = week()
    found = pressure.protocol_mean(
        np.append(day, [3, 3]), np.append(minute, [720, 120]), np.append(values, [250, 250])
    )
    assert (found.mean, found.count) == (130, 24)


@pytest.mark.parametrize(("length", "enough"), [(3, False), (4, True), (5, True)])
def test_three_days_and_twelve_readings_must_remain(length: int, *, enough: bool) -> None:
    found = pressure.protocol_mean(*week(length=length))
    assert (found.enough, math.isnan(found.mean)) == (enough, not enough)
    assert not pressure.protocol_mean(*week(per_session=1, length=length)).enough


def test_only_the_last_week_counts() -> None:
    day, minute, values = week(length=9)
    found = pressure.protocol_mean(day, minute, values)
    assert (found.days, found.mean) == (6, 130)
    nothing = pressure.protocol_mean(day[:0], minute[:0], values[:0])
    assert (nothing.count, nothing.enough) == (0, False)
