"""Which spans would own one reading together."""

import datetime as dt

import pytest

from care.assignments import overlapping
from tests.unit.care.test_attribution import ANN, BOB, END, INSTANT, START, held

LATER = END + dt.timedelta(days=10)
HELD = held(ANN, starts=START, ends=END)


@pytest.mark.parametrize(
    ("starts", "ends", "meets"),
    [
        (END - INSTANT, LATER, True),
        (END, LATER, False),
        (END + INSTANT, LATER, False),
        (START - dt.timedelta(days=1), START, False),
        (START - dt.timedelta(days=1), START + INSTANT, True),
        (START - dt.timedelta(days=1), None, True),
        (START + INSTANT, END - INSTANT, True),
    ],
)
def test_spans_are_half_open(starts: dt.datetime, ends: dt.datetime | None, *, meets: bool) -> None:
    wanted = held(BOB, starts=starts, ends=ends)
    assert overlapping(wanted, [HELD]) == (HELD if meets else None)
    assert (overlapping(HELD, [wanted]) is not None) is meets


def test_an_assignment_without_end_bars_all_that_come_after() -> None:
    endless = held(ANN)
    assert overlapping(held(BOB, starts=LATER), [endless]) is endless


@pytest.mark.parametrize(
    ("slot", "taken", "meets"),
    [(1, 2, False), (1, 1, True), (None, 1, True), (1, None, True), (None, None, True)],
)
def test_slots_are_apart_and_the_whole_device_holds_them_all(
    slot: int | None, taken: int | None, *, meets: bool
) -> None:
    assert (overlapping(held(BOB, slot=slot), [held(ANN, slot=taken)]) is not None) is meets
