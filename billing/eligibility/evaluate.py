"""The evaluator: `(facts, what is asked, rules, policy) -> lines, reasons, flags`. Pure."""

from billing.eligibility import management, supply
from billing.eligibility.days import before_consent, period, qualifying
from billing.eligibility.facts import Asked, Facts
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, NotBillable, Why, together
from billing.eligibility.rule_set import RuleBook


def evaluate(facts: Facts, asked: Asked, book: RuleBook, policy: Policy) -> Answer:
    """Only the windows that are asked for; each by the rules of its own date of service."""
    counted = qualifying(facts, policy)
    answers = []
    for number in asked.supply_periods:
        found = period(number, counted, facts, policy)
        if found is None:
            answers.append(_nothing(number, facts))
        else:
            answers.append(supply.judged(found, facts, asked, book))
    if asked.setup:
        first = period(1, counted, facts, policy)
        answers.append(supply.setup(first, facts, asked, book, policy))
    for month in asked.months:
        answers.append(management.judged(month, counted, facts, asked, book, policy))
        answers.append(management.other_programme(month, facts, asked, book, policy))
    return together(answers)


def _nothing(number: int, facts: Facts) -> Answer:
    """No period of that number ever began."""
    refused = NotBillable(scope="supply", window=None, reason=Why.NO_QUALIFYING_READINGS)
    flags = {Flag.BEFORE_CONSENT_EXCLUDED} if before_consent(facts) else set[Flag]()
    return Answer(
        not_billable=(refused,),
        computed={"qualifying_days": {str(number): 0}},
        flags=frozenset(flags),
    )
