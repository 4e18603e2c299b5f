"""What a change after the lock does to lines that have left the house (L-1 to L-3). Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from billing.eligibility.facts import Asked
from billing.eligibility.result import Line
from billing.eligibility.rule_set import RPM, RuleSet

RETURN_WITHIN: Final = dt.timedelta(days=60)
"""L-3: to report and return what was paid too much, from the day on which it was identified."""

Direction = Literal["none", "up", "down", "code_change"]


class Sent(Struct, frozen=True, kw_only=True):
    """A line as it was exported."""

    code: str
    units: int
    dos: dt.date


class Adjustment(Struct, frozen=True, kw_only=True):
    removed: tuple[Sent, ...]
    added: tuple[Sent, ...]
    direction: Direction
    overpayment_identified_on: dt.date | None = None
    report_and_return_by: dt.date | None = None


def adjusted(
    before: Sequence[Sent], now: Sequence[Line], rules: RuleSet | None, *, paid: bool, on: dt.date
) -> Adjustment:
    """`on`: the day on which the change was made, by the practice's clock. What is less goes back
    whatever is more beside it (L-3).
    """
    lines = [Sent(code=line.code, units=line.units, dos=line.dos) for line in now]
    removed = tuple(each for each in before if each not in lines)
    added = tuple(each for each in lines if each not in before)
    way = direction(removed, added, rules)
    owed = paid and (way == "down" or any(each < 0 for each in _changes(removed, added, rules)))
    return Adjustment(
        removed=removed,
        added=added,
        direction=way,
        overpayment_identified_on=on if owed else None,
        report_and_return_by=on + RETURN_WITHIN if owed else None,
    )


def direction(removed: Sequence[Sent], added: Sequence[Sent], rules: RuleSet | None) -> Direction:
    """By what the codes stand for, in days and in seconds: no fee file is needed for it. Where no
    rules say what they stand for, nothing instead of something is less all the same.
    """
    if not removed and not added:
        return "none"
    if rules is None and not added:
        return "down"
    change = _changes(removed, added, rules)
    if all(each <= 0 for each in change) and any(change):
        return "down"
    if all(each >= 0 for each in change) and any(change):
        return "up"
    return "code_change"


def asked_about(sent: Sent, rules: RuleSet | None, asked: Asked) -> bool:
    """Whether the windows that are asked for can hold it; what nobody asks about is no change."""
    kind = "" if rules is None else _weights(rules).get(sent.code, ("", 0))[0]
    match kind:
        case "":
            return True
        case "supply":
            return bool(asked.supply_periods)
        case "setup":
            return asked.setup
        case _:
            return f"{sent.dos:%Y-%m}" in asked.months


def _changes(removed: Sequence[Sent], added: Sequence[Sent], rules: RuleSet | None) -> list[int]:
    """By kind, how much more there is now."""
    weights = {} if rules is None else _weights(rules)
    kinds = {kind for kind, _ in weights.values()}
    return [_worth(added, kind, weights) - _worth(removed, kind, weights) for kind in kinds]


def _weights(rules: RuleSet) -> dict[str, tuple[str, int]]:
    """By code: what it is of, and how much of it."""
    found: dict[str, tuple[str, int]] = {}
    for each in (rules.monitoring(RPM), *rules.rtm.values()):
        if each is not None:
            found |= {row.code: ("supply", row.min_days) for row in each.supply}
            found |= {row.code: ("time", row.min_seconds) for row in each.mgmt_base}
            found[each.mgmt_addon.code] = ("time", each.mgmt_addon.each_seconds)
            found[each.setup.code] = ("setup", 1)
    for care in rules.besides:
        for rank, family in enumerate(reversed(care.families), 1):
            found[family.base.code] = (care.scope, family.base.min_seconds or rank)
            if family.addon is not None:
                found[family.addon.code] = (care.scope, family.addon.each_seconds)
    return found


def _worth(lines: Sequence[Sent], kind: str, weights: dict[str, tuple[str, int]]) -> int:
    return sum(
        weights[each.code][1] * each.units
        for each in lines
        if weights.get(each.code, ("", 0))[0] == kind
    )
