from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from store.progress import multirange, ranges

numbers = st.lists(st.integers(min_value=0, max_value=60))


@given(numbers)
def test_ranges_hold_exactly_the_numbers(given_numbers: list[int]) -> None:
    held = [number for low, high in ranges(given_numbers) for number in range(low, high)]
    assert held == sorted(set(given_numbers))


@given(numbers)
def test_ranges_do_not_touch(given_numbers: list[int]) -> None:
    found = ranges(given_numbers)
    assert all(high < low for (_, high), (low, _) in pairwise(found))


def test_a_hole_parts_two_ranges() -> None:
    assert multirange([3, 1, 2, 5, 5]) == "{[1,4),[5,6)}"


def test_no_numbers_are_the_empty_multirange() -> None:
    assert multirange([]) == "{}"
