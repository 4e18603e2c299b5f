"""Years of readings of many patients, for dry runs: as columns, and as a CSV file."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from alerts.dry_run.limits import Limits, read_limits
from care.programmes import shipped
from care.rules import Band, Bound, Op, Rule, Severity, Together, Trend
from hearthbeat.dry_run.columns import EPOCH, MICROSECOND, Columns, KindColumns
from vitals.kinds import Kind

FIRST: Final = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - a wall clock.
DAY_US: Final = 86_400_000_000
A_DAY: Final[dict[Kind, int]] = {
    Kind.BLOOD_PRESSURE: 4,
    Kind.WEIGHT: 1,
    Kind.GLUCOSE: 4,
    Kind.OXIMETRY: 2,
    Kind.TEMPERATURE: 1,
    Kind.HEART_RATE: 1,
}
_LIKE: Final[dict[str, tuple[float, float, float]]] = {
    "systolic": (128, 12, 9),
    "diastolic": (78, 7, 6),
    "pulse": (72, 9, 6),
    "weight": (80, 14, 0.5),
    "glucose": (140, 20, 45),
    "spo2": (95, 1.5, 1.2),
    "temperature": (36.6, 0.2, 0.3),
    "heart_rate": (72, 9, 6),
}
"""Metric -> mean, SD between people, SD within one."""

LIMITS: Final = """
[[rules]]
id = "glucose-low"
type = "limit"
kind = "glucose"
severity = "medium"
bounds = [{ metric = "glucose", op = "<", value = 70, clear = 80 }]

[[rules]]
id = "glucose-high"
type = "limit"
kind = "glucose"
severity = "medium"
bounds = [{ metric = "glucose", op = ">", value = 250, clear = 220 }]

[[rules]]
id = "pressure-high"
type = "limit"
kind = "blood_pressure"
severity = "high"
bounds = [
    { metric = "systolic", op = ">=", value = 160, clear = 150 },
    { metric = "diastolic", op = ">=", value = 100, clear = 95 },
]
"""


def limits() -> Limits:
    return read_limits(LIMITS, name="limits")


def everything() -> Limits:
    """All rules of all shipped programmes at once, and the sorts of rule that none of them has."""
    rules: list[Rule] = [
        _renamed(rule, f"{number}-")
        for number, programme in enumerate(shipped())
        for rule in programme.rules
        if rule.enabled
    ]
    rules.append(
        Trend(id="trend", kind=Kind.WEIGHT, severity=Severity.LOW,
              bounds=(Bound(metric="weight", op=Op.AT_OR_ABOVE, value=1.0),))
    )  # fmt: skip
    rules.append(Band(id="band", kind=Kind.WEIGHT, severity=Severity.LOW, metric="weight", floor=1))
    return msgspec.structs.replace(limits(), name="all", rules=tuple(rules))


def _renamed(rule: Rule, before: str) -> Rule:
    renamed = msgspec.structs.replace(rule, id=before + rule.id)
    if isinstance(renamed, Together):
        return msgspec.structs.replace(renamed, of=tuple(before + each for each in renamed.of))
    return renamed


def columns(*, people: int, days: int, kinds: Iterable[Kind] = A_DAY, seed: int = 1) -> Columns:
    """Each kind so many times a day, at times that differ."""
    dice, made = np.random.default_rng(seed), Columns()
    for number in range(people):
        made.person("", f"p{number}")
    first = (FIRST - EPOCH) // MICROSECOND
    for kind in kinds:
        count = days * A_DAY[kind]
        into = made.of(kind)
        for number in range(people):
            hours = np.arange(count) * (DAY_US // A_DAY[kind])
            digits = first + hours + dice.integers(0, DAY_US // 24, count)
            values = {
                name: np.round(dice.normal(dice.normal(*_LIKE[name][:2]), _LIKE[name][2], count), 1)
                for name in into.names
                if name in _LIKE
            }
            into.extend(np.full(count, number), digits, values)
    return made


def write_csv(file: Path, *, rows: int, people: int = 40, seed: int = 1) -> None:
    """Glucose of many people, in the order in which it was measured."""
    dice = np.random.default_rng(seed)
    values = np.clip(dice.normal(150, 50, rows), 25, 590).round().astype(int).tolist()
    step = dt.timedelta(minutes=5)
    with file.open("w") as out:
        out.write("time,person,glucose\n")
        for number, value in enumerate(values):
            at = FIRST + number // people * step
            out.write(f"{at.isoformat(sep=' ')},p{number % people},{value}\n")


def numbers(made: KindColumns, name: str) -> list[list[float]]:
    """Each person's, for who loops over them."""
    person = np.frombuffer(made.person, dtype=np.int32)
    values = np.frombuffer(made.values[name], dtype=np.float64)
    return [values[person == number].tolist() for number in np.unique(person)]
