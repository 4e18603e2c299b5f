"""Households come from their seed, and their days from them."""

import datetime as dt
from itertools import islice

from device_profiles import catalog
from simulator.faults import Faults
from simulator.household import birth_date, household, households
from simulator.people import Trouble
from simulator.schedule import acts, from_then_on

DAY = dt.date(2026, 11, 22)


def test_the_same_seed_gives_the_same_homes() -> None:
    assert households(7, count=12) == households(7, count=12)
    assert households(7, count=12) != households(8, count=12)


def test_a_home_does_not_depend_on_how_many_there_are() -> None:
    assert households(7, count=3)[2] == household(7, 3)


def test_addresses_people_and_gateways_are_unique() -> None:
    homes = households(7, count=300)
    addresses = [device.address for home in homes for device in home.devices]
    keys = [person.key for home in homes for person in home.people]
    assert len(set(addresses)) == len(addresses)
    assert len(set(keys)) == len(keys)
    assert len({home.gateway for home in homes}) == 300


def test_six_homes_show_every_trouble() -> None:
    troubles = {home.people[0].trouble for home in households(7, count=6)}
    assert troubles == set(Trouble)


def test_a_shared_device_has_a_slot_for_each_and_any_other_has_none() -> None:
    for home in households(7, count=30):
        for device in home.devices:
            if len(device.slots) == 1:
                assert list(device.slots) == [0]
            else:
                assert list(device.slots) == [1, 2]
                assert set(device.slots.values()) == {person.key for person in home.people}


def test_the_first_home_has_two_people_on_one_scale() -> None:
    home = household(7, 1)
    assert len(home.people) == 2
    assert any(len(device.slots) == 2 for device in home.devices)


def test_every_plan_names_a_profile_and_meters_with_passkeys_tell_theirs() -> None:
    plans = [device for home in households(7, count=12) for device in home.devices]
    assert all(device.profile in catalog.CATALOG for device in plans)
    passkeys = [device.passkey for device in plans if device.profile == "accu-chek-guide"]
    assert passkeys
    assert all(passkey is not None and 100_000 <= passkey <= 999_999 for passkey in passkeys)


def test_homes_without_faults_have_none() -> None:
    homes = households(7, count=30, faulty=False)
    assert all(device.faults == Faults() for home in homes for device in home.devices)
    wrong = [d for home in households(7, count=30) for d in home.devices if d.faults != Faults()]
    assert 5 < len(wrong) < 45


def test_a_birth_date_fits_the_age() -> None:
    person = household(7, 1).people[0]
    born = birth_date(person, today=DAY)
    assert person.age_years <= (DAY - born).days / 365.2425 < person.age_years + 1.01


def test_a_day_is_in_order_and_the_same_each_time() -> None:
    home = household(7, 1)
    day = acts(home, DAY)
    assert day == acts(home, DAY)
    assert [act.at for act in day] == sorted(act.at for act in day)
    assert {act.at.date() for act in day} == {DAY}
    assert len(day) > 4


def test_from_then_on_begins_in_the_middle_of_a_day_and_goes_on_to_the_next() -> None:
    home = household(7, 1)
    start = dt.datetime.combine(DAY, dt.time(12))
    found = list(islice(from_then_on(home, start), 20))
    assert found[0].at >= start
    assert found[-1].at.date() > DAY
