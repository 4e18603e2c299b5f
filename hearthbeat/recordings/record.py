"""What a row of a recording turns into."""

import datetime as dt
from dataclasses import dataclass, field

from vitals.flags import Special
from vitals.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One act of measurement, as somebody wrote it down."""

    line: int
    """In its file, counted from 1."""
    person: str
    """Who, as the file says; empty where it is about one person."""
    kind: Kind
    at: dt.datetime
    """Local digits, naive; or aware, where the file gives an offset."""
    values: dict[str, float]
    """In canonical units."""
    special: dict[str, Special] = field(default_factory=dict)
    """`hi` and `lo` of a meter that was out of range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row that is no record."""

    line: int
    reason: str
    """A short phrase, the same for all rows of its sort: they are counted by it."""
    text: str
    """The row as it stands in the file."""


Row = Record | Refusal
