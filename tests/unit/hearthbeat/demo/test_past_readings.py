"""What the simulator measured, as a hub would have sent it."""

import datetime as dt
from collections import Counter
from functools import cache

from hearthbeat.demo.origin_names import NAMES, full_name, mrn, phone
from hearthbeat.demo.past_plan import MOST_PATIENTS
from hearthbeat.demo.past_readings import Arrived, arrived
from hearthbeat.demo.roster import SHARES_SCALE, address_of, neighbours_cuff
from ingest.judgement import doubt
from simulator.history import history
from simulator.people_cast import cast
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

ANCHOR = dt.datetime(2026, 11, 22, 13, 5, tzinfo=dt.UTC)
EVERYBODY = cast(2026, 40)
FEATURED = EVERYBODY[:18]
"""Whose stories are their own: the others have them from a list, in turns."""


def made(number: int) -> list[Arrived]:
    character = EVERYBODY[number - 1]
    acts = history(character, anchor=ANCHOR, first=character.enrolled, last=0)
    return arrived(character, acts, anchor=ANCHOR)


@cache
def readings(number: int) -> list[Reading]:
    return [each.reading for each in made(number)]


def test_the_same_person_has_the_same_readings_with_the_same_ids() -> None:
    assert made(3) == made(3)


def test_every_reading_has_an_id_of_its_own() -> None:
    ids = Counter(reading.id for one in FEATURED for reading in readings(one.number))
    assert max(ids.values()) == 1


def test_each_arrives_in_the_minute_in_which_it_was_measured() -> None:
    for each in made(8):
        assert dt.timedelta() < each.at - each.reading.measured_at < dt.timedelta(minutes=1)


def test_nearly_all_are_beyond_doubt_and_the_others_are_meant() -> None:
    latest = ANCHOR + dt.timedelta(days=2)
    doubts = Counter(
        reason
        for one in FEATURED
        for reading in readings(one.number)
        if (reason := doubt(reading, latest=latest))
    )
    assert set(doubts) == {"control_solution", "impossible_pair"}
    assert doubts.total() < 12


def test_each_brings_the_frame_that_its_device_would_have_sent() -> None:
    assert all(reading.frame for reading in readings(2))


def test_a_clock_that_is_years_off_is_corrected_and_shown_as_it_was() -> None:
    wrong = [one for one in readings(13) if one.time_quality is TimeQuality.CORRECTED]
    assert wrong
    assert all(one.device_time and one.device_time.year < 2023 for one in wrong)


def test_who_shares_a_scale_has_a_slot_and_who_is_alone_has_none() -> None:
    owner = next(iter(SHARES_SCALE))
    shared = [one for one in readings(owner) if one.kind is Kind.WEIGHT]
    assert Counter(one.user for one in shared)[None] == 2
    assert {one.user for one in readings(2) if one.kind is Kind.WEIGHT} == {None}


def test_devices_have_addresses_of_their_own() -> None:
    addresses = [address_of(one, kind) for one in EVERYBODY for kind in one.kinds]
    addresses += [neighbours_cuff(one) for one in EVERYBODY]
    assert len(addresses) == len(set(addresses))
    assert all(each == each.upper() for each in addresses)


def test_telephone_numbers_are_those_kept_free_for_stories() -> None:
    numbers = [phone(number) for number in range(1, MOST_PATIENTS + 1)]
    assert len(set(numbers)) == MOST_PATIENTS
    assert all(number[-8:-2] == "555 01" for number in numbers)


def test_record_numbers_differ() -> None:
    assert len({mrn(number) for number in range(1, MOST_PATIENTS + 1)}) == MOST_PATIENTS


def test_names_are_of_many_origins_and_none_is_there_twice() -> None:
    names = [
        full_name(number=one.number, origin=one.origin, sex=one.person.sex) for one in EVERYBODY
    ]
    assert len(set(names)) == len(names)
    assert {one.origin for one in EVERYBODY} == set(NAMES)
