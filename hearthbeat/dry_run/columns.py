"""Readings of many people as plain columns: some forty bytes each, however many they are."""

import datetime as dt
import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, overload
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from alerts.columns.series import DAY_US, MICROSECONDS, Floats, Ints, Series
from alerts.judging.batch import Batch, Chart
from care.programme import Plan
from vitals.flags import Special
from vitals.kinds import PANELS, Kind

EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - digits of a wall clock.
MICROSECOND: Final = dt.timedelta(microseconds=1)
QUARTER_US: Final = 15 * 60 * MICROSECONDS
"""No zone has changed its offset within a quarter of an hour since zones are in quarters."""
PART_ROWS: Final = 200_000
PART_PEOPLE: Final = 2_000
"""With more, over a century, a batch's keys would not fit into 63 bits: see Series.key."""
_CENSORED: Final = {
    Special.HI: math.inf,
    Special.PLUS_INF: math.inf,
    Special.LO: -math.inf,
    Special.MINUS_INF: -math.inf,
}


class Numbered(Sequence[UUID]):
    """Ids of rows that nobody stored, made when asked for: they ascend with the rows."""

    def __init__(self, first: int, count: int) -> None:
        self._first, self._count = first, count

    @override
    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> UUID: ...
    @overload
    def __getitem__(self, place: slice) -> "Numbered": ...
    @override
    def __getitem__(self, place: int | slice) -> "UUID | Numbered":
        if isinstance(place, slice):
            chosen = range(self._count)[place]
            return Numbered(self._first + chosen.start, len(chosen))
        return UUID(int=self._first + range(self._count)[place])


class KindColumns:
    """Readings of one kind, in the order of the files."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.names = tuple(metric.name for metric in PANELS[kind].metrics)
        self.person = array("i")
        self.digits = array("q")
        self.values = {name: array("d") for name in self.names}

    def add(
        self,
        person: int,
        digits: int,
        values: Mapping[str, float],
        special: Mapping[str, Special],
    ) -> None:
        """`digits` are microseconds since 1970 as the wall clock counts them."""
        self.person.append(person)
        self.digits.append(digits)
        for name, column in self.values.items():
            number = values.get(name)
            if number is None:
                number = _CENSORED.get(special[name], math.nan) if name in special else math.nan
            column.append(number)

    def extend(self, person: Ints, digits: Ints, values: Mapping[str, Floats]) -> None:
        """Many at once; a metric without numbers is absent from all of them."""
        self.person.frombytes(person.astype(np.int32).tobytes())
        self.digits.frombytes(digits.astype(np.int64).tobytes())
        for name, column in self.values.items():
            numbers = values.get(name)
            if numbers is None:
                numbers = np.full(len(person), math.nan)
            column.frombytes(numbers.tobytes())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sorted:
    """One kind, by person and time; what is equal in both in the order of the files."""

    columns: KindColumns
    order: Ints
    person: NDArray[np.int32]
    """Ascending."""
    at: Ints

    @classmethod
    def of(cls, columns: KindColumns, zone: ZoneInfo) -> "_Sorted":
        person = np.frombuffer(columns.person, dtype=np.int32)
        at = instants(np.frombuffer(columns.digits, dtype=np.int64), zone)
        order = np.lexsort((at, person))
        return cls(columns=columns, order=order, person=person[order], at=at[order])

    def series(self, low: int, high: int, first: int) -> Series:
        """Rows [low, high), of persons from `first` on."""
        rows, at = self.order[low:high], self.at[low:high]
        digits = np.frombuffer(self.columns.digits, dtype=np.int64)[rows]
        return Series(
            segment=self.person[low:high].astype(np.int64) - first,
            at=at,
            local_day=digits // DAY_US,
            local_minute=digits % DAY_US // (60 * MICROSECONDS),
            received_at=at,
            values={
                name: np.frombuffer(numbers, dtype=np.float64)[rows]
                for name, numbers in self.columns.values.items()
            },
            flags={},
            doubt=np.zeros(len(rows), dtype=np.bool_),
        )


class Columns:
    """Of all kinds and people."""

    def __init__(self) -> None:
        self._kinds: dict[Kind, KindColumns] = {}
        self._people: dict[tuple[str, str], int] = {}

    @property
    def people(self) -> int:
        return len(self._people)

    def person(self, file: str, name: str) -> int:
        """The number of a file's person; the same name in another file is somebody else."""
        return self._people.setdefault((file, name), len(self._people))

    def of(self, kind: Kind) -> KindColumns:
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = KindColumns(kind)
        return found

    def __len__(self) -> int:
        return sum(len(each.person) for each in self._kinds.values())

    def parts(self, plan: Plan, zone: ZoneInfo, *, rows: int = PART_ROWS) -> Iterator[Batch]:
        """Batches of whole people, of about so many rows; who has more is one alone."""
        kinds = [_Sorted.of(self._kinds[kind], zone) for kind in Kind if kind in self._kinds]
        counts = np.zeros(self.people, dtype=np.int64)
        for each in kinds:
            counts += np.bincount(each.person, minlength=self.people)
        ends = np.cumsum(counts)
        first = 0
        while first < self.people:
            begun = int(ends[first - 1]) if first else 0
            fits = int(np.searchsorted(ends, begun + rows, side="right"))
            end = max(first + 1, min(fits, first + PART_PEOPLE))
            yield _batch(kinds, first, end, plan)
            first = end


def _batch(kinds: Sequence[_Sorted], first: int, end: int, plan: Plan) -> Batch:
    charts = [Chart(patient_id=UUID(int=number + 1), plans=(plan,)) for number in range(first, end)]
    series: dict[Kind, Series] = {}
    readings: dict[Kind, Sequence[UUID]] = {}
    for place, each in enumerate(kinds):
        low, high = np.searchsorted(each.person, [first, end]).tolist()
        series[each.columns.kind] = each.series(low, high, first)
        readings[each.columns.kind] = Numbered(((place + 1) << 64) + low, high - low)
    return Batch(charts=charts, series=series, readings=readings)


def instants(digits: Ints, zone: ZoneInfo) -> Ints:
    """Microseconds since 1970 UTC of what a wall clock in the zone showed; where it showed the
    same twice, the first.
    """
    quarters, place = np.unique(digits // QUARTER_US, return_inverse=True)
    offsets = [
        (EPOCH + int(quarter) * QUARTER_US * MICROSECOND).replace(tzinfo=zone).utcoffset()
        for quarter in quarters.tolist()
    ]
    by_quarter = np.array(
        [0 if offset is None else offset // MICROSECOND for offset in offsets], dtype=np.int64
    )
    return digits - (by_quarter[place] if len(digits) else 0)
