import datetime as dt

import pytest

from console.throttle import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, MOST_KEYS, Throttle

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def after(failures: int) -> Throttle:
    throttle = Throttle()
    for _ in range(failures):
        throttle.failed("ada", now=NOW)
    return throttle


@pytest.mark.parametrize(
    ("failures", "wait_s"), [(FREE_TRIES - 1, 0), (FREE_TRIES, 10), (FREE_TRIES + 1, 20)]
)
def test_a_few_mistypings_are_free_and_then_the_wait_doubles(failures: int, wait_s: int) -> None:
    assert after(failures).wait_s("ada", now=NOW) == wait_s


def test_the_wait_has_an_end() -> None:
    assert after(100).wait_s("ada", now=NOW) == LONGEST_WAIT.total_seconds()


@pytest.mark.parametrize(("seconds", "wait_s"), [(9.5, 1), (10, 0), (10.5, 0)])
def test_time_passes(seconds: float, wait_s: int) -> None:
    now = NOW + dt.timedelta(seconds=seconds)
    assert after(FREE_TRIES).wait_s("ada", now=now) == wait_s


def test_the_longest_wait_of_all_keys_counts() -> None:
    throttle = after(FREE_TRIES)
    assert throttle.wait_s("192.0.2.1", now=NOW) == 0
    assert throttle.wait_s("192.0.2.1", "ada", now=NOW) == FIRST_WAIT.total_seconds()


def test_success_clears_the_slate() -> None:
    throttle = after(FREE_TRIES)
    throttle.succeeded("ada")
    assert throttle.wait_s("ada", now=NOW) == 0


def test_failures_of_long_ago_are_forgotten() -> None:
    throttle = after(FREE_TRIES)
    later = NOW + dt.timedelta(hours=1, seconds=1)
    throttle.failed("ada", now=later)
    assert throttle.wait_s("ada", now=later) == 0


def test_the_memory_is_bounded() -> None:
    throttle = after(FREE_TRIES)
    throttle.failed(*(f"key {n}" for n in range(MOST_KEYS)), now=NOW)
    assert throttle.wait_s("ada", now=NOW) == 0
