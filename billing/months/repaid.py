"""Whether something that was paid is worth less by now (L-3): line by line, for what another one is
worth more takes nothing off what is to go back. Pure.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from billing.eligibility.adjustment import Sent, direction
from billing.eligibility.rule_set import RuleSet
from billing.months.records import LineOf


class Part(Struct, frozen=True, kw_only=True):
    """A line, and for which days or time it is."""

    sent: Sent
    service: str
    scope: str
    first: dt.date
    last: dt.date

    def same_stretch(self, other: "Part") -> bool:
        return (
            (self.service, self.scope) == (other.service, other.scope)
            and self.first <= other.last
            and other.first <= self.last
        )


def part_of_row(row: Any) -> Part:
    return Part(
        sent=Sent(code=row["code"], units=row["units"], dos=row["dos"]),
        service=row["service"],
        scope=row["scope"],
        first=row["window_from"],
        last=row["window_to"],
    )


def part_of_line(line: LineOf) -> Part:
    return Part(
        sent=Sent(code=line.code, units=line.units, dos=line.dos_from),
        service=line.service,
        scope=line.scope,
        first=line.window_from,
        last=line.window_to,
    )


def less(paid: Part, removed: Sequence[Part], added: Sequence[Part], rules: RuleSet | None) -> bool:
    """Whether what stands for the same days or time by now is less than what was paid for. Where
    codes do not say which of two is more, the one that was paid is no more: it goes back.
    """
    before = [each.sent for each in removed if each.same_stretch(paid)]
    now = [each.sent for each in added if each.same_stretch(paid)]
    if _units(before) <= _units(now):
        return False
    return direction(before, now, rules) != "up"


def _units(lines: Iterable[Sent]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in lines:
        found[each.code] += each.units
    return found
