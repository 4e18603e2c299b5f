"""People whose values a body can have, and whose troubles show."""

import datetime as dt
from statistics import mean

from simulator import people
from simulator.people import Person, Trouble
from vitals.flags import Flag, Meal
from vitals.metrics import METRICS

START = dt.datetime.fromisoformat("2026-03-01T08:00:00")
DAYS = [START + dt.timedelta(days=day) for day in range(200)]


def person(trouble: Trouble = Trouble.NONE) -> Person:
    return Person(
        key="home-0001-p1",
        sex="female",
        age_years=71,
        height_cm=164,
        weight_kg=74,
        systolic=126,
        diastolic=77,
        pulse=70,
        trouble=trouble,
    )


def within(name: str, value: float) -> bool:
    low, high = METRICS[name].plausible
    return low <= value <= high


def test_a_person_measured_twice_at_one_time_gives_one_value() -> None:
    assert people.blood_pressure(person(), START) == people.blood_pressure(person(), START)


def test_all_values_are_plausible() -> None:
    for trouble in Trouble:
        for at in DAYS:
            pressure = people.blood_pressure(person(trouble), at)
            assert within("systolic", pressure.systolic)
            assert within("diastolic", pressure.diastolic)
            assert pressure.diastolic < pressure.mean < pressure.systolic
            assert within("weight", people.weight(person(trouble), at))
            assert within("body_fat", people.body_fat(person(trouble), at))
            assert within("glucose", people.glucose(person(trouble), at, Meal.AFTER))
            assert within("spo2", people.saturation(person(trouble), at)[0])
            assert within("temperature", people.temperature(person(trouble), at))


def test_pressure_is_lower_in_the_night() -> None:
    night = [people.blood_pressure(person(), at.replace(hour=4)).systolic for at in DAYS]
    evening = [people.blood_pressure(person(), at.replace(hour=17)).systolic for at in DAYS]
    assert mean(evening) - mean(night) > 8


def test_heart_failure_gains_water() -> None:
    kilograms = [people.weight(person(Trouble.HEART_FAILURE), at) for at in DAYS]
    gains = [later - earlier for earlier, later in zip(kilograms, kilograms[3:], strict=False)]
    assert max(gains) > 1.8


def test_diabetes_is_high_after_meals_and_sometimes_low() -> None:
    patient = person(Trouble.DIABETES)
    after = [people.glucose(patient, at, Meal.AFTER) for at in DAYS]
    fasting = [people.glucose(patient, at, Meal.FASTING) for at in DAYS]
    assert mean(after) > 180
    assert min(fasting) < 70


def test_copd_has_bad_days() -> None:
    found = [people.saturation(person(Trouble.COPD), at)[0] for at in DAYS]
    assert min(found) < 88 < mean(found)


def test_arrhythmia_is_flagged_on_some_days() -> None:
    flags = [people.blood_pressure(person(Trouble.ARRHYTHMIA), at).flags for at in DAYS]
    irregular = sum(Flag.IRREGULAR_PULSE in found for found in flags)
    assert 5 < irregular < 60
