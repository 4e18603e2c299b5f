"""Readings in plain Python to a batch: for dry runs and tests. The live loader reads columns."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import numpy as np
from msgspec import Struct

from alerts.columns.series import Series
from alerts.judging.batch import Batch, Chart, microseconds
from vitals.flags import Flag, Special
from vitals.kinds import PANELS, Kind

_EPOCH_DAY: Final = dt.date(1970, 1, 1)
_HIGH: Final = frozenset({Special.HI, Special.PLUS_INF})
_LOW: Final = frozenset({Special.LO, Special.MINUS_INF})


class Row(Struct, frozen=True, kw_only=True):
    """One reading of a patient."""

    reading: UUID
    kind: Kind
    measured_at: dt.datetime
    """Aware, with the offset that the patient's clock had: the local day is read off it."""
    received_at: dt.datetime | None = None
    """None: as it was measured."""
    values: Mapping[str, float]
    special: Mapping[str, Special] = {}
    flags: Sequence[str] = ()


def batch_from(charts: Sequence[Chart], rows: Sequence[Iterable[Row]]) -> Batch:
    """`rows[i]` are the readings of `charts[i]`, in any order."""
    asked = {rule.kind for chart in charts for plan in chart.plans for rule in plan.rules}
    by_kind: dict[Kind, list[tuple[int, Row]]] = {kind: [] for kind in Kind if kind in asked}
    for segment, mine in enumerate(rows):
        for row in mine:
            by_kind.setdefault(row.kind, []).append((segment, row))
    series: dict[Kind, Series] = {}
    readings: dict[Kind, list[UUID]] = {}
    for kind, found in by_kind.items():
        found.sort(key=lambda one: (one[0], one[1].measured_at, one[1].reading))
        series[kind] = series_from(kind, found)
        readings[kind] = [row.reading for _, row in found]
    return Batch(charts=charts, series=series, readings=readings)


def series_from(kind: Kind, rows: Sequence[tuple[int, Row]]) -> Series:
    """Rows with their segments, in the order of a series."""
    at = np.array([microseconds(row.measured_at) for _, row in rows], dtype=np.int64)
    received = [
        microseconds(row.measured_at if row.received_at is None else row.received_at)
        for _, row in rows
    ]
    metrics = [metric.name for metric in PANELS[kind].metrics]
    flags = sorted({flag for _, row in rows for flag in row.flags})
    return Series(
        segment=np.array([segment for segment, _ in rows], dtype=np.int64),
        at=at,
        local_day=np.array(
            [(row.measured_at.date() - _EPOCH_DAY).days for _, row in rows], dtype=np.int64
        ),
        local_minute=np.array(
            [row.measured_at.hour * 60 + row.measured_at.minute for _, row in rows], dtype=np.int64
        ),
        received_at=np.array(received, dtype=np.int64),
        values={
            name: np.array([_number(row, name) for _, row in rows], dtype=np.float64)
            for name in metrics
        },
        flags={
            flag: np.array([flag in row.flags for _, row in rows], dtype=np.bool_) for flag in flags
        },
        doubt=np.zeros(len(rows), dtype=np.bool_),
    )


def _number(row: Row, metric: str) -> float:
    value = row.values.get(metric)
    if value is not None:
        return value
    special = row.special.get(metric)
    primary = metric in {one.name for one in PANELS[row.kind].primary}
    if special in _HIGH or (primary and Flag.RESULT_TOO_HIGH in row.flags):
        return math.inf
    if special in _LOW or (primary and Flag.RESULT_TOO_LOW in row.flags):
        return -math.inf
    return math.nan
