"""Which alerts one plan has and another has not. Pure."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from alerts.dry_run.raised import Raised
from alerts.dry_run.result import Moved
from care.rules import RANK, Lane, RuleId, Severity
from vitals.kinds import Kind

_Key: TypeAlias = tuple[int, Kind, bool | None, int]
_Spans: TypeAlias = tuple[list[int], list[int]]


class Past(Struct, frozen=True, kw_only=True):
    """An alert that somebody acted on."""

    id: UUID
    chart: int
    rule: RuleId
    kind: Kind
    severity: Severity
    upward: bool | None
    onset: int
    end: int
    """Microseconds since 1970 UTC; STANDING where it never cleared."""


class Episodes:
    """Of one plan, asked whether one of them was open at the time of another plan's."""

    def __init__(self, found: Iterable[Raised]) -> None:
        spans: dict[_Key, list[tuple[int, int]]] = defaultdict(list)
        for one in found:
            if one.lane is Lane.NEEDS_CHECK:
                continue
            # What is of no side, a percentage or a flag, stands for none of what is.
            for rank in range(1, RANK[one.severity] + 1):
                spans[one.chart, one.kind, one.upward, rank].append((one.onset, _end(one)))
        self._spans: dict[_Key, _Spans] = {}
        for key, pairs in spans.items():
            pairs.sort()
            begins = [begin for begin, _ in pairs]
            self._spans[key] = begins, list(accumulate((end for _, end in pairs), max))

    def has(self, one: Raised | Past, *, severity: Severity = Severity.LOW) -> bool:
        """At least as grave as `severity`."""
        key = (one.chart, one.kind, one.upward, RANK[severity])
        begins, ends = self._spans.get(key, ([], []))
        before = bisect_left(begins, _end(one))
        return before > 0 and ends[before - 1] > one.onset


def _end(one: Raised | Past) -> int:
    """Not in the episode itself: with that reading it was good again. None is of no length."""
    return max(one.end, one.onset + 1)


class Movement:
    """Alerts of one side without a match on the other, counted over parts."""

    def __init__(self) -> None:
        self.alerts: Counter[RuleId] = Counter()
        self.unmatched: Counter[RuleId] = Counter()
        self.milder: Counter[RuleId] = Counter()

    def add(self, found: Iterable[Raised | Past], others: Episodes) -> list[UUID]:
        """The ids of past ones that are unmatched."""
        apart: list[UUID] = []
        for one in found:
            if isinstance(one, Raised) and one.lane is Lane.NEEDS_CHECK:
                continue
            self.alerts[one.rule] += 1
            if not others.has(one):
                self.unmatched[one.rule] += 1
                if isinstance(one, Past):
                    apart.append(one.id)
            elif not others.has(one, severity=one.severity):
                self.milder[one.rule] += 1
        return apart

    def told(self) -> list[Moved]:
        """Of rules with something to tell, the most first."""
        rules = sorted(
            self.unmatched.keys() | self.milder.keys(),
            key=lambda rule: (-self.unmatched[rule], -self.milder[rule], rule),
        )
        return [
            Moved(
                rule=rule,
                alerts=self.alerts[rule],
                unmatched=self.unmatched[rule],
                milder=self.milder[rule],
            )
            for rule in rules
        ]
