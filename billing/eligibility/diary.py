"""Everybody's entries by staff: what one person did at a given time is found without a search."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate, groupby
from operator import attrgetter
from typing import Final

from billing.eligibility.entry import TimeEntry
from billing.spans import Span

by_start: Final = attrgetter("start", "end", "id")


class Diary:
    """Made once for a month and all its patients; looking up costs what is found."""

    __slots__ = ("_of",)

    def __init__(self, entries: Iterable[TimeEntry]) -> None:
        ordered = sorted(entries, key=lambda each: (each.staff, by_start(each)))
        self._of = {staff: _Days(those) for staff, those in groupby(ordered, attrgetter("staff"))}

    @property
    def staff(self) -> Collection[str]:
        return self._of.keys()

    def during(self, staff: str, span: Span) -> Iterator[TimeEntry]:
        """What meets the span; an entry that only touches it does not."""
        days = self._of.get(staff)
        return iter(()) if days is None else days.during(*span)


class _Days:
    """One person's entries by their start, and how late any up to each of them ends."""

    __slots__ = ("_entries", "_latest", "_starts")

    def __init__(self, entries: Iterable[TimeEntry]) -> None:
        self._entries = tuple(entries)
        self._starts = [each.start for each in self._entries]
        self._latest = list(accumulate((each.end for each in self._entries), max))

    def during(self, start: dt.datetime, end: dt.datetime) -> Iterator[TimeEntry]:
        index = bisect_left(self._starts, end) - 1
        while index >= 0 and self._latest[index] > start:
            if self._entries[index].end > start:
                yield self._entries[index]
            index -= 1
