"""`band`: outside of what is usual for this patient."""

import statistics
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.columns.verdicts import NO_BOUND
from alerts.rules.band import ABOVE, BELOW, band, bands
from care.rules import Band, Severity
from tests.unit.alerts.columns import (
    HI,
    PATIENTS,
    Points,
    assert_each_patient_alone_is_as_in_a_batch,
    assert_same,
    at_end,
    daily,
    series,
)
from vitals.kinds import Kind


def rule(**fields: Any) -> Band:
    settings: dict[str, Any] = {"metric": "weight", "k": 4.0, "min_count": 5, **fields}
    return Band(id="unusual", kind=Kind.WEIGHT, severity=Severity.LOW, **settings)


USUAL = [70.0, 71.0, 69.0, 72.0, 68.0]
"""Median 70; absolute deviations 0 1 1 2 2: MAD 1, half of the band 4 · 1.4826 = 5.9304."""


@pytest.mark.parametrize(
    ("value", "breach", "side"),
    [
        (75.93, False, NO_BOUND),
        (75.9304, False, NO_BOUND),
        (75.94, True, ABOVE),
        (64.07, False, NO_BOUND),
        (64.0696, False, NO_BOUND),
        (64.06, True, BELOW),
    ],
)
def test_the_edges_are_within_the_band(value: float, *, breach: bool, side: int) -> None:
    verdicts = band(series(daily(*USUAL, value)), rule())
    assert at_end(verdicts) == (True, breach, value)
    assert verdicts.bound[-1] == side
    assert verdicts.count[-1] == 5


@pytest.mark.parametrize(
    ("fields", "half"),
    [
        ({"floor": 8.0}, 8.0),
        ({"floor_percent": 10.0}, 7.0),
        ({"floor": 1.0, "floor_percent": 1.0}, 5.9304),
        ({"k": 2.0}, 2.9652),
    ],
)
def test_a_band_is_never_narrower_than_its_floor(fields: dict[str, float], half: float) -> None:
    rows = series(daily(*USUAL, 70))
    usual = bands(rows, rule(**fields))
    assert usual.middle[-1] == 70
    assert usual.half[-1] == pytest.approx(half, abs=1e-12)
    assert np.isnan(usual.middle[:-1]).all()
    for value, out in ((70 + half - 0.01, False), (70 + half, False), (70 + half + 0.01, True)):
        assert at_end(band(series(daily(*USUAL, value)), rule(**fields)))[1] == out


def test_one_side_only_where_only_one_is_asked_for() -> None:
    high, low = series(daily(*USUAL, 90)), series(daily(*USUAL, 50))
    assert at_end(band(high, rule(side="above")))[1]
    assert not at_end(band(low, rule(side="above")))[1]
    assert at_end(band(low, rule(side="below")))[1]
    assert not at_end(band(high, rule(side="below")))[1]


def test_too_few_old_or_doubtful_readings_make_no_band() -> None:
    assert not at_end(band(series(daily(*USUAL[1:], 90)), rule()))[0]
    assert not at_end(band(series([*daily(*USUAL), (30.5, 90)]), rule(days=30)))[0]
    assert at_end(band(series([*daily(*USUAL), (30, 90)]), rule(days=30)))[0]
    assert not at_end(band(series(daily(*USUAL, 90), doubtful=[2]), rule()))[0]
    assert not at_end(band(series(daily(*USUAL, 90), doubtful=[5]), rule()))[0]


def test_hi_has_no_number_to_compare_and_widens_no_band() -> None:
    assert not at_end(band(series(daily(*USUAL, HI)), rule()))[0]
    verdicts = band(series(daily(*USUAL, HI, 75.94)), rule())
    assert at_end(verdicts)[:2] == (True, True)
    assert verdicts.count[-1] == 5


def test_one_wild_reading_does_not_widen_the_band() -> None:
    assert at_end(band(series(daily(*USUAL, 500, 80)), rule()))[1]


def test_a_band_is_of_the_newest_200_readings_at_most() -> None:
    often = [(minute / 1440, 50.0 if minute < 10 else 70.0) for minute in range(210)]
    usual = bands(series([*often, (1, 70)]), rule())
    assert (usual.count[-1], usual.half[-1]) == (200, 0)


def naive(points: Points, which: Band) -> list[bool | None]:
    found: list[bool | None] = []
    for row, (day, value) in enumerate(points):
        before = [v for d, v in points[:row] if np.isfinite(v) and day - d <= which.days + 1e-9]
        if not np.isfinite(value) or len(before) < which.min_count:
            found.append(None)
            continue
        middle = statistics.median(before)
        mad = statistics.median(abs(number - middle) for number in before)
        half = max(which.k * 1.4826 * mad, which.floor, which.floor_percent / 100 * middle)
        found.append(abs(value - middle) - half > 5e-7)
    return found


@given(patients=PATIENTS, k=st.sampled_from([1.0, 4.0]), floor=st.sampled_from([0.0, 0.3]))
def test_it_is_what_the_definition_says(patients: list[Points], k: float, floor: float) -> None:
    which = rule(k=k, floor=floor, days=7, min_count=3, floor_percent=0.5)
    verdicts = band(series(*patients), which)
    expected = [value for points in patients for value in naive(points, which)]
    assert list(verdicts.known) == [value is not None for value in expected]
    assert list(verdicts.breach) == [bool(value) for value in expected]


@given(patients=PATIENTS)
def test_a_patient_alone_is_as_in_a_batch(patients: list[Points]) -> None:
    which = rule(min_count=3, k=1.0, days=7)
    assert_each_patient_alone_is_as_in_a_batch(lambda rows: band(rows, which), patients)


@given(patients=PATIENTS, kilograms=st.integers(-50, 200))
def test_another_weight_is_the_same_band_elsewhere(patients: list[Points], kilograms: int) -> None:
    heavier = [[(day, value + kilograms) for day, value in points] for points in patients]
    here, there = (band(series(*each), rule(min_count=3, k=1.0)) for each in (patients, heavier))
    np.testing.assert_array_equal(here.breach, there.breach)
    np.testing.assert_array_equal(here.bound, there.bound)
    assert_same(here, band(series(*patients), rule(min_count=3, k=1.0)))
