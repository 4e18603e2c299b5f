"""People who are asked to measure again: most do, and most that were high still are."""

import datetime as dt

from simulator.household import household
from simulator.people import blood_pressure, pressure_again

HOUSE = household(7, 2, faulty=False)
PERSON = HOUSE.people[0]
START = dt.datetime.fromisoformat("2026-11-22T07:10:00")
TIMES = [START + dt.timedelta(hours=n) for n in range(400)]


def test_a_repeat_follows_from_the_first() -> None:
    first = blood_pressure(PERSON, START)
    assert pressure_again(PERSON, first, START) == pressure_again(PERSON, first, START)
    pairs = [(blood_pressure(PERSON, at), at) for at in TIMES]
    falls = [one.systolic - pressure_again(PERSON, one, at).systolic for one, at in pairs]
    calmed = sum(fall > 15 for fall in falls) / len(falls)
    assert 0.28 < calmed < 0.44
    assert max(falls) < 45
    assert min(falls) > -15


def test_a_repeat_can_be_a_pressure() -> None:
    for at in TIMES:
        found = pressure_again(PERSON, blood_pressure(PERSON, at), at)
        assert found.systolic >= found.diastolic + 20
        assert found.diastolic <= found.mean <= found.systolic
