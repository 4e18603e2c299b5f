"""Plans and readings for tests of the chart: plausible unless a test says otherwise."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from alerts.columns.series import DAY_US, Series
from care.plans import PlanVersion
from care.programme import Measure, Overrides, Silence, Slot, WorkingHours
from care.rules import Bound, Limit, Op, Rule, Severity
from console.chart.record import KindRecord
from vitals.flags import Meal
from vitals.kinds import PANELS, Kind

SINCE = dt.datetime(2026, 11, 1, 5, tzinfo=dt.UTC)
"""Midnight in New York."""
TWICE_TWO = Measure(
    kind=Kind.BLOOD_PRESSURE,
    slots=(
        Slot(name="morning", start="04:00", end="12:00", readings=2),
        Slot(name="evening", start="17:00", end="24:00", readings=2),
    ),
)


def limit(metric: str, op: str, value: float, severity: str = "high", **changes: Any) -> Rule:
    fields: dict[str, Any] = {
        "id": f"{metric}-{severity}-{value:g}",
        "kind": Kind.BLOOD_PRESSURE,
        "severity": Severity(severity),
        "bounds": (Bound(metric=metric, op=Op(op), value=value),),
    }
    return Limit(**(fields | changes))


def plan(
    *rules: Rule,
    version: int = 1,
    since: dt.datetime = SINCE,
    until: dt.datetime | None = None,
    measures: Sequence[Measure] = (),
    **changes: Any,
) -> PlanVersion:
    fields: dict[str, Any] = {
        "id": UUID(int=version),
        "organisation_id": UUID(int=1),
        "patient_id": UUID(int=2),
        "version": version,
        "effective_from": since,
        "effective_to": until,
        "programme": "hypertension-us",
        "programme_version": 1,
        "overrides": Overrides(),
        "measures": tuple(measures),
        "rules": rules,
        "ladders": (),
        "hours": WorkingHours(),
        "silence": Silence(),
        "reason": "enrolled",
        "created_by": None,
        "username": None,
        "created_at": since,
        "ended_by": None,
        "end_reason": None,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawn_username": None,
        "withdraw_reason": None,
    }
    return PlanVersion(**(fields | changes))


def record(
    kind: Kind,
    days: Sequence[float],
    meals: dict[Meal, Sequence[int]] | None = None,
    doubt: Sequence[int] = (),
    typed: Sequence[int] = (),
    flags: dict[str, Sequence[int]] | None = None,
    **values: Sequence[float],
) -> KindRecord:
    """Readings so many days after the epoch (UTC), with their numbers by metric."""
    at = (np.array(days) * DAY_US).astype(np.int64)
    length = len(at)

    def rows(numbers: Sequence[int]) -> Any:
        marks = np.zeros(length, dtype=np.bool_)
        marks[list(numbers)] = True
        return marks

    codes = np.zeros(length, dtype=np.int8)
    codes[list(doubt)] = 4
    series = Series(
        segment=np.zeros(length, dtype=np.int64),
        at=at,
        local_day=at // DAY_US,
        local_minute=at % DAY_US // (DAY_US // 1440),
        received_at=at,
        values={
            metric.name: np.array(values.get(metric.name, [np.nan] * length), dtype=np.float64)
            for metric in PANELS[kind].metrics
        },
        flags={name: rows(marks) for name, marks in (flags or {}).items()},
        doubt=np.zeros(length, dtype=np.bool_),
    )
    return KindRecord(
        kind=kind,
        series=series,
        readings=[UUID(int=number) for number in range(length)],
        doubt=codes,
        typed=rows(typed),
        meals={meal: rows(marks) for meal, marks in (meals or {}).items()},
    )
