"""Glucose statistics: by hand, and against R iglu 4.3.0."""

import csv
import io
import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

from alerts.columns.series import Floats
from alerts.statistics import basic, glucose
from tests.unit.alerts.columns import HI, LO
from tests.unit.alerts.oracles import iglu, iglu_runs


def readings(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def test_two_readings_by_hand() -> None:
    found = glucose.summary(readings(100, 200))
    assert (found.count, found.mean) == (2, 150)
    assert found.sd == pytest.approx(math.sqrt(5000))
    assert found.cv == pytest.approx(100 * math.sqrt(5000) / 150)
    assert found.gmi == pytest.approx(3.31 + 0.02392 * 150)
    assert found.ea1c == pytest.approx((46.7 + 150) / 28.7)
    assert found.j_index == pytest.approx(0.001 * (150 + math.sqrt(5000)) ** 2)
    assert (found.in_range, found.above_180, found.above_250) == (50, 50, 0)


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (53.9, [100, 100, 0, 0, 0]),
        (54.0, [0, 100, 0, 0, 0]),
        (69.9, [0, 100, 0, 0, 0]),
        (70.0, [0, 0, 100, 0, 0]),
        (180.0, [0, 0, 100, 0, 0]),
        (180.1, [0, 0, 0, 100, 0]),
        (250.0, [0, 0, 0, 100, 0]),
        (250.1, [0, 0, 0, 100, 100]),
        (HI, [0, 0, 0, 100, 100]),
        (LO, [100, 100, 0, 0, 0]),
    ],
)
def test_a_reading_belongs_to_its_ranges(value: float, percent: list[int]) -> None:
    found = glucose.summary(readings(value))
    below = [found.below_54, found.below_70]
    assert [*below, found.in_range, found.above_180, found.above_250] == percent


def test_hi_and_lo_count_as_readings_and_in_no_mean() -> None:
    found = glucose.summary(readings(HI, 100, LO, math.nan, 100))
    assert (found.count, found.censored) == (4, 2)
    assert (found.mean, found.sd, found.in_range) == (100, 0, 50)


def test_the_risk_is_nothing_at_112_and_grows_to_both_sides() -> None:
    lows, highs = glucose.risks(readings(50, 112.517, 300))
    assert lows[0] > 10
    assert lows[1:].max() < 1e-6
    assert highs[:2].max() < 1e-6
    assert highs[2] > 10


def test_no_readings_have_no_statistics() -> None:
    found = glucose.summary(readings())
    assert found.count == 0
    assert all(
        math.isnan(getattr(found, name))
        for name in ("mean", "sd", "cv", "in_range", "gmi", "ea1c", "j_index", "lbgi", "hbgi")
    )


@cache
def people(file: str) -> dict[str, Floats]:
    (text,) = iglu(file)
    found: dict[str, list[float]] = {}
    for row in csv.DictReader(io.StringIO(text.decode())):
        if row["gl"]:
            found.setdefault(row["id"], []).append(float(row["gl"]))
    return {who: readings(*values) for who, values in found.items()}


OURS: Final[dict[str, Callable[[Floats], float]]] = {
    "mean": basic.mean,
    "median": basic.median,
    "SD": basic.deviation,
    "CV": basic.variation,
    "GMI": glucose.gmi,
    "eA1C": glucose.ea1c,
    "J_index": glucose.j_index,
    "LBGI": lambda numbers: glucose.risk_indices(numbers)[0],
    "HBGI": lambda numbers: glucose.risk_indices(numbers)[1],
}
METHODS: Final = {
    "mean_glu": "mean",
    "median_glu": "median",
    "sd_glu": "SD",
    "cv_glu": "CV",
    "gmi": "GMI",
    "ea1c": "eA1C",
    "j_index": "J_index",
    "lbgi": "LBGI",
    "hbgi": "HBGI",
}


def of_column(name: str) -> Callable[[Floats], float]:
    """`above_180`, `below_54`, `in_range_70_180`, or one of OURS."""
    if name in OURS:
        return OURS[name]
    *words, limit = name.split("_")
    if words == ["above"]:
        return lambda numbers: glucose.percent_above(numbers, float(limit))
    if words == ["below"]:
        return lambda numbers: glucose.percent_below(numbers, float(limit))
    return lambda numbers: glucose.percent_within(numbers, float(words[-1]), float(limit))


def differences(method: str) -> tuple[int, float]:
    """How many numbers were compared, and the greatest difference."""
    worst, compared = 0.0, 0
    for _, file, _, columns in iglu_runs(method):
        for name, numbers in columns.items():
            if name == "id":
                continue
            ours = of_column(name)
            for place, theirs in numbers.items():
                value = ours(people(file)[columns["id"][place]])
                if theirs is None:
                    assert math.isnan(value)
                else:
                    worst = max(worst, abs(value - theirs))
                compared += 1
    return compared, worst


@pytest.mark.parametrize("method", [*METHODS, "in_range_percent", "above_percent", "below_percent"])
def test_it_agrees_with_r_iglu(method: str) -> None:
    compared, worst = differences(method)
    assert compared >= 19  # Fourteen days of one person, and five people.
    # iglu rounds 10 * 1.509**2 to 22.77; ours is what Kovatchev wrote.
    assert worst < (1e-3 if method in {"lbgi", "hbgi"} else 1e-9)


def test_all_its_runs_are_there() -> None:
    runs: list[Any] = list(
        iglu_runs(*METHODS, "in_range_percent", "above_percent", "below_percent")
    )
    assert len(runs) == 28


def test_what_is_left_of_the_risk_indices_is_their_rounding() -> None:
    for method in ("lbgi", "hbgi"):
        for _, file, _, columns in iglu_runs(method):
            for place, theirs in columns[method.upper()].items():
                value = OURS[method.upper()](people(file)[columns["id"][place]])
                assert value * 22.77 / (10 * 1.509**2) == pytest.approx(theirs, abs=1e-9)
