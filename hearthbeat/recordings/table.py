"""A CSV file as numbered rows with named fields; what is wrong with a row is its refusal."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hearthbeat.recordings.record import Record, Refusal, Row
from vitals.kinds import Kind

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9998
"""Both excluded: in another zone than its own, an instant may be in the year beside."""

PERSON_MAX: Final = 100

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")

Fields = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a row says, but for where it stands."""

    person: str = ""
    kind: Kind
    at: dt.datetime
    values: dict[str, float]


Read = Callable[[Fields], Found | str]
"""What a row says; or, in a short phrase, why it says nothing."""


def header(head: Sequence[str]) -> list[str]:
    """The names of the columns; empty where there is none."""
    return [name.strip() for name in _cells(head[0]) or ()] if head else []


def records(lines: Iterable[str], read: Read) -> Iterator[Row]:
    """Every row below the header, in order.

    A row is one line: a quoted field with a line break in it is refused, and so are its rests.
    """
    names: list[str] = []
    for line, text in enumerate(lines, start=1):
        if line == 1:
            names = header([text])
            continue
        found = _read(names, text, read)
        if isinstance(found, str):
            yield Refusal(line=line, reason=found, text=text)
        else:
            yield Record(
                line=line, person=found.person, kind=found.kind, at=found.at, values=found.values
            )


def _read(names: list[str], text: str, read: Read) -> Found | str:
    values = _cells(text)
    if values is None:
        return "not a row of a table"
    if len(values) != len(names):
        return "other number of fields than the header" if values else "empty line"
    found = read({name: value.strip() for name, value in zip(names, values, strict=True)})
    if isinstance(found, Found) and not nameable(found.person):
        return "person that is no name"
    return found


def nameable(person: str) -> bool:
    """Whether somebody can be registered under it."""
    return len(person) <= PERSON_MAX and person.isprintable()


def _cells(line: str) -> list[str] | None:
    """None for what is not to be taken apart, such as a field without end."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return None


def number(text: str) -> float | None:
    """A plain decimal number, or None: no `nan`, no `1e9`, no digits of other scripts."""
    return float(text) if text.isascii() and _NUMBER.fullmatch(text) else None


def moment(text: str) -> dt.datetime | None:
    """ISO 8601 date and time, with or without an offset, or None; of years that readings have."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR < found.year < LAST_YEAR:
        return None
    return found.replace(microsecond=0)
