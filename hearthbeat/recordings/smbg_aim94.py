"""AIM-94 diabetes logs (M. Kahn, Washington University): one file per person, tab separated.

`MM-DD-YYYY <tab> HH:MM <tab> code <tab> value`; glucose in mg/dL among insulin doses, meals,
exercise and symptoms. Dirty: blank dates, values as `0Hi`, `0Lo`, `0''`, codes nobody documented.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from hearthbeat.recordings.record import Record, Refusal, Row
from vitals.flags import Special
from vitals.kinds import Kind

NAME: Final = "smbg-aim94"
TITLE: Final = "glucose diary (AIM-94)"

GLUCOSE: Final = frozenset({"48", "57", "58", "59", "60", "61", "62", "63", "64"})
OTHERS: Final = {
    "33": "insulin dose, not a measurement",
    "34": "insulin dose, not a measurement",
    "35": "insulin dose, not a measurement",
    "65": "symptom, not a measurement",
    "66": "meal, not a measurement",
    "67": "meal, not a measurement",
    "68": "meal, not a measurement",
    "69": "exercise, not a measurement",
    "70": "exercise, not a measurement",
    "71": "exercise, not a measurement",
    "72": "special event, not a measurement",
}
UNDOCUMENTED: Final = "code that the data set does not document"

_CENSORED: Final = {"0Hi": Special.HI, "0Lo": Special.LO}
_DATE: Final = re.compile(r"(\d\d)-(\d\d)-(\d{4})", re.ASCII)
# A lone 0 for the minutes can only be the full hour; any other single digit could be two things.
_TIME: Final = re.compile(r"(\d{1,2}):(\d\d|0)", re.ASCII)
_NUMBER: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)
_FIELDS: Final = 4


def fits(head: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is one of these."""
    rows = [line.split("\t") for line in head if line.strip()]
    return (
        bool(rows)
        and all(len(row) == _FIELDS for row in rows)
        and any(_DATE.fullmatch(row[0]) for row in rows)
    )


def doubt(names: Sequence[str], ignored: Collection[str]) -> str | None:
    """Nothing: these files have no header."""
    del names, ignored
    return None


def parse(lines: Iterable[str]) -> Iterator[Row]:
    """Every line, in order."""
    for number, line in enumerate(lines, start=1):
        row = _row(line)
        if isinstance(row, str):
            yield Refusal(line=number, reason=row, text=line)
        else:
            at, value = row
            yield Record(
                line=number,
                person="",
                kind=Kind.GLUCOSE,
                at=at,
                values={} if isinstance(value, Special) else {"glucose": value},
                special={"glucose": value} if isinstance(value, Special) else {},
            )


def _row(line: str) -> tuple[dt.datetime, float | Special] | str:
    """When and what; or why not."""
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != _FIELDS:
        return "not four fields"
    date, time, code, value = fields
    if not date:
        return "no date"
    if code not in GLUCOSE:
        return OTHERS.get(code, UNDOCUMENTED)
    at, glucose = _moment(date, time), _glucose(value)
    if at is None:
        return "date or time that does not exist"
    if glucose is None:
        return "value that is not a number" if value else "no value"
    return at, glucose


def _glucose(value: str) -> float | Special | None:
    if value in _CENSORED:
        return _CENSORED[value]
    return float(value) if _NUMBER.fullmatch(value) else None


def _moment(date: str, time: str) -> dt.datetime | None:
    day, clock = _DATE.fullmatch(date), _TIME.fullmatch(time)
    if day is None or clock is None:
        return None
    month, day_of_month, year = map(int, day.groups())
    try:
        return dt.datetime(year, month, day_of_month, int(clock[1]), int(clock[2]))  # noqa: DTZ001
    except ValueError:
        return None
