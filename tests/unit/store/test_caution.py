"""When a batch is looked up before it is copied."""

import pytest

from store.caution import STEADY_ROWS, Caution


def test_a_process_begins_cautiously() -> None:
    """A broker sends again what its predecessor had not acknowledged."""
    assert Caution().looks_first


@pytest.mark.parametrize(("new", "looks"), [(-1, True), (0, False), (1, False)])
def test_enough_new_readings_in_a_row_are_believed(new: int, *, looks: bool) -> None:
    caution = Caution()
    caution.all_new(STEADY_ROWS // 2)
    caution.all_new(STEADY_ROWS - STEADY_ROWS // 2 + new)
    assert caution.looks_first is looks


def test_one_that_comes_again_brings_caution_back() -> None:
    caution = Caution()
    caution.all_new(STEADY_ROWS)
    caution.seen_again()
    assert caution.looks_first
    caution.all_new(STEADY_ROWS - 1)
    assert caution.looks_first
    caution.all_new(1)
    assert not caution.looks_first
