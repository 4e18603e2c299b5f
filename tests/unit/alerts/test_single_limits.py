"""limit, n_of_m, oximetry_scale: below, at and above every kind of bound."""

import numpy as np
import pytest

from alerts.columns.verdicts import NO_BOUND
from alerts.rules.limit import limit
from alerts.rules.n_of_m import n_of_m
from alerts.rules.oximetry_scale import oximetry_scale
from care.rules import Limit, NOfM, OximetryScale, Severity
from tests.unit.alerts.charts import HI, LO, bound, minutes, of, reading, series
from vitals.kinds import Kind

GLUCOSE = Kind.GLUCOSE


def glucose_limit(op: str, value: float, clear: float | None = None) -> Limit:
    return Limit(
        id="glucose",
        kind=GLUCOSE,
        severity=Severity.HIGH,
        bounds=(bound("glucose", op, value, clear),),
    )


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_a_limit_is_crossed_on_its_own_side_only(
    *, op: str, below: bool, at: bool, above: bool
) -> None:
    verdicts = limit(series(of(GLUCOSE, 249, 250, 251)), glucose_limit(op, 250))
    assert verdicts.breach.tolist() == [below, at, above]
    assert verdicts.known.all()


@pytest.mark.parametrize(
    ("op", "clear", "values", "held"),
    [
        (">=", 220, (250, 221, 220, 219), [True, True, False, False]),
        ("<", 80, (69, 79, 80, 81), [True, True, False, False]),
        (">=", None, (250, 249), [True, False]),
    ],
)
def test_a_crossed_limit_is_held_until_the_good_side_of_clear(
    op: str, clear: float | None, values: tuple[float, ...], held: list[bool]
) -> None:
    rule = glucose_limit(op, 250 if op == ">=" else 70, clear)
    assert limit(series(of(GLUCOSE, *values)), rule).hold.tolist() == held


def test_hi_and_lo_are_beyond_every_bound_of_their_side() -> None:
    readings = series(of(GLUCOSE, HI, LO))
    assert limit(readings, glucose_limit(">=", 600)).breach.tolist() == [True, False]
    assert limit(readings, glucose_limit("<", 20)).breach.tolist() == [False, True]


def test_a_doubtful_reading_is_not_known() -> None:
    verdicts = limit(series(of(GLUCOSE, 300, 300), doubt=[0]), glucose_limit(">=", 250))
    assert verdicts.known.tolist() == [False, True]
    assert verdicts.breach.tolist() == [False, True]
    assert np.isnan(verdicts.value[0])


def test_the_first_crossed_bound_of_the_plan_is_named() -> None:
    rule = Limit(
        id="either",
        kind=Kind.BLOOD_PRESSURE,
        severity=Severity.HIGH,
        bounds=(bound("systolic", ">=", 160), bound("diastolic", ">=", 100)),
    )
    rows = [
        reading(Kind.BLOOD_PRESSURE, minutes(0), {"systolic": 150, "diastolic": 101}),
        reading(Kind.BLOOD_PRESSURE, minutes(60), {"systolic": 161, "diastolic": 101}),
        reading(Kind.BLOOD_PRESSURE, minutes(120), {"systolic": 150, "diastolic": 90}),
    ]
    verdicts = limit(series(rows), rule)
    assert verdicts.bound.tolist() == [1, 0, NO_BOUND]
    assert verdicts.value.tolist() == [101, 161, 150]


def test_pulse_pressure_is_a_number_like_any_other() -> None:
    rule = Limit(
        id="wide",
        kind=Kind.BLOOD_PRESSURE,
        severity=Severity.LOW,
        bounds=(bound("pulse_pressure", ">=", 80),),
    )
    rows = [
        reading(Kind.BLOOD_PRESSURE, minutes(60 * index), {"systolic": 150, "diastolic": low})
        for index, low in enumerate((71, 70, 69))
    ]
    assert limit(series(rows), rule).breach.tolist() == [False, True, True]


def two_of_three(**changes: object) -> NOfM:
    fields: dict[str, object] = {
        "id": "often-high",
        "kind": GLUCOSE,
        "severity": Severity.HIGH,
        "n": 2,
        "m": 3,
        "bounds": (bound("glucose", ">", 250),),
    }
    return NOfM(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "breach"),
    [
        ((260, 200, 200, 260), [False, False, False, False]),
        ((260, 200, 260), [False, False, True]),
        ((260, 260, 200), [False, True, False]),
        ((250, 251, 251), [False, False, True]),
        ((HI, 200, HI), [False, False, True]),
    ],
)
def test_two_of_the_last_three_must_cross_and_the_latest_is_one_of_them(
    values: tuple[float, ...], breach: list[bool]
) -> None:
    assert n_of_m(series(of(GLUCOSE, *values)), two_of_three()).breach.tolist() == breach


def test_n_of_m_is_held_while_as_many_are_not_on_the_good_side() -> None:
    rule = two_of_three(bounds=(bound("glucose", ">", 250, 220),))
    verdicts = n_of_m(series(of(GLUCOSE, 260, 260, 230, 219, 219)), rule)
    assert verdicts.breach.tolist() == [False, True, False, False, False]
    assert verdicts.hold.tolist() == [False, True, True, True, False]


def test_a_doubtful_reading_does_not_take_a_place_among_the_last() -> None:
    verdicts = n_of_m(series(of(GLUCOSE, 260, 100, 100, 260), doubt=[1, 2]), two_of_three())
    assert verdicts.breach.tolist() == [False, False, False, True]


@pytest.mark.parametrize(("days", "breach"), [(6, True), (7, True), (8, False)])
def test_only_readings_within_the_days_count(*, days: int, breach: bool) -> None:
    rows = of(GLUCOSE, 260, 260, every=minutes(60 * 24 * days))
    assert bool(n_of_m(series(rows), two_of_three(within_days=7)).breach[1]) is breach


def test_a_flag_counts_in_place_of_bounds() -> None:
    rule = two_of_three(kind=Kind.BLOOD_PRESSURE, bounds=(), flag="irregular_pulse")
    rows = [
        reading(
            Kind.BLOOD_PRESSURE,
            minutes(60 * index),
            {"systolic": 120, "diastolic": 80},
            flags=("irregular_pulse",) if marked else (),
        )
        for index, marked in enumerate((True, False, True, False, False))
    ]
    verdicts = n_of_m(series(rows), rule)
    assert verdicts.breach.tolist() == [False, False, True, False, False]
    assert verdicts.value.tolist() == [1, 1, 2, 1, 1]
    assert verdicts.count.tolist() == [1, 2, 3, 3, 3]


@pytest.mark.parametrize(
    ("scale", "score", "edge"),
    [(1, 3, 91), (1, 2, 93), (1, 1, 95), (2, 3, 83), (2, 2, 85), (2, 1, 87)],
)
def test_low_saturation_scores_as_in_the_table_of_news2(scale: int, score: int, edge: int) -> None:
    rule = OximetryScale(
        id="spo2",
        kind=Kind.OXIMETRY,
        severity=Severity.HIGH,
        scale=scale,  # type: ignore[arg-type]
        score=score,
    )
    readings = series(of(Kind.OXIMETRY, edge - 1, edge, edge + 0.9, edge + 1))
    assert oximetry_scale(readings, rule).breach.tolist() == [True, True, True, False]


@pytest.mark.parametrize(("score", "edge"), [(1, 93), (2, 95), (3, 97)])
def test_too_much_oxygen_scores_on_oxygen_only(score: int, edge: int) -> None:
    readings = series(of(Kind.OXIMETRY, edge - 1, edge, edge + 1))

    def breach(*, on_oxygen: bool) -> list[bool]:
        rule = OximetryScale(
            id="too-much",
            kind=Kind.OXIMETRY,
            severity=Severity.LOW,
            scale=2,
            score=score,
            side="high",
            on_oxygen=on_oxygen,
        )
        return [bool(one) for one in oximetry_scale(readings, rule).breach]

    assert breach(on_oxygen=True) == [False, True, True]
    assert breach(on_oxygen=False) == [False, False, False]
