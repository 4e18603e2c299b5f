"""Services that exclude each other: with what is billed besides, and among our own lines."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from billing.eligibility.facts import Facts, OtherService
from billing.eligibility.payers import refused
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why, Window
from billing.eligibility.rule_set import RPM, RTM, Exclusion, RuleSet

RTM_CODES: Final = frozenset(
    {
        "98975", "98976", "98977", "98978", "98979", "98980", "98981", "98984", "98985", "98986",
    }
)  # fmt: skip
RPM_CODES: Final = frozenset({"99445", "99453", "99454", "99457", "99458", "99470"})


def other_monitoring_in(window: Window, facts: Facts) -> bool:
    """X-2: remote physiologic and therapeutic monitoring are never billed for the same days."""
    therapeutic = facts.episode.program.upper() == RTM
    codes, name = (RPM_CODES, RPM) if therapeutic else (RTM_CODES, RTM)
    return any(
        (each.code in codes or (each.program or "").upper() == name) and meets(each, window)
        for each in facts.other_services
    )


def meets(service: OtherService, window: Window) -> bool:
    if service.first is None:
        return True
    return service.first <= window.last and (service.last or service.first) >= window.first


def settled(answer: Answer, facts: Facts, rules: dict[str, RuleSet], policy: Policy) -> Answer:
    """Lines that the rules of their set do not allow with others of the same month are taken out,
    each with the reason; where the rule only warns, a flag is left.
    """
    kept: list[Line] = list(answer.lines)
    refusals: list[NotBillable] = []
    flags = set(answer.flags)
    for line in answer.lines:
        for each in rules[line.rule_set].exclusions if line.rule_set in rules else ():
            other = _standing_against(line, each, kept, facts.other_services)
            if other is None:
                continue
            if _only_warns(each, policy):
                flags.add(Flag.CODES_TOGETHER)
            elif line in kept:
                kept.remove(line)
                refusals.append(_refusal(line, each, other))
    return Answer(
        lines=tuple(kept),
        not_billable=(*answer.not_billable, *refusals),
        computed=answer.computed,
        flags=frozenset(flags),
    )


def _only_warns(rule: Exclusion, policy: Policy) -> bool:
    return rule.effect == "warn" and not (rule.id == "U14" and policy.ccm_with_tcm == "block")


def _standing_against(
    line: Line, rule: Exclusion, ours: Iterable[Line], others: Sequence[OtherService]
) -> str | None:
    """The code that is kept instead. What somebody else has billed is billed: it stands first."""
    if line.code in rule.drop:
        for each in ours:
            if (
                each is not line
                and each.code in rule.keep
                and _same_month(each.window, line.window)
            ):
                return each.code
    against = rule.keep if line.code in rule.drop else rule.drop if line.code in rule.keep else ()
    return next(
        (each.code for each in others if each.code in against and meets(each, line.window)), None
    )


def _refusal(line: Line, rule: Exclusion, other: str) -> NotBillable:
    found = refused(line, Why.EXCLUDED_BY_OTHER_CODE, rule.id)
    return NotBillable(
        scope=found.scope, window=found.window, reason=found.reason, rules=found.rules,
        code=found.code, program=found.program, why=f"{line.code} is not billed with {other}",
    )  # fmt: skip


def _same_month(one: Window, two: Window) -> bool:
    """Windows that share days: a month and a 30-day period too."""
    return one.first <= two.last and two.first <= one.last


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier; the last of a shorter month."""
    number = day.year * 12 + day.month - 1 - months
    first = dt.date(number // 12, number % 12 + 1, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
