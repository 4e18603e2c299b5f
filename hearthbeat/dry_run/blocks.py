"""A table (`csv`) of many rows, a stretch at a time: ten times as fast as row by row.

A stretch is taken only where every field of it is as plain as can be; one with anything else in it
is halved, and what is left goes to the format's own parser. So both say the same of every file.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints
from hearthbeat.dry_run.columns import Columns
from hearthbeat.recordings import generic_csv, table
from hearthbeat.recordings.record import Row
from ingest.judgement import BOUNDS, ZERO_IF_UNMEASURED
from vitals.kinds import Kind

STRETCH: Final = 4096
SHORTEST: Final = 32
"""Rows of a stretch that is not halved again."""
_TIMES: Final = re.compile(r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?\n)+", re.ASCII)
_NUMBERS: Final = re.compile(r"(?:-?\d+(?:\.\d+)?\n)+", re.ASCII)
_UNUSUAL: Final = re.compile(r'["\r\0]')
_SECONDS: Final = 1_000_000
_DERIVED: Final = frozenset({"bmi", "body_fat"})
"""With these a scale says more than stands in the row."""
_YEARS: Final = (
    int(np.datetime64(f"{table.FIRST_YEAR + 1}-01-01", "s").astype(np.int64)),
    int(np.datetime64(f"{table.LAST_YEAR}-01-01", "s").astype(np.int64)),
)


class NotPlainError(Exception):
    """Something in the stretch wants a closer look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """One table on its way into columns."""

    file: str
    columns: Columns
    latest: int
    """Digits after this may be in the future: microseconds since 1970 on the wall clock."""
    row: Callable[[Row], None]
    """Takes what is not plain."""
    people: dict[str, int]

    def take(self, lines: Iterable[str]) -> Iterator[int]:
        """Yields how many rows each stretch had."""
        coming = iter(lines)
        head = next(coming, None)
        if head is None:
            return
        names = table.header([head])
        while stretch := list(islice(coming, STRETCH)):
            self._take(head, names, stretch)
            yield len(stretch)

    def _take(self, head: str, names: Sequence[str], lines: Sequence[str]) -> None:
        try:
            doubtful = self._plain(names, lines)
        except NotPlainError:
            if len(lines) <= SHORTEST:
                self._row_by_row(head, lines)
                return
            middle = len(lines) // 2
            self._take(head, names, lines[:middle])
            self._take(head, names, lines[middle:])
        else:
            self._row_by_row(head, [lines[place] for place in doubtful])

    def _row_by_row(self, head: str, lines: Sequence[str]) -> None:
        for row in generic_csv.parse([head, *lines]):
            self.row(row)

    def _plain(self, names: Sequence[str], lines: Sequence[str]) -> list[int]:
        """Takes the rows; the places of those that may have to be refused are left."""
        cells = _cells(lines, len(names))
        by_name = {name: cells[place :: len(names)] for place, name in enumerate(names) if name}
        digits = _digits(by_name[generic_csv.TIME])
        person = self._person(by_name.get(generic_csv.PERSON), len(lines))
        given = {name: by_name[name] for name in by_name if name in generic_csv.COLUMNS}
        taken: list[tuple[Kind, Ints, Mapping[str, Floats]]] = []
        doubtful: list[int] = []
        for rows, present in _patterns(given, len(lines)):
            kind = generic_csv.kind_of(present)
            if kind is None or _DERIVED.intersection(present):
                raise NotPlainError
            values = {
                name: _numbers(given[name] if len(rows) == len(lines) else
                               [given[name][row] for row in rows.tolist()])
                for name in present
            }  # fmt: skip
            if generic_csv.MMOL_PER_L in values:
                mmol = values.pop(generic_csv.MMOL_PER_L)
                values["glucose"] = mmol * generic_csv.MG_PER_DL_PER_MMOL_PER_L
            sound = _plausible(kind, values) & (digits[rows] <= self.latest)
            doubtful += rows[~sound].tolist()
            kept = {name: numbers[sound] for name, numbers in values.items()}
            taken.append((kind, rows[sound], kept))
        for kind, rows, numbers in taken:
            self.columns.of(kind).extend(person[rows], digits[rows], numbers)
        return sorted(doubtful)

    def _person(self, names: Sequence[str] | None, count: int) -> Ints:
        if names is None:
            return np.full(count, self._number(""), dtype=np.int64)
        numbers = list(map(self.people.get, names))
        if None in numbers:
            for name in dict.fromkeys(names):
                if name != name.strip() or not table.nameable(name):
                    raise NotPlainError
                self._number(name)
            numbers = list(map(self.people.get, names))
        return np.array(numbers, dtype=np.int64)

    def _number(self, name: str) -> int:
        found = self.people.get(name)
        if found is None:
            found = self.people[name] = self.columns.person(self.file, name)
        return found


def _cells(lines: Sequence[str], width: int) -> list[str]:
    text = ",".join(lines)
    if _UNUSUAL.search(text) or set(map(str.count, lines, repeat(","))) != {width - 1}:
        raise NotPlainError
    return text.split(",")


def _digits(texts: Sequence[str]) -> Ints:
    if not _TIMES.fullmatch("\n".join([*texts, ""])):
        raise NotPlainError
    try:
        seconds = np.array(texts, dtype="datetime64[s]").astype(np.int64)
    except ValueError:
        raise NotPlainError from None
    if not _YEARS[0] <= seconds.min() <= seconds.max() < _YEARS[1]:
        raise NotPlainError
    digits: Ints = seconds * _SECONDS
    return digits


def _numbers(texts: Sequence[str]) -> Floats:
    if not _NUMBERS.fullmatch("\n".join([*texts, ""])):
        raise NotPlainError
    return np.array(texts, dtype=np.float64)


def _patterns(
    given: Mapping[str, Sequence[str]], count: int
) -> Iterator[tuple[Ints, tuple[str, ...]]]:
    """Rows in which the same columns are filled, and which those are."""
    mixed = [name for name, texts in given.items() if "" in texts]
    whole = tuple(name for name in given if name not in mixed)
    if not mixed:
        yield np.arange(count), whole
        return
    filled = np.zeros(count, dtype=np.int64)
    for place, name in enumerate(mixed):
        there = np.fromiter(map(bool, given[name]), dtype=np.bool_, count=count)
        filled |= there.astype(np.int64) << place
    for pattern in np.unique(filled).tolist():
        names = (name for place, name in enumerate(mixed) if pattern >> place & 1)
        yield np.flatnonzero(filled == pattern).astype(np.int64), (*whole, *names)


def _plausible(kind: Kind, values: Mapping[str, Floats]) -> Bools:
    """As ingest.judgement.doubt: what is not, is looked at there, for the reason."""
    sound = np.ones(len(next(iter(values.values()))), dtype=np.bool_)
    for name, numbers in values.items():
        low, high = BOUNDS[name]
        here = (low <= numbers) & (numbers <= high)
        if name in ZERO_IF_UNMEASURED:
            here |= numbers == 0
        sound &= here
    if kind is Kind.BLOOD_PRESSURE:
        systolic, diastolic = values["systolic"], values["diastolic"]
        mean = values.get("mean", diastolic)
        mean = np.where(mean == 0, diastolic, mean)
        sound &= (systolic > diastolic) & (diastolic <= mean) & (mean <= systolic)
    return sound
