import pytest

from billing.overlaps import Clash, counted_once, overlaps
from tests.unit.billing.making import BEA, BEN, entry, span

ONE = entry(1, span(0, 10))


@pytest.mark.parametrize(
    ("changes", "clash"),
    [
        ({"patient_id": BEN}, Clash.TWO_PATIENTS),
        ({"service": "ccm"}, Clash.TWO_SERVICES),
        ({}, Clash.SAME_WORK),
        ({"user_id": BEA}, Clash.TWO_PEOPLE),
        ({"user_id": BEA, "service": "ccm"}, Clash.TWO_SERVICES),
        ({"user_id": BEA, "service": "none"}, Clash.TWO_PEOPLE),
        ({"user_id": BEA, "patient_id": BEN}, None),
    ],
)
def test_each_kind_of_overlap_is_named(changes: dict[str, object], clash: Clash | None) -> None:
    other = entry(2, span(8, 20), **changes)
    found = overlaps([other, ONE])
    if clash is None:
        assert found == {}
        return
    (mine,), (theirs,) = found[ONE.id], found[other.id]
    assert (mine.other, mine.clash, mine.seconds) == (other.id, clash, 120)
    assert (theirs.other, theirs.seconds) == (ONE.id, 120)


def test_what_touches_does_not_overlap_and_pauses_are_free() -> None:
    assert overlaps([ONE, entry(2, span(10, 20))]) == {}
    paused = entry(3, span(-5, 0), span(10, 12))
    assert overlaps([ONE, paused]) == {}


def test_what_does_not_count_overlaps_with_nothing() -> None:
    assert overlaps([ONE, entry(2, span(0, 10), corrected_by=ONE.id)]) == {}


def test_two_people_on_one_patient_count_once() -> None:
    both = [ONE, entry(2, span(5, 15), user_id=BEA)]
    assert counted_once(both) == 900
