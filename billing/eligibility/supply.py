"""Device supply, and the setup that goes with its first period: days decide (D-1 to D-8, S-1)."""

import datetime as dt

from billing.eligibility.days import Period
from billing.eligibility.exclusions import other_monitoring_in
from billing.eligibility.facts import Facts
from billing.eligibility.gate import Gate, Terms, gate
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why
from billing.eligibility.rule_set import RuleSet, Supply

RULES = ("D-1", "D-2", "W-1", "DOS-1", "R-1")


def judged(period: Period, facts: Facts, terms: Terms) -> Answer:
    """One period: one supply code or none (D-3, D-4)."""
    flags = period.flags
    if terms.spans_rule_sets(facts, period.window):
        flags |= {Flag.PERIOD_SPANS_RULESETS}
    refused, line = _supply(period, facts, terms)
    if refused is not None and refused.reason is Why.RPM_RTM_CONFLICT:
        flags |= {Flag.RPM_RTM_CONFLICT}
    return Answer(
        lines=() if line is None else (line,),
        not_billable=() if refused is None else (refused,),
        computed={"qualifying_days": {str(period.number): len(period.days)}},
        flags=flags,
    )


def setup(period: Period | None, facts: Facts, terms: Terms) -> Answer:
    """S-1: once an episode, with the first supply line."""
    why = _no_setup(period, facts)
    if why is not None or period is None:
        return Answer(not_billable=(_setup_refused(period, why, "S-1", facts=facts),))
    passed = _passed(period, facts, terms)
    if passed.monitoring is None or passed.rules is None:
        return Answer(
            not_billable=(_setup_refused(period, passed.reason, passed.rule, facts=facts),)
        )
    rule = passed.monitoring.setup
    chosen = terms.policy.setup_min_days
    needed = rule.min_days if chosen is None else chosen
    days = len(period.days)
    if days < needed:
        numbers = {"minimum": needed, "actual": days}
        return Answer(
            not_billable=(
                _setup_refused(
                    period, Why.BELOW_MIN_DAYS, "S-1", facts=facts, numbers=numbers, code=rule.code
                ),
            )
        )
    line = Line(
        code=rule.code,
        units=1,
        dos=terms.day_with(
            rule.code, _setup_dos(period, needed, facts, terms), period.window, facts
        ),
        window=period.window,
        rule_set=passed.rules.name,
        rules=("S-1", "DOS-3", "R-1"),
        readings=tuple(each.id for each in period.readings),
        why=f"{_taught(facts)}; {days} days, {needed} needed",
        program=facts.episode.program,
        scope="setup",
        days=days,
    )
    return Answer(lines=(line,))


def _supply(period: Period, facts: Facts, terms: Terms) -> tuple[NotBillable | None, Line | None]:
    days = len(period.days)
    passed = _passed(period, facts, terms)
    if passed.monitoring is None or passed.rules is None:
        return _refused(period, passed.reason, facts, passed.rule), None
    supply = passed.monitoring.supply
    found = next((each for each in supply if each.min_days <= days <= each.max_days), None)
    if found is None:
        return _too_few(period, min(supply, key=_least), facts), None
    return None, _line(period, found, passed.rules, facts, terms)


def _passed(period: Period, facts: Facts, terms: Terms) -> Gate:
    """By the last day, whatever day of service is chosen: an open period gives nothing (W-5)."""
    passed = gate(facts, period.window, period.window.last, terms)
    if passed.open and other_monitoring_in(period.window, facts):
        return Gate(rules=passed.rules, reason=Why.RPM_RTM_CONFLICT, rule="X-2")
    return passed


def _line(period: Period, found: Supply, rules: RuleSet, facts: Facts, terms: Terms) -> Line:
    days = len(period.days)
    reached = terms.policy.supply_dos == "day_minimum_reached"
    wished = period.days[found.min_days - 1] if reached else period.window.last
    return Line(
        code=found.code,
        units=1,
        dos=terms.day_with(found.code, wished, period.window, facts),
        window=period.window,
        rule_set=rules.name,
        rules=(*RULES, *(("W-4",) if period.truncated else ())),
        readings=tuple(each.id for each in period.readings),
        why=f"{days} days; {found.min_days} to {found.max_days} are asked for",
        program=facts.episode.program,
        scope="supply",
        days=days,
    )


def _taught(facts: Facts) -> str:
    day = facts.episode.setup_education_date
    return "not shown how" if day is None else f"shown how on {day.day} {day:%b %Y}"


def _setup_dos(period: Period, needed: int, facts: Facts, terms: Terms) -> dt.date:
    """DOS-3; never outside the window, whose line it accompanies."""
    taught = facts.episode.setup_education_date
    match terms.policy.setup_dos:
        case "day_minimum_reached":
            return period.days[max(needed, 1) - 1]
        case "education_date" if taught is not None:
            return min(taught, period.window.last)
        case _:
            return period.window.last


def _no_setup(period: Period | None, facts: Facts) -> Why | None:
    if facts.episode.setup_already_billed:
        return Why.ALREADY_BILLED
    if facts.episode.setup_education_date is None:
        return Why.NO_SETUP_EDUCATION
    return Why.NO_QUALIFYING_READINGS if period is None else None


def _setup_refused(
    period: Period | None,
    reason: Why | None,
    rule: str,
    *,
    facts: Facts,
    numbers: dict[str, int] | None = None,
    code: str = "",
) -> NotBillable:
    return NotBillable(
        scope="setup",
        window=None if period is None else period.window,
        reason=reason or Why.NO_QUALIFYING_READINGS,
        rules=(rule,),
        numbers=numbers or {},
        why="" if not numbers else f"{numbers['actual']} of {numbers['minimum']} days",
        code=code,
        program=facts.episode.program,
    )


def _refused(period: Period, reason: Why | None, facts: Facts, rule: str) -> NotBillable:
    return NotBillable(
        scope="supply",
        window=period.window,
        reason=reason or Why.NO_RULE_SET,
        rules=(rule,),
        program=facts.episode.program,
    )


def _too_few(period: Period, least: Supply, facts: Facts) -> NotBillable:
    days = len(period.days)
    return NotBillable(
        scope="supply",
        window=period.window,
        reason=Why.BELOW_MIN_DAYS,
        rules=RULES,
        numbers={"minimum": least.min_days, "actual": days},
        why=f"{days} of {least.min_days} days",
        code=least.code,
        program=facts.episode.program,
    )


def _least(each: Supply) -> int:
    return each.min_days
