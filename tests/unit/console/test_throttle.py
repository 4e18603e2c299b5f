import datetime as dt

import pytest

from console.throttle import FORGOTTEN_AFTER, FREE_TRIES, LONGEST_WAIT, wait_s

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def wait_after(failures: int, *, passed: dt.timedelta = dt.timedelta()) -> int:
    return wait_s(failures, NOW, free_tries=FREE_TRIES, now=NOW + passed)


@pytest.mark.parametrize(
    ("failures", "wait"), [(FREE_TRIES - 1, 0), (FREE_TRIES, 10), (FREE_TRIES + 1, 20)]
)
def test_a_few_mistypings_are_free_and_then_the_wait_doubles(failures: int, wait: int) -> None:
    assert wait_after(failures) == wait


def test_the_wait_has_an_end() -> None:
    assert wait_after(100) == LONGEST_WAIT.total_seconds()


@pytest.mark.parametrize(("seconds", "wait"), [(9.5, 1), (10, 0), (10.5, 0)])
def test_time_passes(seconds: float, wait: int) -> None:
    assert wait_after(FREE_TRIES, passed=seconds * SECOND) == wait


@pytest.mark.parametrize("off", [-SECOND, 0 * SECOND, SECOND])
def test_failures_of_long_ago_hold_nobody_off(off: dt.timedelta) -> None:
    assert wait_after(1000, passed=FORGOTTEN_AFTER + off) == 0
