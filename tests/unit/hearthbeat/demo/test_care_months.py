"""What is done for patients without any alert."""

import datetime as dt
import itertools
from collections import Counter
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.words import Activity, Mode
from hearthbeat.demo.care_months import Occasion, occasions
from hearthbeat.demo.past_nurses import Staff
from simulator.people_cast import Character, cast

ZONE = ZoneInfo("America/New_York")
STAFF = Staff(nurse=UUID(int=1), second=UUID(int=2), clinician=UUID(int=3), zone=ZONE)
ANCHOR = dt.datetime(2026, 11, 22, 13, 5, tzinfo=dt.UTC)
EVERYBODY = cast(2026, 40)


def of(character: Character) -> list[Occasion]:
    begins = ANCHOR + dt.timedelta(days=character.enrolled)
    return occasions(character, STAFF, begins=begins, until=ANCHOR)


def test_all_of_it_is_over_and_on_working_days() -> None:
    for each in (one for character in EVERYBODY for one in of(character)[1:]):
        assert each.at + dt.timedelta(minutes=each.minutes) < ANCHOR
        assert each.at.astimezone(ZONE).weekday() < 5
        assert 7 <= each.at.astimezone(ZONE).hour < 20


def test_everybody_is_called_once_in_thirty_days() -> None:
    for character in EVERYBODY:
        calls = [one for one in of(character) if one.note and one.note.kind == "call"]
        assert abs(len(calls) - -character.enrolled / 30) <= 1


def test_the_first_day_is_the_kit() -> None:
    first = of(EVERYBODY[0])[0]
    assert (first.work.activity, first.work.mode) == (Activity.SETUP, Mode.IN_PERSON)


def test_nobody_is_at_two_patients_at_once_but_by_rare_accident() -> None:
    spans = sorted(
        (one.actor, one.at, one.at + dt.timedelta(minutes=one.minutes))
        for character in EVERYBODY
        for one in of(character)
    )
    shared = Counter(
        before[0] == after[0] and after[1] < before[2]
        for before, after in itertools.pairwise(spans)
    )
    assert shared[True] < 10


def test_some_reach_twenty_minutes_in_a_month_and_some_do_not() -> None:
    month = ANCHOR - dt.timedelta(days=30)
    minutes = [sum(o.minutes for o in of(c) if o.at > month) for c in EVERYBODY]
    assert sum(each >= 20 for each in minutes) > 15
    assert sum(each < 20 for each in minutes) > 5
