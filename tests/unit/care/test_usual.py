"""What is usual for a person, at its edges."""

import datetime as dt
import random
from uuid import UUID

import pytest
from msgspec.structs import replace

from care.usual import Judged, Weighed, judge, usual

START = dt.datetime(2026, 11, 2, 7, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def weighed(day: float, number: float, **changes: bool) -> Weighed:
    facts = {"shared": True, "doubted": False, "settled": False} | changes
    return Weighed(
        id=UUID(int=round(day * 100) + 1), measured_at=START + day * DAY, number=number, **facts
    )


WEEK = [weighed(day, 80.0) for day in range(5)]


def judged(*last: Weighed, since: float = 0) -> list[float]:
    """The numbers that are in doubt."""
    found = judge([*WEEK, *last], since=START + since * DAY)
    return [each.number for each in found.doubted]


@pytest.mark.parametrize(
    ("number", "is_far"),
    [(83.9, False), (84.0, False), (84.1, True), (76.1, False), (76.0, False), (75.9, True)],
)
def test_five_per_cent_off_the_week_is_far_where_weights_hardly_move(
    number: float, *, is_far: bool
) -> None:
    assert bool(judged(weighed(5, number))) is is_far


def test_who_moves_much_is_allowed_four_deviations() -> None:
    known = usual([78.0, 79.0, 80.0, 82.0, 84.0])
    assert known is not None
    assert (known.middle, known.allowed) == (80.0, 8.0)
    assert not known.is_far(88.0)
    assert known.is_far(88.1)


def test_two_readings_tell_nothing() -> None:
    assert usual([80.0, 80.0]) is None
    assert judge([*WEEK[:2], weighed(3, 60.0)], since=START) == Judged()


def test_a_scale_of_ones_own_leaves_no_doubt_whose_it_is() -> None:
    assert judged(weighed(5, 60.0, shared=False)) == []


def test_what_a_person_has_confirmed_is_not_asked_about_again() -> None:
    assert judged(weighed(5, 60.0, settled=True)) == []


def test_near_what_was_confirmed_is_believed_for_a_week() -> None:
    confirmed = weighed(5, 72.0, settled=True)
    assert judged(confirmed, weighed(6, 72.4), weighed(7, 60.0)) == [60.0]


def test_what_is_in_doubt_is_no_part_of_what_is_usual() -> None:
    others = [weighed(5 + n / 10, 60.0) for n in range(9)]
    assert judged(*others, weighed(6, 80.2)) == [60.0] * 9


def test_what_came_before_stands_as_it_is() -> None:
    assert judged(weighed(5, 60.0), since=5.5) == []


def test_more_is_known_later_and_what_was_in_doubt_is_believed() -> None:
    doubted = weighed(5, 79.0, doubted=True)
    assert judge([*WEEK, doubted], since=START).believed == (doubted,)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)
    truth = [
        weighed(n / 2, chance.choice((80.0, 80.6, 79.5, 63.0)), settled=chance.random() < 0.1)
        for n in range(30)
    ]
    there: list[Weighed] = []
    for each in chance.sample(truth, len(truth)):
        there = sorted([*there, each], key=lambda one: one.measured_at)
        found = judge(there, since=each.measured_at)
        turned = {one.id for one in (*found.doubted, *found.believed)}
        there = [replace(one, doubted=one.doubted ^ (one.id in turned)) for one in there]
    at_once = judge(truth, since=START).doubted
    assert [one.id for one in there if one.doubted] == [one.id for one in at_once]
