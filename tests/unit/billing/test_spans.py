import datetime as dt
import time

from hypothesis import given
from hypothesis import strategies as st

from billing.spans import (
    Span,
    earliest_keeps,
    first,
    fitted,
    length,
    minus,
    shared,
    union,
    whole_seconds,
    within,
)
from tests.unit.billing.making import MINUTE, NOON, SECOND, at, span

edges = st.integers(0, 60)
some = st.lists(st.tuples(edges, edges).map(lambda pair: span(*pair)), max_size=8)


def test_what_touches_is_one_span_and_what_is_empty_is_none() -> None:
    assert union([span(5, 9), span(0, 5), span(3, 3)]) == (span(0, 9),)


def test_a_second_that_is_not_over_does_not_count() -> None:
    almost = NOON + SECOND - dt.timedelta(microseconds=1)
    assert whole_seconds([(NOON, almost)]) == 0
    assert whole_seconds([(NOON, NOON + SECOND)]) == 1
    assert whole_seconds([(NOON, NOON + SECOND + dt.timedelta(microseconds=1))]) == 1


@given(some, some)
def test_spans_are_either_taken_or_left(spans: list[Span], taken: list[Span]) -> None:
    left, both = minus(spans, taken), shared(spans, taken)
    assert length(left) + length(both) == length(spans)
    assert not shared(left, taken)
    assert union([*left, *both]) == union(spans)


@given(st.lists(some, max_size=7))
def test_each_instant_goes_to_the_first_that_wants_it_as_if_asked_one_after_the_other(
    claims: list[list[Span]],
) -> None:
    taken: tuple[Span, ...] = ()
    for spans, kept in zip(claims, earliest_keeps(claims), strict=True):
        assert kept == minus(spans, taken)
        taken = union([*taken, *spans])


def test_thirty_thousand_that_overlap_are_shared_out_in_one_look() -> None:
    """One after the other they would take minutes."""
    claims = [[(NOON + n * SECOND, NOON + (n + 90) * SECOND)] for n in range(30_000)]
    begun = time.process_time()
    kept = earliest_keeps(claims)
    assert time.process_time() - begun < 10
    assert kept[0] == (claims[0][0],)
    assert all(length(each) == SECOND for each in kept[1:])


def test_less_is_the_first_of_what_was_counted() -> None:
    counted = [span(0, 5), span(10, 20)]
    assert fitted(counted, 7 * MINUTE, since=at(0), until=at(30)) == (span(0, 5), span(10, 12))
    assert first(counted, 5 * MINUTE) == (span(0, 5),)


def test_more_takes_in_the_pauses_and_nothing_that_is_taken() -> None:
    counted = [span(0, 5), span(10, 15)]
    found = fitted(counted, 13 * MINUTE, since=at(0), until=at(20), taken=[span(5, 8)])
    assert found == (span(0, 5), span(8, 16))
    assert not shared(found, [span(5, 8)])


def test_more_than_there_was_is_what_there_was() -> None:
    assert fitted([span(0, 5)], 60 * MINUTE, since=at(0), until=at(9)) == (span(0, 9),)


@given(some, st.integers(0, 90), some)
def test_a_fit_is_never_longer_than_wanted_nor_than_the_wall_clock(
    counted: list[Span], minutes: int, taken: list[Span]
) -> None:
    counted, taken = list(within(counted, at(0), at(60))), list(minus(taken, counted))
    found = fitted(counted, minutes * MINUTE, since=at(0), until=at(60), taken=taken)
    assert length(found) <= minutes * MINUTE
    assert found == within(found, at(0), at(60))
    assert not shared(found, taken)
