"""The past that rules look at, read from the database as columns."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, overload
from uuid import UUID

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from typing_extensions import override

from alerts.columns.series import MICROSECONDS, Bools, Floats, Series
from alerts.judging.batch import microseconds
from store.pool import Connection
from store.queries import load
from vitals.flags import Special
from vitals.kinds import PANELS, Kind

QUERIES: Final = load("alerts", "windows.sql")
ROWS_MOST: Final = 2000
"""Of one patient and kind, the newest: a meter that sends every minute must not stop the rest."""

_SEGMENT, _ID, _MEASURED, _RECEIVED, _DAY, _OFFSET, _ODD, _FLAGS, _SPECIAL, _METRICS = range(10)
_INSTANT: Final = ">i8"
"""Microseconds since 2000, as PostgreSQL sends them; days and seconds are shorter."""
_SHORT: Final = ">i4"
_NUMBER: Final = ">f8"
_FROM_2000_US: Final = 946_684_800 * MICROSECONDS
_FROM_2000_DAYS: Final = 10_957
_ID_BYTES: Final = 16
_CENSORED: Final = {
    Special.HI: np.inf,
    Special.LO: -np.inf,
    Special.PLUS_INF: np.inf,
    Special.MINUS_INF: -np.inf,
}


ROWS_FLOOD: Final = 100_000
"""Where more than ROWS_MOST are to be judged anew, not only looked back at: about 50 MB."""


class Window(Struct, frozen=True, kw_only=True):
    """A patient's readings of one kind, from `since` on."""

    patient_id: UUID
    since: dt.datetime
    segment: int
    """Its place in the batch; windows come in ascending order of it."""


class Loaded(Struct, frozen=True, kw_only=True):
    """Windows as one series."""

    series: Series
    readings: Sequence[UUID]
    """Of each row."""


class Ids(Sequence[UUID]):
    """The readings' ids, each made only when it is asked for: most never are."""

    def __init__(self, packed: bytes) -> None:
        """`packed`: the last row's first."""
        self._packed = packed
        self._length = len(packed) // _ID_BYTES

    @override
    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> UUID: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[UUID]: ...
    @override
    def __getitem__(self, index: int | slice) -> UUID | Sequence[UUID]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._length))]
        place = self._length - 1 - range(self._length)[index]
        return UUID(bytes=self._packed[place * _ID_BYTES : (place + 1) * _ID_BYTES])


def is_cut(series: Series, judged_from: Sequence[dt.datetime], *, rows_most: int) -> bool:
    """Whether rows are left out that are to be judged: a patient's, by segment, from then on.

    What is left out would be taken for what is not there, and alerts that rest on it for wrong.
    """
    firsts = np.searchsorted(series.segment, np.arange(len(judged_from) + 1))
    return any(
        end - first >= rows_most and int(series.at[first]) > microseconds(since)
        for first, end, since in zip(firsts, firsts[1:], judged_from, strict=False)
    )


async def load_windows(
    conn: Connection, kind: Kind, windows: Sequence[Window], *, rows_most: int = ROWS_MOST
) -> Loaded:
    patients = await conn.fetch(
        QUERIES[kind],
        [window.patient_id for window in windows],
        [window.since for window in windows],
        [window.segment for window in windows],
        rows_most,
    )
    names = [metric.name for metric in PANELS[kind].metrics]
    if not patients:
        return Loaded(series=empty(names), readings=())
    # The newest come first: turned round as a whole, patients and rows are in order.
    columns: Sequence[Sequence[Any]] = list(zip(*reversed(patients), strict=True))
    return Loaded(series=_series(columns, names), readings=Ids(b"".join(columns[_ID])))


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
    at = _unpacked(columns[_MEASURED], _INSTANT).astype(np.int64) + _FROM_2000_US
    offset = _unpacked(columns[_OFFSET], _SHORT).astype(np.int64)
    values = {
        name: _unpacked(column, _NUMBER).astype(np.float64)
        for name, column in zip(names, columns[_METRICS:], strict=True)
    }
    counts = [len(each) // _ID_BYTES for each in reversed(columns[_ID])]
    odd = np.flatnonzero(_unpacked(columns[_ODD], "?")).tolist()
    _censor(values, odd, _listed(columns[_SPECIAL]))
    return Series(
        segment=np.repeat(np.array(columns[_SEGMENT][::-1], dtype=np.int64), counts),
        at=at,
        local_day=_unpacked(columns[_DAY], _SHORT).astype(np.int64) + _FROM_2000_DAYS,
        local_minute=(at // MICROSECONDS + offset) // 60 % 1440,
        received_at=_unpacked(columns[_RECEIVED], _INSTANT).astype(np.int64) + _FROM_2000_US,
        values=values,
        flags=_flags(len(at), odd, _listed(columns[_FLAGS])),
        doubt=np.zeros(len(at), dtype=np.bool_),
    )


def _unpacked(column: Sequence[bytes], form: str) -> NDArray[Any]:
    """In the order of rows."""
    return np.frombuffer(b"".join(column), dtype=form)[::-1]


def _listed(column: Sequence[Sequence[str | None] | None]) -> list[str | None]:
    """What odd rows have, in the order of rows."""
    return [each for some in column for each in some or ()][::-1]


def _flags(length: int, odd: Sequence[int], said: Sequence[str | None]) -> dict[str, Bools]:
    found: dict[str, Bools] = {}
    for index, flags in zip(odd, said, strict=True):
        for flag in (flags or "").split():
            if flag not in found:
                found[flag] = np.zeros(length, dtype=np.bool_)
            found[flag][index] = True
    return found


def _censored_values(special: str) -> dict[str, float]:
    named: dict[str, str] = msgspec.json.decode(special)
    return {name: _CENSORED[Special(word)] for name, word in named.items() if word in _CENSORED}


def _censor(values: dict[str, Floats], odd: Sequence[int], specials: Sequence[str | None]) -> None:
    """HI is above, and LO below, whatever the meter can measure."""
    for index, special in zip(odd, specials, strict=True):
        if special is None:
            continue
        for name, infinite in _censored_values(special).items():
            if name in values:
                values[name][index] = infinite
