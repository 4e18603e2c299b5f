"""Readings of one kind, of many patients, as columns: what the rules compute on.

One `Series` holds the readings of a whole batch, patient after patient, each in event time. Rules
are array operations over all of it at once, so that a batch of a hundred patients costs little
more than one. A *row* is one reading.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

MICROSECONDS: Final = 1_000_000
DAY_US: Final = 86_400 * MICROSECONDS
LONGEST_WINDOW_US: Final = 60 * DAY_US
"""Of any rule: care.rules.Days."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Rows sorted by (segment, at, reading); a segment is one patient's readings of one kind."""

    segment: Ints
    """Which patient of the batch, from 0 on, ascending."""
    at: Ints
    """`measured_at`, microseconds since 1970 UTC."""
    local_day: Ints
    """The patient's local day, in days since 1970-01-01, fixed at measurement."""
    local_minute: Ints
    """Minute of that local day, 0 to 1439."""
    received_at: Ints
    """Microseconds since 1970 UTC."""
    values: dict[str, Floats]
    """Metric -> its numbers, NaN where the reading has none; +inf for HI, -inf for LO."""
    flags: dict[str, Bools]
    """Flag -> whether the reading bears it; flags that no reading bears may be left out."""
    doubt: Bools
    """The reading may be wrong (judging.artefacts): it is never evidence, at most 'needs check'."""
    wanted: Bools | None = None
    """Rows whose verdict is asked for, None: all. A rule may leave the others unknown; they are
    there to be looked back at, and in live use most rows are."""

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: Ints) -> "Series":
        """These rows, ascending; segments keep their numbers."""
        return Series(
            segment=self.segment[rows],
            at=self.at[rows],
            local_day=self.local_day[rows],
            local_minute=self.local_minute[rows],
            received_at=self.received_at[rows],
            values={name: numbers[rows] for name, numbers in self.values.items()},
            flags={name: marks[rows] for name, marks in self.flags.items()},
            doubt=self.doubt[rows],
            wanted=None if self.wanted is None else self.wanted[rows],
        )

    def metric(self, name: str) -> Floats:
        """The numbers of a metric of the registry, or of care.rules.DERIVED."""
        if name == "pulse_pressure":
            pressure: Floats = self.metric("systolic") - self.metric("diastolic")
            return pressure
        found = self.values.get(name)
        return np.full(len(self), np.nan) if found is None else found

    def flag(self, name: str) -> Bools:
        found = self.flags.get(name)
        return np.zeros(len(self), dtype=np.bool_) if found is None else found

    @property
    def key(self) -> Ints:
        """(segment, time) in one number, ascending over the batch: what windows are searched in.

        Segments lie further apart than any window is long. A batch over more years than fit into
        63 bits (a few thousand patients with decades between them) raises OverflowError.
        """
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        origin, last = int(self.at.min()), int(self.at.max())
        apart = last - origin + 2 * LONGEST_WINDOW_US
        if (int(self.segment[-1]) + 2) * apart >= 1 << 63:
            raise OverflowError("too many patients over too many years in one batch")
        key: Ints = self.segment * apart + (self.at - origin)
        return key

    @property
    def first_row(self) -> Ints:
        """For each row, the first row of its segment."""
        rows: Ints = np.searchsorted(self.segment, self.segment, side="left").astype(np.int64)
        return rows

    def rows_since(self, span_us: int, *, include_edge: bool = False) -> Ints:
        """For each row, the first row of its segment later than `span_us` before it.

        `include_edge` takes in a row exactly `span_us` before.
        """
        key = self.key
        side: Literal["left", "right"] = "left" if include_edge else "right"
        return np.searchsorted(key, key - span_us, side=side).astype(np.int64)
