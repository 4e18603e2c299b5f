import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.gaps import ASK_AGAIN_MAX, Known, Span, judge, missing
from store.progress import ranges

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def known(*received: Span, **facts: Any) -> Known:
    return Known(gateway="gw-1", received=received, **facts)


@given(st.sets(st.integers(min_value=1, max_value=100)))
def test_what_came_and_what_is_missing_make_up_the_whole(numbers: set[int]) -> None:
    holes = missing(known(*ranges(numbers)))
    absent = {n for start, end in holes for n in range(start, end)}
    assert absent | numbers == set(range(1, max(numbers, default=0) + 1))
    assert not absent & numbers


def test_nothing_is_missing_from_a_gapless_start() -> None:
    assert missing(known((1, 51))) == ()


def test_what_lies_between_is_missing() -> None:
    assert missing(known((1, 51), (53, 101))) == ((51, 53),)


def test_what_lies_before_the_first_is_missing() -> None:
    assert missing(known((4, 6))) == ((1, 4),)


@pytest.mark.parametrize(("queued", "holes"), [(4, ((51, 56),)), (5, ()), (6, ())])
def test_the_tail_is_missing_where_the_gateway_does_not_hold_it_any_more(
    queued: int, holes: tuple[Span, ...]
) -> None:
    assert missing(known((1, 51), last_seq=55, queue_depth=queued)) == holes


def test_everything_is_missing_from_an_empty_database() -> None:
    assert missing(known(last_seq=3)) == ((1, 4),)


def test_no_gap_is_no_gap() -> None:
    assert judge(known((1, 51), gap_since=NOON), now=NOON) is None


@pytest.mark.parametrize(("seconds", "ask"), [(29.9, False), (30, True), (30.1, True)])
def test_a_gap_is_asked_for_after_half_a_minute(*, seconds: float, ask: bool) -> None:
    gap = judge(known((3, 4), gap_since=NOON), now=after(seconds))
    assert gap is not None
    assert (gap.first, gap.count, gap.since, gap.ask) == (1, 2, NOON, ask)


@pytest.mark.parametrize(("seconds", "visible"), [(899, False), (900, True), (901, True)])
def test_a_gap_is_shown_after_a_quarter_of_an_hour(*, seconds: float, visible: bool) -> None:
    gap = judge(known((3, 4), gap_since=NOON), now=after(seconds))
    assert gap is not None
    assert gap.visible(after(seconds)) is visible


def test_a_gap_whose_beginning_arrived_is_a_new_gap() -> None:
    before = judge(known((3, 4), gap_since=NOON), now=after(20))
    gap = judge(known((1, 3), (5, 6), gap_since=NOON), now=after(60), before=before)
    assert gap is not None
    assert (gap.since, gap.ask) == (after(60), False)


def test_a_gap_keeps_its_age_when_more_arrives_behind_it() -> None:
    before = judge(known((3, 4), gap_since=NOON), now=after(20))
    gap = judge(known((3, 9), gap_since=None), now=after(60), before=before)
    assert gap is not None
    assert (gap.since, gap.ask) == (NOON, True)


@pytest.mark.parametrize(
    ("asked_after", "again_after", "ask"),
    [
        (30, 89, False),  # A minute at least.
        (30, 90, True),
        (600, 1199, False),  # Then as long as it has lasted.
        (600, 1200, True),
    ],
)
def test_the_same_question_is_put_ever_less_often(
    *, asked_after: float, again_after: float, ask: bool
) -> None:
    subject = known((3, 4), gap_since=NOON, asked_at=after(asked_after), resend_from=1)
    gap = judge(subject, now=after(again_after))
    assert gap is not None
    assert gap.ask is ask


def test_but_at_least_once_a_day() -> None:
    asked = NOON + dt.timedelta(days=30)
    subject = known((3, 4), gap_since=NOON, asked_at=asked, resend_from=1)
    gap = judge(subject, now=asked + ASK_AGAIN_MAX)
    assert gap is not None
    assert gap.ask


def test_an_earlier_gap_than_the_one_asked_for_is_asked_for_at_once() -> None:
    subject = known((5, 6), gap_since=NOON, asked_at=after(40), resend_from=9)
    gap = judge(subject, now=after(41))
    assert gap is not None
    assert gap.ask
