import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from ingest.judgement import FUTURE_MAX, doubt
from vitals.flags import NOT_A_PATIENT_VALUE, Special
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS
from vitals.reading import Reading, TimeQuality

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
LATEST = NOW + FUTURE_MAX


def reading(kind: Kind = Kind.BLOOD_PRESSURE, /, **changes: Any) -> Reading:
    values = {"systolic": 128.0, "diastolic": 81.0} if kind is Kind.BLOOD_PRESSURE else {}
    facts: dict[str, Any] = {
        "id": UUID(int=1),
        "device": "A0:B1:C2:D3:E4:F5",
        "kind": kind,
        "measured_at": NOW,
        "time_quality": TimeQuality.DEVICE,
        "values": values,
    }
    return Reading(**(facts | changes))


def of(**values: float) -> str | None:
    return doubt(reading(values=values), latest=LATEST)


def typical(name: str) -> Reading:
    """A believable reading of some kind that carries the metric."""
    kind = next(kind for kind, panel in PANELS.items() if METRICS[name] in panel.metrics)
    middle = {
        metric.name: sum(metric.plausible) / 2
        for metric in PANELS[kind].primary
        if kind is not Kind.BLOOD_PRESSURE
    }
    return reading(kind, values=middle or {"systolic": 128.0, "diastolic": 81.0})


def judged(name: str, value: float) -> str | None:
    subject = typical(name)
    # Judged alone: whether the pair is possible is another question.
    others = {} if subject.kind is Kind.BLOOD_PRESSURE else subject.values
    if name in {"mean", "pulse"}:
        others = {"systolic": 300.0}
    return doubt(reading(subject.kind, values={**others, name: value}), latest=LATEST)


@pytest.mark.parametrize("name", METRICS)
def test_the_lowest_plausible_value_is_admitted_and_anything_below_is_not(name: str) -> None:
    low, _ = METRICS[name].plausible
    assert judged(name, low - 0.1) == f"implausible:{name}"
    assert judged(name, low) is None
    assert judged(name, low + 0.1) is None


@pytest.mark.parametrize("name", METRICS)
def test_the_highest_plausible_value_is_admitted_and_anything_above_is_not(name: str) -> None:
    _, high = METRICS[name].plausible
    assert judged(name, high - 0.1) is None
    assert judged(name, high) is None
    assert judged(name, high + 0.1) == f"implausible:{name}"


def test_a_value_that_is_not_a_number_is_implausible() -> None:
    assert of(systolic=float("nan"), diastolic=80) == "implausible:systolic"


@pytest.mark.parametrize(
    ("systolic", "reason"), [(80.0, "impossible_pair"), (81.0, "impossible_pair"), (82.0, None)]
)
def test_systolic_is_above_diastolic(systolic: float, reason: str | None) -> None:
    assert of(systolic=systolic, diastolic=81) == reason


@pytest.mark.parametrize(
    ("mean", "reason"),
    [
        (80.9, "impossible_pair"),
        (81, None),
        (81.1, None),
        (127.9, None),
        (128, None),
        (128.1, "impossible_pair"),
    ],
)
def test_the_mean_lies_between_diastolic_and_systolic(mean: float, reason: str | None) -> None:
    assert of(systolic=128, diastolic=81, mean=mean) == reason


@pytest.mark.parametrize(
    ("ahead_s", "reason"), [(299, None), (300, None), (301, "from_the_future")]
)
@pytest.mark.parametrize("quality", TimeQuality)
def test_a_clock_may_be_five_minutes_ahead_and_no_more(
    ahead_s: int, reason: str | None, quality: TimeQuality
) -> None:
    subject = reading(measured_at=NOW + dt.timedelta(seconds=ahead_s), time_quality=quality)
    assert doubt(subject, latest=LATEST) == reason


def test_the_offset_of_the_home_does_not_matter() -> None:
    west = dt.timezone(dt.timedelta(hours=-8))
    assert doubt(reading(measured_at=NOW.astimezone(west)), latest=LATEST) is None


@pytest.mark.parametrize("flag", sorted(NOT_A_PATIENT_VALUE))
def test_what_is_not_a_patients_value_is_held_under_the_devices_own_flag(flag: str) -> None:
    subject = reading(flags=("irregular_pulse", flag))
    assert doubt(subject, latest=LATEST) == flag


def test_other_flags_travel_with_the_reading() -> None:
    assert doubt(reading(flags=("irregular_pulse", "cuff_too_loose")), latest=LATEST) is None


@pytest.mark.parametrize("special", [Special.HI, Special.LO, Special.PLUS_INF, Special.MINUS_INF])
def test_beyond_the_meters_range_is_a_censored_value_and_admitted(special: Special) -> None:
    subject = reading(Kind.GLUCOSE, special={"glucose": special})
    assert doubt(subject, latest=LATEST) is None


@pytest.mark.parametrize("special", [Special.NAN, Special.NRES, Special.RESERVED])
def test_a_special_value_that_tells_nothing_is_no_value(special: Special) -> None:
    subject = reading(Kind.GLUCOSE, special={"glucose": special})
    assert doubt(subject, latest=LATEST) == "no_value"


def test_a_reading_without_its_primary_value_is_no_value() -> None:
    subject = reading(values={"pulse": 71.0})
    assert doubt(subject, latest=LATEST) == "no_value"


def test_systolic_alone_is_still_a_value() -> None:
    subject = reading(values={"systolic": 128.0}, special={"diastolic": Special.NAN})
    assert doubt(subject, latest=LATEST) is None


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Kind.BLOOD_PRESSURE, {"systolic": 128.0, "diastolic": 81.0, "mean": 0.0}),
        (Kind.WEIGHT, {"weight": 70.0, "bmi": 0.0, "height": 0.0}),
        (Kind.BODY_COMPOSITION, {"body_fat": 22.0, "muscle_mass": 0.0, "impedance": 0.0}),
    ],
)
def test_a_zero_for_what_the_device_does_not_measure_holds_nothing_back(
    kind: Kind, values: dict[str, float]
) -> None:
    assert doubt(reading(kind, values=values), latest=LATEST) is None


def test_a_zero_of_a_vital_sign_is_never_forgiven() -> None:
    assert of(systolic=128.0, diastolic=81.0, pulse=0.0) == "implausible:pulse"
    assert of(systolic=128.0, diastolic=0.0) == "implausible:diastolic"
