"""Device supply, and the setup that goes with its first period: days decide (D-1 to D-8, S-1)."""

import datetime as dt

from billing.eligibility.conflicts import rtm_in
from billing.eligibility.days import Period
from billing.eligibility.facts import Asked, Facts
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why
from billing.eligibility.rule_set import RuleBook, RuleSet, Supply

RULES = ("D-1", "D-2", "W-1", "DOS-1", "R-1")


def judged(period: Period, facts: Facts, asked: Asked, book: RuleBook) -> Answer:
    """One period: one supply code or none."""
    dos = period.window.last
    days = len(period.days)
    computed = {"qualifying_days": {str(period.number): days}}
    flags = period.flags | _spanning(period, facts, book)
    rules, refusal = chosen(dos, facts, asked, book)
    if rules is None:
        return _refused(period, refusal, computed, flags)
    if rtm_in(period.window, facts):
        return _refused(
            period, Why.RPM_RTM_CONFLICT, computed, flags | {Flag.RPM_RTM_CONFLICT}, "X-2"
        )
    found = next((each for each in rules.supply if each.min_days <= days <= each.max_days), None)
    if found is None:
        return _too_few(period, rules, computed, flags)
    line = Line(
        code=found.code,
        units=1,
        dos=dos,
        window=period.window,
        rule_set=rules.name,
        rules=(*RULES, *(("W-4",) if period.truncated else ())),
        readings=tuple(each.id for each in period.readings),
        why=f"{days} days of {found.min_days} to {found.max_days}",
    )
    return Answer(lines=(line,), computed=computed, flags=flags)


def setup(
    period: Period | None, facts: Facts, asked: Asked, book: RuleBook, policy: Policy
) -> Answer:
    """S-1: once an episode, with the first supply line."""
    why = _no_setup(period, facts)
    if why is not None or period is None:
        window = None if period is None else period.window
        reason = why or Why.NO_QUALIFYING_READINGS
        return Answer(
            not_billable=(NotBillable(scope="setup", window=window, reason=reason, rules=("S-1",)),)
        )
    dos = period.window.last
    rules, refusal = chosen(dos, facts, asked, book)
    if rules is None:
        return Answer(
            not_billable=(
                NotBillable(scope="setup", window=period.window, reason=refusal, rules=("R-1",)),
            )
        )
    needed = rules.setup.min_days if policy.setup_min_days is None else policy.setup_min_days
    days = len(period.days)
    if days < needed:
        return Answer(
            not_billable=(
                NotBillable(
                    scope="setup",
                    window=period.window,
                    reason=Why.BELOW_MIN_DAYS,
                    rules=("S-1",),
                    numbers={"minimum": needed, "actual": days},
                    why=f"{days} of {needed} days",
                ),
            )
        )
    line = Line(
        code=rules.setup.code,
        units=1,
        dos=dos,
        window=period.window,
        rule_set=rules.name,
        rules=("S-1", "DOS-3"),
        readings=tuple(each.id for each in period.readings),
        why=f"education on {facts.episode.setup_education_date}, {days} of {needed} days",
    )
    return Answer(lines=(line,))


def chosen(dos: dt.date, facts: Facts, asked: Asked, book: RuleBook) -> tuple[RuleSet | None, Why]:
    """R-1, R-3, R-4, and the gate before any counting (E-1 to E-3)."""
    refusal = _gate(facts)
    if refusal is not None:
        return None, refusal
    if not book.knows(facts.payer):
        return None, Why.UNKNOWN_PAYER
    rules = book.of(facts.payer, dos)
    if rules is None:
        return None, Why.NO_RULE_SET
    if dos > rules.confirmed_through:
        return None, Why.RULESET_UNCONFIRMED
    if dos >= asked.as_of:
        return None, Why.WINDOW_OPEN
    return rules, Why.WINDOW_OPEN


def _gate(facts: Facts) -> Why | None:
    if not facts.episode.established_patient:
        return Why.NOT_ESTABLISHED
    if facts.episode.consent_at is None:
        return Why.NO_CONSENT
    if facts.episode.order_at is None:
        return Why.NO_ORDER
    return None


def _no_setup(period: Period | None, facts: Facts) -> Why | None:
    if facts.episode.setup_already_billed:
        return Why.ALREADY_BILLED
    if facts.episode.setup_education_date is None:
        return Why.NO_SETUP_EDUCATION
    return Why.NO_QUALIFYING_READINGS if period is None else None


def _spanning(period: Period, facts: Facts, book: RuleBook) -> frozenset[Flag]:
    first = book.of(facts.payer, period.window.first)
    last = book.of(facts.payer, period.window.last)
    return frozenset() if first == last else frozenset({Flag.PERIOD_SPANS_RULESETS})


def _refused(
    period: Period,
    reason: Why,
    computed: dict[str, dict[str, int]],
    flags: frozenset[Flag],
    *rules: str,
) -> Answer:
    refused = NotBillable(scope="supply", window=period.window, reason=reason, rules=rules)
    return Answer(not_billable=(refused,), computed=computed, flags=flags)


def _too_few(
    period: Period, rules: RuleSet, computed: dict[str, dict[str, int]], flags: frozenset[Flag]
) -> Answer:
    least: Supply = min(rules.supply, key=lambda each: each.min_days)
    days = len(period.days)
    refused = NotBillable(
        scope="supply",
        window=period.window,
        reason=Why.BELOW_MIN_DAYS,
        rules=RULES,
        numbers={"minimum": least.min_days, "actual": days},
        why=f"{days} of {least.min_days} days",
    )
    return Answer(not_billable=(refused,), computed=computed, flags=flags)
