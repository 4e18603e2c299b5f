import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.letter_quota import LetterQuota, kept_bytes

QUOTA = LetterQuota(most_letters=10, most_bytes=1000, beginning_bytes=64)


@pytest.mark.parametrize(("taken", "kept"), [(899, 100), (900, 100), (901, 64)])
def test_a_letter_is_whole_as_long_as_the_bytes_last(taken: int, kept: int) -> None:
    assert kept_bytes(100, letters=1, taken=taken, quota=QUOTA) == kept


@pytest.mark.parametrize(("size", "kept"), [(63, 63), (64, 64), (65, 64)])
def test_of_what_comes_after_that_the_beginning_is_kept(size: int, kept: int) -> None:
    assert kept_bytes(size, letters=1, taken=1000, quota=QUOTA) == kept


@pytest.mark.parametrize(("letters", "kept"), [(9, 5), (10, None), (11, None)])
def test_too_many_letters_are_only_counted(letters: int, kept: int | None) -> None:
    assert kept_bytes(5, letters=letters, taken=0, quota=QUOTA) == kept


@given(st.lists(st.integers(0, 1500), max_size=50))
def test_no_flood_takes_more_than_the_quota_and_the_beginnings(sizes: list[int]) -> None:
    letters = taken = 0
    for size in sizes:
        kept = kept_bytes(size, letters=letters, taken=taken, quota=QUOTA)
        if kept is not None:
            letters, taken = letters + 1, taken + kept
    assert letters <= QUOTA.most_letters
    assert taken <= QUOTA.most_bytes + QUOTA.most_letters * QUOTA.beginning_bytes
