"""Spans of time, half-open [start, end), in UTC instants (rule T-2). Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final, TypeAlias

Span: TypeAlias = tuple[dt.datetime, dt.datetime]

NOTHING: Final = dt.timedelta(0)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants, ascending, disjoint, not touching."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def within(spans: Iterable[Span], start: dt.datetime, end: dt.datetime) -> tuple[Span, ...]:
    """What of them lies in [start, end)."""
    return union((max(each[0], start), min(each[1], end)) for each in spans)


def shared(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """What lies in both."""
    theirs = union(others)
    return union(piece for span in some for piece in within(theirs, *span))


def minus(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What of them is not taken."""
    left = list(union(spans))
    for start, end in union(taken):
        left = [
            piece
            for each in left
            for piece in ((each[0], min(each[1], start)), (max(each[0], end), each[1]))
            if piece[0] < piece[1]
        ]
    return union(left)


def earliest_keeps(claims: Sequence[Iterable[Span]]) -> list[tuple[Span, ...]]:
    """What several want, each instant given to the first of them that wants it. One look from the
    first instant to the last, whoever is in the way of whom.
    """
    wanted = sorted(
        (start, end, place)
        for place, spans in enumerate(claims)
        for start, end in union(spans)
    )  # fmt: skip
    edges = sorted({edge for start, end, _ in wanted for edge in (start, end)})
    kept: list[list[Span]] = [[] for _ in claims]
    waiting: list[tuple[int, dt.datetime]] = []
    begun = 0
    for here, there in pairwise(edges):
        while begun < len(wanted) and wanted[begun][0] <= here:
            _, end, place = wanted[begun]
            heappush(waiting, (place, end))
            begun += 1
        while waiting and waiting[0][1] <= here:
            heappop(waiting)
        if waiting:
            kept[waiting[0][0]].append((here, there))
    return [union(spans) for spans in kept]


def length(spans: Iterable[Span]) -> dt.timedelta:
    """Of all together; no instant counts twice."""
    return sum((end - start for start, end in union(spans)), NOTHING)


def whole_seconds(spans: Iterable[Span]) -> int:
    """Rounded down: a second that is not over is none."""
    return length(spans) // dt.timedelta(seconds=1)


def first(spans: Sequence[Span], wanted: dt.timedelta) -> tuple[Span, ...]:
    """The earliest of them, so many and no more."""
    found: list[Span] = []
    left = wanted
    for start, end in union(spans):
        if left <= NOTHING:
            break
        found.append((start, min(end, start + left)))
        left -= end - start
    return union(found)


def fitted(
    counted: Sequence[Span],
    wanted: dt.timedelta,
    *,
    since: dt.datetime,
    until: dt.datetime,
    taken: Iterable[Span] = (),
) -> tuple[Span, ...]:
    """`wanted` in all: less is the first of what was counted; more takes in what lies between and
    after, from `since` to `until`, never what is taken. Shorter than wanted where no more is free.
    """
    more = wanted - length(counted)
    if more <= NOTHING:
        return first(counted, wanted)
    free = minus([(since, until)], [*counted, *taken])
    return union([*counted, *first(free, more)])
