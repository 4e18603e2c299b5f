"""Whether there is enough to say a number, and what it rests on."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from alerts.judging.batch import microseconds
from console.chart import sufficiency
from console.chart.facts import Material, facts, meal_rows, signed
from console.chart.figure import Fact
from console.chart.ranges import day_number, day_of, range_of
from console.chart.record import KindRecord
from console.chart.sufficiency import Minimum, Sample, expected
from console.errors import BadRequest
from console.web.formats import Units
from tests.unit.console.chart_scenes import SINCE, TWICE_TWO, plan, record
from vitals.flags import Meal
from vitals.kinds import Kind

NEW_YORK = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")
NOW = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)
TODAY = day_number(NOW.date())


def material(found: KindRecord, *, days: str = "14d", wanted: int = 0) -> Material:
    span = range_of(days, zone=UTC, now=NOW)
    units = Units(weight="kg", glucose="mg/dL")
    return Material(found=found, span=span, units=units, expected=wanted, now_us=microseconds(NOW))


def named(found: tuple[Fact, ...], label: str) -> Fact:
    return next(each for each in found if each.label.startswith(label))


def pressures(count: int, days: int, *, hour: float = 8) -> KindRecord:
    at = [TODAY - days + 1 + n % days + (hour + n / 100) / 24 for n in range(count)]
    return record(
        Kind.BLOOD_PRESSURE, sorted(at), systolic=[140.0] * count, diastolic=[85.0] * count
    )


@pytest.mark.parametrize(
    ("readings", "days", "enough"),
    [(11, 3, False), (12, 3, True), (13, 3, True), (12, 2, False), (12, 4, True)],
)
def test_a_mean_needs_twelve_readings_on_three_days(
    readings: int, days: int, *, enough: bool
) -> None:
    assert Sample(readings=readings, days=days).enough(sufficiency.PRESSURE) is enough
    fact = named(facts(material(pressures(readings, days), wanted=60)), "Mean, 14 days")
    assert (fact.value is not None) is enough
    assert fact.rests_on == f"{readings} of 60 expected"
    if not enough:
        assert fact.absent == "Not enough data"
        assert fact.note == "12 readings on 3 days needed"


@pytest.mark.parametrize(("readings", "shown"), [(5, False), (6, True), (7, True)])
def test_mornings_need_six_readings(readings: int, *, shown: bool) -> None:
    found = facts(material(pressures(readings, 3)))
    assert (named(found, "Mornings").value == "140/85") is shown
    assert named(found, "Evenings").value is None
    assert named(found, "Morning less evening").value is None


@pytest.mark.parametrize(
    ("hour", "half"), [(3.9, None), (4.0, "Mornings"), (11.8, "Mornings"), (12.0, None),
                       (16.9, None), (17.0, "Evenings"), (23.8, "Evenings")]
)  # fmt: skip
def test_where_the_morning_and_the_evening_begin_and_end(hour: float, half: str | None) -> None:
    days = [TODAY - n % 3 + hour / 24 + n / 100000 for n in range(9)]
    found = facts(
        material(
            record(Kind.BLOOD_PRESSURE, sorted(days), systolic=[140.0] * 9, diastolic=[85.0] * 9)
        )
    )
    for name in ("Mornings", "Evenings"):
        assert (named(found, name).value is not None) is (name == half)


def test_doubtful_readings_are_in_no_mean() -> None:
    found = record(
        Kind.BLOOD_PRESSURE,
        [TODAY - n // 5 - 0.5 + n % 5 / 100 for n in range(15)][::-1],
        doubt=(0, 1),
        systolic=[300.0, 300.0, *[130.0] * 13],
        diastolic=[80.0] * 15,
    )
    fact = named(facts(material(found)), "Mean, 14 days")
    assert (fact.value, fact.rests_on) == ("130/80", "13 readings on 3 days")


@pytest.mark.parametrize(
    ("wall", "count"),
    [("11:59", 4), ("12:00", 6), ("12:01", 6), ("23:59", 6)],
)
def test_slots_are_expected_once_they_are_over(wall: str, count: int) -> None:
    now = dt.datetime.combine(dt.date(2026, 11, 2), dt.time.fromisoformat(wall), NEW_YORK)
    day = day_number(dt.date(2026, 11, 1))
    found = expected(
        [plan(measures=[TWICE_TWO])], Kind.BLOOD_PRESSURE, first_day=day, last_day=day + 9,
        zone=NEW_YORK, now=now,
    )  # fmt: skip
    assert found == count


def test_nothing_is_expected_before_a_plan_of_another_kind_or_on_other_days() -> None:
    day, now = day_number(dt.date(2026, 11, 1)), NOW
    some = {"first_day": day - 7, "last_day": day + 6, "zone": NEW_YORK, "now": now}
    versions = [plan(measures=[TWICE_TWO], since=SINCE)]
    assert expected(versions, Kind.BLOOD_PRESSURE, **some) == 7 * 4  # type: ignore[arg-type]
    assert expected(versions, Kind.WEIGHT, **some) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(("readings", "shown"), [(2, False), (3, True), (4, True)])
def test_a_weeks_median_of_weight_needs_three_readings(readings: int, *, shown: bool) -> None:
    days = [TODAY - n + 0.3 for n in range(readings)][::-1]
    found = facts(material(record(Kind.WEIGHT, days, weight=[81.4] * readings)))
    assert (named(found, "7-day median").value == "81.4") is shown


@pytest.mark.parametrize(("readings", "shown"), [(6, False), (7, True), (8, True)])
def test_a_slope_needs_seven_readings(readings: int, *, shown: bool) -> None:
    days = [TODAY - n + 0.3 for n in range(readings)][::-1]
    rising = [80 + 0.1 * n for n in range(readings)]
    found = facts(material(record(Kind.WEIGHT, days, weight=rising)))
    assert (named(found, "Slope").value == "+0.7") is shown


def test_ten_weighings_of_one_evening_have_no_slope() -> None:
    days = [TODAY + 0.3 + n / 1000 for n in range(10)]
    found = facts(material(record(Kind.WEIGHT, days, weight=[80.0 + n for n in range(10)])))
    assert named(found, "Slope").value is None


def test_gmi_is_for_sensors_and_percentages_are_of_readings() -> None:
    days = [TODAY - n % 10 + n / 1000 for n in range(40)]
    found = facts(material(record(Kind.GLUCOSE, sorted(days), glucose=[120.0] * 40)))
    assert (named(found, "GMI").value, named(found, "GMI").absent) == (None, "Not for fingersticks")
    assert named(found, "Readings in range").value == "100 %"
    assert "not of time" in named(found, "Readings in range").note
    dense = np.sort(TODAY - 13 + np.arange(sufficiency.SENSOR_READINGS) / 70)
    worn = record(Kind.GLUCOSE, dense.tolist(), glucose=[154.0] * len(dense))
    assert named(facts(material(worn)), "GMI").value == "7.0"


def test_glucose_around_meals_has_a_row_for_what_there_is() -> None:
    days = [TODAY - n // 2 + 0.3 + n % 2 / 10 for n in range(12)][::-1]
    found = record(
        Kind.GLUCOSE, sorted(days), meals={Meal.FASTING: range(0, 12, 2), Meal.AFTER: (1, 3)},
        glucose=[100.0, np.inf] * 6,
    )  # fmt: skip
    fasting, after, rest = meal_rows(material(found))
    assert (fasting.label, fasting.readings, fasting.mean) == ("Fasting", 6, "100")
    assert fasting.in_range == "100 %"
    assert (after.label, after.mean, after.in_range, after.highest) == (
        "After a meal", None, None, "HI",
    )  # fmt: skip
    assert (rest.label, rest.readings) == ("Not said", 4)


@pytest.mark.parametrize(
    ("value", "words"), [(0.04, "0.0"), (0.05, "+0.1"), (-0.44, "\u22120.4"), (float("nan"), "")]
)
def test_signs_are_said(value: float, words: str) -> None:
    assert signed(value, 1) == words


def test_words_of_a_sample() -> None:
    assert Sample(readings=1, days=1).words == "1 reading on 1 day"
    assert Sample(readings=1200, days=90, expected=1440).words == "1,200 of 1,440 expected"
    assert Minimum(readings=5, days=1).words == "5 readings on 1 day needed"


def test_a_range_is_whole_days_of_the_patients() -> None:
    span = range_of("14d", zone=NEW_YORK, now=NOW)
    assert span.until.astimezone(NEW_YORK).isoformat() == "2026-11-23T00:00:00-05:00"
    assert span.since.astimezone(NEW_YORK).isoformat() == "2026-11-09T00:00:00-05:00"
    assert (day_of(span.first_day), day_of(span.last_day)) == (
        dt.date(2026, 11, 9), dt.date(2026, 11, 22),
    )  # fmt: skip
    whole = range_of("all", zone=NEW_YORK, now=NOW, first=NOW - dt.timedelta(days=500))
    assert whole.last_day - whole.first_day == 500
    with pytest.raises(BadRequest):
        range_of("13d", zone=NEW_YORK, now=NOW)
