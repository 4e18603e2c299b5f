"""Which alerts one plan has and another has not. Pure."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TypeAlias

from alerts.dry_run_raised import Raised
from alerts.dry_run_result import Moved
from care.rules import Lane
from vitals.kinds import Kind

_Key: TypeAlias = tuple[int, Kind, bool | None]
_Spans: TypeAlias = tuple[list[int], list[int]]


class Episodes:
    """Of one plan, asked whether one of them was open at the time of another plan's."""

    def __init__(self, found: Iterable[Raised]) -> None:
        spans: dict[_Key, list[tuple[int, int]]] = defaultdict(list)
        for one in found:
            if one.lane is Lane.NEEDS_CHECK:
                continue
            # What is of no side, a percentage or a flag, stands for none of what is.
            spans[one.chart, one.kind, one.upward].append((one.onset, one.end))
        self._spans: dict[_Key, _Spans] = {}
        for key, pairs in spans.items():
            pairs.sort()
            begins = [begin for begin, _ in pairs]
            self._spans[key] = begins, list(accumulate((end for _, end in pairs), max))

    def has(self, chart: int, kind: Kind, begin: int, end: int, *, upward: bool | None) -> bool:
        begins, ends = self._spans.get((chart, kind, upward), ([], []))
        before = bisect_right(begins, end)
        return before > 0 and ends[before - 1] >= begin


def unmatched(ours: Iterable[Raised], theirs: Episodes) -> list[Raised]:
    return [
        one
        for one in ours
        if one.lane is not Lane.NEEDS_CHECK
        and not theirs.has(one.chart, one.kind, one.onset, one.end, upward=one.upward)
    ]


class Movement:
    """Counted over parts."""

    def __init__(self) -> None:
        self.all: Counter[str] = Counter()
        self.unmatched: Counter[str] = Counter()

    def add(self, found: Sequence[Raised], apart: Sequence[Raised]) -> None:
        self.all.update(one.rule for one in found if one.lane is not Lane.NEEDS_CHECK)
        self.unmatched.update(one.rule for one in apart)

    def told(self) -> list[Moved]:
        """Of rules with something unmatched, the most first."""
        return [
            Moved(rule=rule, alerts=self.all[rule], unmatched=count)
            for rule, count in sorted(self.unmatched.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
