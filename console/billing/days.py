"""Days of a month as a biller looks at them: each local date once, with what counted and why not.
Pure.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from billing.months.records import DayRow, LineOf, NotEligible

DEVICE_SENT: Final = "device_auto"
SUPPLY: Final = "supply"
DAY: Final = dt.timedelta(days=1)


class Square(Struct, frozen=True, kw_only=True):
    """One date of a period."""

    day: dt.date
    state: str
    """counted, left (sent but not counted), typed, none."""
    words: str


class Period(Struct, frozen=True, kw_only=True):
    """One device period with its dates."""

    number: int | None
    first: dt.date
    last: dt.date
    counted: int
    squares: tuple[Square, ...]
    rows: tuple[DayRow, ...]
    line: LineOf | None
    refused: NotEligible | None
    sent: int
    """Readings that a device sent; typed ones; and those of either that count for nothing."""
    typed: int
    left: int


def periods_of(
    days: Sequence[DayRow], lines: Iterable[LineOf], refused: Iterable[NotEligible]
) -> list[Period]:
    """In order; each with the line or the reason that it gave."""
    known: dict[tuple[dt.date, dt.date], tuple[LineOf | None, NotEligible | None]] = {}
    for none in refused:
        if none.scope == SUPPLY and none.window_from and none.window_to:
            known[none.window_from, none.window_to] = (None, none)
    for line in lines:
        if line.scope == SUPPLY:
            known[line.window_from, line.window_to] = (line, None)
    found = [
        _period(
            first, last, line, none, [each for each in days if first <= each.local_date <= last]
        )
        for (first, last), (line, none) in sorted(known.items(), key=lambda each: each[0])
    ]
    covered = {each.local_date for period in found for each in period.rows}
    rest = [each for each in days if each.local_date not in covered]
    if rest:
        edges = min(each.local_date for each in rest), max(each.local_date for each in rest)
        found.append(_period(*edges, None, None, rest))
    return found


def _within(days: Iterable[DayRow], first: dt.date, last: dt.date) -> list[DayRow]:
    return [each for each in days if first <= each.local_date <= last]


def _period(
    first: dt.date,
    last: dt.date,
    line: LineOf | None,
    refused: NotEligible | None,
    rows: Sequence[DayRow],
) -> Period:
    by_day: dict[dt.date, list[DayRow]] = {}
    for each in rows:
        by_day.setdefault(each.local_date, []).append(each)
    squares = tuple(
        _square(first + number * DAY, by_day.get(first + number * DAY, []))
        for number in range((last - first).days + 1)
    )
    return Period(
        number=next((each.window_no for each in rows if each.window_no is not None), None),
        first=first,
        last=last,
        counted=sum(each.state == "counted" for each in squares),
        squares=squares,
        rows=tuple(sorted(rows, key=lambda each: (each.local_date, each.first_measured_at))),
        line=line,
        refused=refused,
        sent=sum(each.readings for each in rows if each.source == DEVICE_SENT),
        typed=sum(each.readings for each in rows if each.source != DEVICE_SENT),
        left=sum(each.readings for each in rows if not each.counted),
    )


def _square(day: dt.date, rows: Sequence[DayRow]) -> Square:
    if any(each.counted for each in rows):
        number = sum(each.readings for each in rows if each.counted)
        words = "1 reading counts" if number == 1 else f"{number} readings, counted once"
        return Square(day=day, state="counted", words=words)
    if not rows:
        return Square(day=day, state="none", words="no reading")
    reasons = dict.fromkeys(each.reason for each in rows if each.reason)
    typed = all(each.source != DEVICE_SENT for each in rows)
    words = "; ".join(reasons) or "does not count"
    return Square(day=day, state="typed" if typed else "left", words=words)
