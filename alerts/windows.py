"""The past that rules look at, read from the database as columns."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
from msgspec import Struct

from alerts.batch import EPOCH, MICROSECOND
from alerts.series import MICROSECONDS, Bools, Floats, Ints, Series
from store.pool import Connection
from store.queries import load
from vitals.flags import Special
from vitals.kinds import PANELS, Kind

QUERIES: Final = load("alerts", "windows.sql")
ROWS_MOST: Final = 2000
"""Of one patient and kind, the newest: a meter that sends every minute must not stop the rest."""

_SEGMENT, _ID, _MEASURED, _RECEIVED, _DAY, _OFFSET, _FLAGS, _SPECIAL, _METRICS = range(9)
_EPOCH_DAY: Final = dt.date(1970, 1, 1)
_CENSORED: Final = {
    Special.HI: np.inf,
    Special.LO: -np.inf,
    Special.PLUS_INF: np.inf,
    Special.MINUS_INF: -np.inf,
}


class Window(Struct, frozen=True, kw_only=True):
    """A patient's readings of one kind, from `since` on."""

    patient_id: UUID
    since: dt.datetime
    segment: int
    """Its place in the batch; windows come in ascending order of it."""


class Loaded(Struct, frozen=True, kw_only=True):
    """Windows as one series."""

    series: Series
    readings: list[UUID]
    """Of each row."""


async def load_windows(
    conn: Connection, kind: Kind, windows: Sequence[Window], *, rows_most: int = ROWS_MOST
) -> Loaded:
    rows = await conn.fetch(
        QUERIES[kind],
        [window.patient_id for window in windows],
        [window.since for window in windows],
        [window.segment for window in windows],
        rows_most,
    )
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else []
    names = [metric.name for metric in PANELS[kind].metrics]
    if not columns:
        return Loaded(series=empty(names), readings=[])
    return Loaded(series=_series(columns, names), readings=list(columns[_ID]))


def empty(metrics: Sequence[str] = ()) -> Series:
    none = np.zeros(0, dtype=np.int64)
    return Series(
        segment=none,
        at=none,
        local_day=none,
        local_minute=none,
        received_at=none,
        values={name: np.zeros(0) for name in metrics},
        flags={},
        doubt=np.zeros(0, dtype=np.bool_),
    )


def _series(columns: Sequence[Sequence[Any]], names: Sequence[str]) -> Series:
    at = _times(columns[_MEASURED])
    offset = np.array(columns[_OFFSET], dtype=np.int64)
    values = {
        name: np.array(column, dtype=np.float64)  # None becomes NaN.
        for name, column in zip(names, columns[_METRICS:], strict=True)
    }
    _censor(values, columns[_SPECIAL])
    return Series(
        segment=np.array(columns[_SEGMENT], dtype=np.int64),
        at=at,
        local_day=np.array([(day - _EPOCH_DAY).days for day in columns[_DAY]], dtype=np.int64),
        local_minute=(at // MICROSECONDS + offset) // 60 % 1440,
        received_at=_times(columns[_RECEIVED]),
        values=values,
        flags=_flags(columns[_FLAGS]),
        doubt=np.zeros(len(at), dtype=np.bool_),
    )


def _times(instants: Sequence[dt.datetime]) -> Ints:
    return np.array([(each - EPOCH) // MICROSECOND for each in instants], dtype=np.int64)


def _flags(rows: Sequence[Sequence[str]]) -> dict[str, Bools]:
    found: dict[str, Bools] = {}
    for index, flags in enumerate(rows):
        for flag in flags:
            if flag not in found:
                found[flag] = np.zeros(len(rows), dtype=np.bool_)
            found[flag][index] = True
    return found


def _censored_values(special: str) -> dict[str, float]:
    named: dict[str, str] = msgspec.json.decode(special)
    return {name: _CENSORED[Special(word)] for name, word in named.items() if word in _CENSORED}


def _censor(values: dict[str, Floats], specials: Sequence[str | None]) -> None:
    """HI is above, and LO below, whatever the meter can measure."""
    for index, special in enumerate(specials):
        if special is None:
            continue
        for name, infinite in _censored_values(special).items():
            if name in values:
                values[name][index] = infinite
