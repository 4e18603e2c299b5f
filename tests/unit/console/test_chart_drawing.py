"""Scales, ticks, paths, fewer points: what a chart is drawn with."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.columns.series import DAY_US
from care.rules import Op, Severity
from console.chart.bands import Level
from console.chart.decimation import POINTS_MOST, kept
from console.chart.drawing import _free, _words_y, beside, scale_of
from console.chart.figure import EdgeLine
from console.chart.gaps import gaps
from console.chart.lines import session_means, seven_days
from console.chart.plots import Plot
from console.chart.svg import paths
from console.chart.svg.days import day_ticks, microseconds
from console.chart.svg.scales import TimeScale, ValueScale, rounded_out, step_of, ticks
from console.web.formats import Units

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 100, 5, (0, 20, 40, 60, 80, 100)),
        (80, 200, 6, (80, 100, 120, 140, 160, 180, 200)),
        (36.2, 38.1, 4, (36.5, 37, 37.5, 38)),
        (-3, 3, 3, (-2, 0, 2)),
    ],
)
def test_ticks_are_round_numbers_within(
    low: float, high: float, most: int, expected: tuple[float, ...]
) -> None:
    assert ticks(low, high, most) == expected


@given(
    st.floats(-1e5, 1e5),
    st.floats(0.01, 1e5),
    st.integers(2, 10),
)
def test_never_more_ticks_than_asked_and_all_within(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - 1e-6 <= each <= low + span + 1e-6 for each in found)


def test_a_step_needs_something_to_cut() -> None:
    with pytest.raises(ValueError, match="no step"):
        step_of(0, 5)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(112, 168, (100, 180)), (100, 180, (100, 180)), (81.0, 81.0, (79, 83))],
)
def test_a_scale_is_rounded_out(low: float, high: float, expected: tuple[float, float]) -> None:
    assert rounded_out(low, high, 4) == pytest.approx(expected)


def test_values_lie_from_the_top_down_and_hi_and_lo_at_the_edges() -> None:
    scale = ValueScale(low=100, high=200, height=50)
    assert scale.places(np.array([200.0, 150.0, 100.0, np.inf, -np.inf])).tolist() == [
        0,
        25,
        50,
        0,
        50,
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (-50, 50, (0.0, 50.0)),
        (50, 500, (50.0, 50.0)),
        (-10, 0, None),
        (-10, 1, (0.0, 1.0)),
        (100, 200, None),
        (99, 200, (99.0, 1.0)),
    ],
)
def test_a_span_is_clipped_to_what_can_be_seen(
    first: int, last: int, expected: tuple[float, float] | None
) -> None:
    assert TimeScale(since=0, until=100).clipped(first, last) == expected


def test_dots_are_strokes_without_length_and_lines_break_where_a_number_is_missing() -> None:
    x, y = np.array([0.0, 10.0, 20.0, 30.0]), np.array([5.0, np.nan, 6.0, 7.25])
    assert paths.dots(x, y) == "M0 5.0h0M20 6.0h0M30 7.2h0"
    assert paths.line(x, y) == "M0 5.0M20 6.0L30 7.2"
    apart = np.array([False, False, False, True])
    assert paths.line(x, y, breaks=apart) == "M0 5.0M20 6.0M30 7.2"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (14, ["10 Nov", "12 Nov", "14 Nov", "16 Nov", "18 Nov", "20 Nov", "22 Nov"]),
        (30, ["26 Oct", "2 Nov", "9 Nov", "16 Nov"]),
        (365, ["Dec", "Jan 2026", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
               "Nov"]),
        (1200, ["2024", "2025", "2026"]),
    ],
)  # fmt: skip
def test_the_time_axis_is_named_by_days_weeks_months_or_years(days: int, words: list[str]) -> None:
    until = dt.datetime(2026, 11, 22, 23, tzinfo=NEW_YORK)
    since = until - dt.timedelta(days=days)
    found = day_ticks(microseconds(since), microseconds(until), NEW_YORK)
    assert [tick.words for tick in found if tick.words] == words


def test_day_ticks_are_midnights_of_the_patients_zone_also_when_clocks_change() -> None:
    since = dt.datetime(2026, 10, 30, 12, tzinfo=NEW_YORK)
    until = dt.datetime(2026, 11, 4, 12, tzinfo=NEW_YORK)
    for tick in day_ticks(microseconds(since), microseconds(until), NEW_YORK):
        assert dt.datetime.fromtimestamp(tick.at / 1e6, NEW_YORK).hour == 0


@pytest.mark.parametrize(("count", "thinned"), [(799, False), (800, False), (801, True)])
def test_all_points_are_drawn_up_to_a_number_and_fewer_from_there_on(
    count: int, *, thinned: bool
) -> None:
    at = np.arange(count, dtype=np.int64)
    found = kept(
        at, [at.astype(np.float64)], always=np.zeros(count, dtype=np.bool_), most=POINTS_MOST
    )
    assert (found.bucket_us is not None) is thinned
    assert (len(found.rows) < count) is thinned
    assert found.of == count


@given(st.integers(0, 2**32 - 1))
def test_thinning_keeps_the_extremes_of_every_column_and_what_is_always_shown(seed: int) -> None:
    rng = np.random.default_rng(seed)
    at = np.sort(rng.integers(0, 365 * DAY_US, 3000))
    one, other = rng.normal(130, 15, 3000), rng.normal(80, 8, 3000)
    one[rng.integers(0, 3000, 50)] = np.nan
    always = np.zeros(3000, dtype=np.bool_)
    always[[7, 1500]] = True
    found = kept(at, [one, other], always=always)
    rows = set(found.rows.tolist())
    assert {int(np.nanargmax(one)), int(np.nanargmin(one))} <= rows
    assert {int(other.argmax()), int(other.argmin()), 7, 1500} <= rows
    assert len(rows) <= POINTS_MOST + 2 * 2 + 2
    assert found.rows.tolist() == sorted(rows)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], []),
        ([1, 4, 10], [(5, 9)]),
        ([1, 5, 10], [(2, 4), (6, 9)]),
        ([5], [(1, 4), (6, 10)]),
        ([], [(1, 10)]),
        ([3, 7, 8, 10], [(4, 6)]),
    ],
)
def test_gaps_are_three_days_or_more_without_a_reading(
    days: list[int], expected: list[tuple[int, int]]
) -> None:
    found = gaps(np.array(days, dtype=np.int64), first=1, last=10)
    assert [(gap.first, gap.last) for gap in found] == expected
    assert all(gap.words == f"no readings, {gap.days} days" for gap in found)


def test_seven_days_weigh_each_day_the_same_and_need_three_of_them() -> None:
    day = np.array([0, 0, 0, 1, 2, 9], dtype=np.int64)
    at = day * DAY_US + np.array([1, 2, 3, 1, 1, 1])
    line = seven_days(at, day, np.array([100.0, 110, 120, 140, 150, 200]))
    assert line.values[:2].tolist() == pytest.approx([np.nan, np.nan], nan_ok=True)
    assert line.values[2] == pytest.approx((110 + 140 + 150) / 3)
    assert np.isnan(line.values[3])
    assert line.breaks.tolist() == [False, False, False, True]


def test_the_seventh_day_back_counts_and_the_eighth_does_not() -> None:
    day = np.array([0, 1, 2, 6, 7, 8], dtype=np.int64)
    line = seven_days(day * DAY_US, day, np.array([100.0, 110, 120, 130, 140, 150]))
    assert line.values[3] == pytest.approx((100 + 110 + 120 + 130) / 4)
    assert line.values[4] == pytest.approx((110 + 120 + 130 + 140) / 4)
    assert line.values[5] == pytest.approx((120 + 130 + 140 + 150) / 4)


def test_sessions_are_of_two_readings_or_more() -> None:
    minute = DAY_US // 1440
    at = np.array([0, 9, 30, 60, 70, 81], dtype=np.int64) * minute
    line = session_means(at, np.array([120.0, 130, 200, 140, 150, 10]))
    assert line.values.tolist() == [125, 145]


def level(value: float, op: str = ">=") -> Level:
    return Level(severity=Severity.HIGH, op=Op(op), value=value, of="")


@pytest.mark.parametrize(
    ("limits", "low", "high"),
    [
        ([], 100, 160),  # 40 at least: noise is no storm.
        ([150.0], 100, 160),
        ([160.0], 100, 180),  # Near enough to be shown, with a little air beyond.
        ([300.0], 100, 160),  # Too far away to say anything.
    ],
)
def test_an_axis_reaches_to_the_limits_that_are_near(
    limits: list[float], low: float, high: float
) -> None:
    plot = Plot(metric="systolic", height=90, narrowest=40)
    values = np.array([120.0, 140.0, np.nan, np.inf])
    scale = scale_of(plot, values, [level(each) for each in limits], Units())
    assert (scale.low, scale.high) == (low, high)


def test_an_axis_does_not_go_beyond_what_there_can_be() -> None:
    plot = Plot(metric="spo2", height=170, narrowest=10, highest=100)
    scale = scale_of(plot, np.array([98.0, 99.0]), [level(91, "<=")], Units())
    assert scale.high == 100
    assert scale.low <= 90


def edge(y: float, *, last: bool = True) -> EdgeLine:
    return EdgeLine(
        x=0, width=100, y=y, severity=Severity.HIGH, words=str(y), words_y=None, last=last
    )


def test_words_beside_the_plot_keep_apart_and_inside() -> None:
    found = beside((edge(50), edge(53), edge(2), edge(98), edge(99), edge(10, last=False)), 100)
    places = sorted(each.margin_y for each in found if each.margin_y is not None)
    assert len(places) == 5
    assert all(after - before >= 11.9 for before, after in itertools.pairwise(places))
    assert 10 <= places[0] <= places[-1] <= 97


def test_what_still_holds_is_always_named_apart_from_the_others_and_inside() -> None:
    scale, taken = ValueScale(low=0, high=100, height=100), list[float]()
    wanted = [(3.0, True), (0.0, True), (99.0, False), (95.0, False), (50.0, True), (52.0, True)]
    found = [_words_y(y, taken, scale, upward=up, always=True) for y, up in wanted]
    places = sorted(each for each in found if each is not None)
    assert len(places) == len(wanted)
    assert all(after - before >= 12 for before, after in itertools.pairwise(places))
    assert 10 <= places[0] <= places[-1] <= 98
    # What held before is named beside its line or not at all.
    assert _words_y(50.0, taken, scale, upward=True, always=False) is None


def test_the_name_of_a_plan_lies_over_no_point() -> None:
    assert _free([], 100) == 94
    assert all(abs(_free([90.0, 88.0], 100) - 4 - each) >= 12 for each in (90.0, 88.0))
