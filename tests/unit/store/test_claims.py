from uuid import UUID

import pytest
from msgspec.structs import replace

from store.claims import Claimant, conflict, instant_of, judge
from store.columns import Claim
from tests.rows import reading, row

THERE = Claimant(
    id=UUID(int=1), variant=0, sequence=None, user=None, said=({"systolic": 120.0}, {})
)
OTHER_VALUES: tuple[dict[str, float], dict[str, str]] = ({"systolic": 150.0}, {})


def test_other_values_at_the_same_instant_conflict() -> None:
    assert conflict(replace(THERE, said=OTHER_VALUES), THERE)


def test_the_same_values_do_not() -> None:
    assert not conflict(replace(THERE, id=UUID(int=2)), THERE)


@pytest.mark.parametrize("number", ["sequence", "user"])
@pytest.mark.parametrize(
    ("ours", "theirs", "conflicts"), [(1, 2, False), (1, 1, True), (1, None, True)]
)
def test_the_devices_own_numbers_tell_two_measurements_apart(
    number: str, ours: int, theirs: int | None, *, conflicts: bool
) -> None:
    one = replace(THERE, **{number: ours}, said=OTHER_VALUES)
    assert conflict(one, replace(THERE, **{number: theirs})) is conflicts


def test_claims_are_counted_on_from_those_that_stand() -> None:
    new = row()
    standing = {instant_of(new): [replace(THERE, variant=4)]}
    assert judge([new], standing) == [Claim(5, UUID(int=1))]


def test_an_instant_that_nobody_claims_is_free() -> None:
    assert judge([row()], {}) == [Claim(0, None)]


def test_rows_of_one_batch_stand_in_each_others_way() -> None:
    first = reading()
    second = replace(first, id=UUID(int=2), values={"systolic": 150.0, "diastolic": 81.0})
    third = replace(first, id=UUID(int=3))
    claims = judge([row(first), row(second), row(third)], {})
    # The third agrees with the first, and the disputed second is no witness against it.
    assert claims == [Claim(0, None), Claim(1, first.id), Claim(2, None)]
