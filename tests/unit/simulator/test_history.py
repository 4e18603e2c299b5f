"""A clinic's cast and its months of measurements: the same everywhere, and such as bodies have."""

import datetime as dt
from collections import Counter, defaultdict
from functools import lru_cache
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.history import Act, anchor_day, history
from simulator.history_chance import luck
from simulator.people_cast import Adherence, Character, birth_date, cast
from simulator.people_stories import Tale
from vitals.flags import Flag, Meal, Special
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

ANCHOR = dt.datetime(2026, 11, 22, 13, 5, tzinfo=dt.UTC)
SEED = 2026
EVERYBODY = cast(SEED, 40)


@lru_cache(maxsize=64)
def past(number: int) -> list[Act]:
    character = EVERYBODY[number - 1]
    return list(history(character, anchor=ANCHOR, first=character.enrolled, last=0))


def who_has(tale: Tale) -> Character:
    return next(one for one in EVERYBODY if any(s.tale is tale for s in one.stories))


def days_of(character: Character) -> Counter[tuple[int, int]]:
    """(year, month) -> days with any measurement of their own."""
    days = {act.at.date() for act in past(character.number) if act.whose == "own"}
    return Counter((day.year, day.month) for day in days)


def full_months(character: Character) -> list[tuple[int, int]]:
    """Between the first day and the anchor."""
    first = anchor_day(ANCHOR, character.zone) + dt.timedelta(days=character.enrolled)
    last = anchor_day(ANCHOR, character.zone)
    months = {(day.year, day.month) for day in (first + dt.timedelta(n) for n in range(400))}
    return [m for m in months if (first.year, first.month) < m < (last.year, last.month)]


@given(seed=st.integers(0, 2**32), count=st.integers(1, 60))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_gives_the_same_people(seed: int, count: int) -> None:
    assert cast(seed, count) == cast(seed, count)
    assert cast(seed, count) == cast(seed, count + 1)[:count]


def test_another_seed_gives_other_people() -> None:
    assert cast(1, 5) != cast(2, 5)


@given(number=st.integers(1, 40), day=st.integers(-250, 30), more=st.integers(1, 10))
@settings(max_examples=20, deadline=None)
def test_what_was_measured_stays_when_days_follow(number: int, day: int, more: int) -> None:
    character = EVERYBODY[number - 1]
    first = day - 10
    short = list(history(character, anchor=ANCHOR, first=first, last=day))
    long = list(history(character, anchor=ANCHOR, first=first, last=day + more))
    assert long[: len(short)] == short


def test_luck_depends_on_what_it_is_about_only() -> None:
    assert luck("a", 1).random() == luck("a", 1).random()
    assert luck("a", 1).random() != luck("a", 2).random()


@pytest.mark.parametrize("number", [*range(1, 19), 27, 34])
def test_all_values_are_such_as_devices_can_show(number: int) -> None:
    for act in past(number):
        assert act.at.tzinfo is not None
        allowed = {metric.name for metric in PANELS[act.kind].metrics}
        for name, value in act.values.items():
            low, high = METRICS[name].plausible
            assert name in allowed
            assert low <= value <= high


@pytest.mark.parametrize("number", [*range(1, 19), 27, 34])
def test_each_device_measures_one_thing_at_a_time(number: int) -> None:
    at = [(act.kind, act.at, act.whose) for act in past(number)]
    assert len(at) == len(set(at))
    assert [act.at for act in past(number)] == sorted(act.at for act in past(number))


def test_people_are_many() -> None:
    ages = [one.person.age_years for one in EVERYBODY]
    assert all(34 <= age <= 91 for age in ages)
    assert min(ages) < 40
    assert max(ages) > 85
    assert {one.person.sex for one in EVERYBODY} == {"female", "male"}
    assert len({one.programme for one in EVERYBODY}) == 6
    assert len({one.zone for one in EVERYBODY}) >= 2
    assert {one.language for one in EVERYBODY} == {"en", "es"}
    assert {one.weight_unit for one in EVERYBODY} == {"kg", "lb"}
    assert {None, "None known"} < {one.allergies for one in EVERYBODY}
    assert sum(one.enrolled <= -180 for one in EVERYBODY) > 30


def test_whoever_is_pregnant_can_be() -> None:
    pregnant = [one for one in EVERYBODY if one.programme == "pregnancy"]
    assert pregnant
    assert all(one.person.sex == "female" and one.person.age_years <= 41 for one in pregnant)


@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.date(2024, 2, 29), dt.date(2026, 12, 31)])
def test_a_date_of_birth_fits_the_age(day: dt.date) -> None:
    for character in EVERYBODY:
        born = birth_date(character, day)
        had_birthday = (day.month, day.day) >= (born.month, born.day)
        assert day.year - born.year - (not had_birthday) == character.person.age_years


def test_every_story_is_told() -> None:
    told = {story.tale for one in EVERYBODY for story in one.stories}
    assert told == set(Tale)


def test_some_measure_sixteen_days_of_each_month_some_thirteen_and_some_have_stopped() -> None:
    by_adherence = defaultdict(list)
    for one in EVERYBODY:
        by_adherence[one.adherence].append(one)
    away = {Tale.TRAVEL, Tale.STOPPED, Tale.HUB_OFFLINE}
    for one in by_adherence[Adherence.STEADY]:
        if not away & {story.tale for story in one.stories}:
            assert all(days_of(one)[month] >= 16 for month in full_months(one))
    for one in by_adherence[Adherence.THIRTEEN]:
        if not away & {story.tale for story in one.stories}:
            assert [days_of(one)[month] for month in full_months(one)].count(13) >= 4
    stopped = who_has(Tale.STOPPED)
    assert max(act.at for act in past(stopped.number)) < ANCHOR - dt.timedelta(days=8)


def test_nobody_measures_while_travelling() -> None:
    one = who_has(Tale.TRAVEL)
    story = next(story for story in one.stories if story.tale is Tale.TRAVEL)
    day = anchor_day(ANCHOR, one.zone) + dt.timedelta(days=story.day)
    gone = {day + dt.timedelta(days=n) for n in range(story.length)}
    assert not gone & {act.at.date() for act in past(one.number)}


def test_drugs_lower_the_pressure() -> None:
    one = who_has(Tale.MEDICATION)
    story = next(story for story in one.stories if story.tale is Tale.MEDICATION)
    before = ANCHOR + dt.timedelta(days=story.day)
    values = [
        (act.at, act.values["systolic"]) for act in past(one.number) if "systolic" in act.values
    ]
    month = dt.timedelta(days=30)
    high = mean(value for at, value in values if before - month < at < before)
    low = mean(value for at, value in values if before + month < at < before + 2 * month)
    assert high - low > 10


def test_the_first_days_with_a_cuff_are_higher() -> None:
    calm = next(
        one for one in EVERYBODY
        if one.programme == "hypertension-us" and one.stories[0].tale is Tale.STARTLED
    )  # fmt: skip
    values = [act.values["systolic"] for act in past(calm.number) if "systolic" in act.values]
    assert mean(values[:4]) > mean(values[40:80]) + 4


def test_water_comes_in_a_week_and_is_taken_away() -> None:
    one = EVERYBODY[1]
    weights = {act.at.date(): act.values["weight"] for act in past(2) if act.kind is Kind.WEIGHT}
    today = anchor_day(ANCHOR, one.zone)

    def near(day: int) -> float:
        there = [today + dt.timedelta(days=day + n) for n in (-1, 0, 1)]
        return mean(weights[each] for each in there if each in weights)

    assert near(-43) - near(-51) > 2
    assert near(-43) - near(-33) > 2
    assert near(-1) - near(-8) > 2


def test_single_moments_of_stories_are_there() -> None:
    acts = [act for number in range(1, 19) for act in past(number)]
    assert any(act.special.get("glucose") is Special.HI for act in acts)
    assert any(act.special.get("glucose") is Special.LO for act in acts)
    assert any(Flag.CONTROL_SOLUTION in act.flags for act in acts)
    assert any(Flag.IRREGULAR_PULSE in act.flags for act in acts)
    assert any(act.drift_s < -4 * 365 * 86_400 for act in acts)
    assert {act.whose for act in acts} == {"own", "stranger", "neighbour"}
    assert {Meal.FASTING, Meal.BEFORE, Meal.AFTER} <= {act.meal for act in acts if act.meal}
    assert any(act.values.get("glucose", 99) < 54 and act.at.hour in {2, 3} for act in acts)


def test_what_is_critical_now_was_measured_minutes_ago() -> None:
    last = [act for act in past(1) if act.values.get("systolic", 0) >= 180]
    assert [ANCHOR - act.at for act in last[-2:]] == [
        dt.timedelta(minutes=8),
        dt.timedelta(minutes=5, seconds=30),
    ]
