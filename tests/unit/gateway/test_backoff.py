from hypothesis import given
from hypothesis import strategies as st

from gateway.backoff import full_jitter


def wait(attempt: int, chance: float) -> float:
    return full_jitter(attempt, first_s=5, most_s=300, chance=chance)


def test_the_bound_doubles_from_five_seconds_to_five_minutes() -> None:
    bounds = [round(wait(attempt, 1)) for attempt in range(1, 9)]
    assert bounds == [5, 10, 20, 40, 80, 160, 300, 300]


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_no_wait_is_shorter_than_an_answer_takes_or_longer_than_five_minutes(
    attempt: int, chance: float
) -> None:
    assert 2.5 <= wait(attempt, chance) <= 300
