"""Windows that slide over a series, side by side: what rules with a memory compute on.

A window holds evidence only, newest first, and never more than a fixed number of readings: what a
row costs does not grow with the history, nor with how often somebody measures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints, Series
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.bounds import judged
from care.rules import Bound

MOST_READINGS: Final = 200
"""In a window, the newest of them; care.rules says so of each rule."""
CELLS: Final = 1 << 15
"""Of one block of windows: 256 KiB of numbers stay in the processor's cache; a megabyte takes twice
the time (measured)."""
DECIMALS: Final = 6
"""Of a number that was computed: 61.1 - 60.2 is 0.9, as it says on the scale, not 0.8999…986."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """The rows of a series with a number that counts: neither doubtful, nor absent, nor HI or LO.

    Arrays as long as there are such rows; indices into them are not rows of the series.
    """

    series: Series
    row: Ints
    key: Ints
    """Series.key of the rows."""
    number: Floats
    wanted: Ints
    """Which of them a verdict is asked for, ascending: see Series.wanted."""

    def __len__(self) -> int:
        return len(self.row)

    def since(self, span_us: int) -> Ints:
        """For each, the first of its segment not more than `span_us` before it."""
        return np.searchsorted(self.key, self.key - span_us, side="left").astype(np.int64)

    def since_pause(self, longest_us: int) -> Ints:
        """For each, the first after the last pause longer than this; at most 60 days."""
        begins = np.diff(self.key, prepend=self.key[:1] - longest_us - 1) > longest_us
        return np.maximum.accumulate(np.where(begins, np.arange(len(self)), 0))

    def spread(self, numbers: Floats) -> Floats:
        """One number for each row of the series, NaN for rows that are no evidence."""
        full = np.full(len(self.series), np.nan)
        full[self.row] = numbers
        return full

    def spread_counts(self, counts: Ints) -> Ints:
        """One count for each row of the series, 0 for rows that are no evidence."""
        full = np.zeros(len(self.series), dtype=np.int64)
        full[self.row] = counts
        return full


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Windows of neighbours, padded to the longest of them."""

    part: Ints
    """Whose windows."""
    index: Ints
    """(windows, places): which evidence stands at the place, newest first."""
    inside: Bools
    """(windows, places): False for padding, which is at the end of a window."""


def evidence(series: Series, metric: str) -> Evidence:
    numbers = series.metric(metric)
    row = np.flatnonzero(np.isfinite(numbers) & ~series.doubt).astype(np.int64)
    asked = np.arange(len(row)) if series.wanted is None else np.flatnonzero(series.wanted[row])
    return Evidence(series=series, row=row, key=series.key[row], number=numbers[row], wanted=asked)


def newest(first: Ints, end: Ints, most: int = MOST_READINGS) -> Ints:
    """`first` brought forward so that no window [first, end) has more than `most`."""
    return np.maximum(first, end - most)


def blocks(
    first: Ints, end: Ints, *, only: Ints | None = None, cells: int = CELLS
) -> Iterator[Block]:
    """The windows [first, end), in blocks of at most `cells` places; empty ones are all padding.

    `only` names those that are wanted, None: all.
    """
    whose = np.arange(len(first)) if only is None else only
    counts = end[whose] - first[whose]
    widest = int(counts.max(initial=0))
    height = max(1, cells // max(1, widest))
    for top in range(0, len(whose), height):
        part = whose[top : top + height]
        size = counts[top : top + height]
        place = np.arange(max(1, int(size.max())))
        inside = place < size[:, None]
        index = np.where(inside, end[part, None] - 1 - place, 0)
        yield Block(part=part, index=index, inside=inside)


def medians(numbers: Floats, inside: Bools) -> Floats:
    """The median of each line's places that are inside; NaN where there are none."""
    if not numbers.shape[1]:
        return np.full(len(numbers), np.nan)
    counts = inside.sum(axis=1)
    ordered = np.sort(np.where(inside, numbers, np.inf), axis=1)
    line, last = np.arange(len(ordered)), ordered.shape[1] - 1
    lower = ordered[line, np.clip((counts - 1) // 2, 0, last)]
    upper = ordered[line, np.minimum(counts // 2, last)]
    found: Floats = np.where(counts > 0, lower, np.nan)
    # Halves before the sum: two numbers at the edge of what a float holds stay finite.
    return np.where(counts > 0, found / 2 + upper / 2, np.nan)


def rounded(numbers: Floats) -> Floats:
    """Free of binary dust, so that a value on a bound is on it."""
    return np.round(numbers, DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statistic:
    """What is judged of each row of a series."""

    value: Floats
    """NaN where nothing can be said."""
    count: Ints
    """How many readings it rests on."""


def judge(bounds: Sequence[Bound], statistics: Mapping[str, Statistic]) -> Verdicts:
    """Verdicts on statistics of metrics, at least one bound."""
    known, breach, hold, value, which = judged(
        [statistics[bound.metric].value for bound in bounds], bounds
    )
    count = np.zeros(len(known), dtype=np.int64)
    for index in reversed(range(len(bounds))):
        of = statistics[bounds[index].metric]
        count = np.where(np.isnan(of.value), count, of.count)
    for index, bound in enumerate(bounds):
        count = np.where(which == index, statistics[bound.metric].count, count)
    return Verdicts(
        known=known,
        breach=breach,
        hold=hold,
        value=value,
        bound=np.where(known, which, NO_BOUND),
        count=np.where(known, count, 0),
    )
