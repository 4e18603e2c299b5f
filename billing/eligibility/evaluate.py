"""The evaluator: `(facts, what is asked, rules, policy) -> lines, reasons, flags`. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from billing.eligibility import care, management, supply
from billing.eligibility.days import Dated, period, qualifying, without_window
from billing.eligibility.exclusions import settled
from billing.eligibility.facts import Asked, Facts
from billing.eligibility.gate import Terms
from billing.eligibility.payers import Payer, refusal_of, refused, units_cap
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why, together
from billing.eligibility.rule_set import RuleBook


def evaluate(
    facts: Facts, asked: Asked, book: RuleBook, policy: Policy, payer: Payer | None = None
) -> Answer:
    """Only the windows that are asked for; each by the rules of its own date of service.

    `payer`: what it asks beyond its authority's rules; None: nothing, and its name is looked up.
    """
    terms = Terms(book=book, policy=policy, as_of=asked.as_of, payer=payer)
    found = together([*_of_days(facts, asked, terms), *_of_months(facts, asked, terms)])
    sets = {each.name: each for each in book.sets()}
    kept = settled(_confirmed(found, terms, facts), facts, sets, policy)
    return _admitted(kept, facts, payer)


def evaluate_for(facts: Facts, asked: Asked, book: RuleBook, payer: Payer) -> Answer:
    """By the payer's own policy."""
    return evaluate(facts, asked, book, payer.policy, payer)


def _of_days(facts: Facts, asked: Asked, terms: Terms) -> list[Answer]:
    if not (asked.supply_periods or asked.setup):
        return []
    counted = qualifying(facts, terms.policy)
    answers = []
    for number in asked.supply_periods:
        found = period(number, counted, facts, terms.policy)
        if found is None:
            answers.append(_nothing(number, facts, terms.policy))
        else:
            answers.append(supply.judged(found, facts, terms))
    if asked.setup:
        answers.append(_of_setup(counted, facts, asked, terms))
    return answers


def _of_setup(counted: Sequence[Dated], facts: Facts, asked: Asked, terms: Terms) -> Answer:
    """With the first period, up to the last that is asked for, that has days enough (DOS-3)."""
    found = supply.setup(period(1, counted, facts, terms.policy), facts, terms)
    for number in range(2, max(asked.supply_periods, default=1) + 1):
        later = None if found.lines else period(number, counted, facts, terms.policy)
        if later is None:
            break
        found = supply.setup(later, facts, terms)
    return found


def _of_months(facts: Facts, asked: Asked, terms: Terms) -> list[Answer]:
    counted = qualifying(facts, terms.policy) if asked.months else ()
    return [
        answer
        for month in asked.months
        for answer in (
            management.judged(month, counted, facts, terms),
            care.judged(month, facts, asked, terms),
        )
    ]


def _nothing(number: int, facts: Facts, policy: Policy) -> Answer:
    """No period of that number ever began."""
    refusal = NotBillable(
        scope="supply", window=None, reason=Why.NO_QUALIFYING_READINGS, rules=("D-2", "W-1"),
        program=facts.episode.program,
    )  # fmt: skip
    return Answer(
        not_billable=(refusal,),
        computed={"qualifying_days": {str(number): 0}},
        flags=without_window(facts, policy),
    )


def _confirmed(answer: Answer, terms: Terms, facts: Facts) -> Answer:
    """R-3: a row may end before its set does."""
    kept: list[Line] = []
    held: list[NotBillable] = []
    for line in answer.lines:
        day = terms.chosen_by(line.window, line.dos)
        rules = terms.rules_on(facts, day)
        row = None if rules is None else rules.row(line.code)
        until = None if row is None else row.confirmed_through
        if until is not None and day > until:
            held.append(refused(line, Why.RULESET_UNCONFIRMED, "R-3"))
        else:
            kept.append(line)
    return replace(answer, lines=tuple(kept), not_billable=(*answer.not_billable, *held))


def _admitted(answer: Answer, facts: Facts, payer: Payer | None) -> Answer:
    """E-5, and what the payer asks of each line; an add-on falls with its base."""
    judged = [(line, refusal_of(line, facts, payer)) for line in answer.lines]
    bases = {(line.scope, line.window): held is None for line, held in reversed(judged)}
    lines, flags = [], set(answer.flags)
    for line, held in judged:
        if held is not None or not bases[line.scope, line.window]:
            continue
        cap = units_cap(line, payer)
        if cap is not None and line.units > cap:
            flags.add(Flag.UNITS_CAPPED)
            line = replace(line, units=cap)  # noqa: PLW2901
        if line.units:
            lines.append(line)
    return Answer(
        lines=tuple(lines),
        not_billable=(*answer.not_billable, *(held for _, held in judged if held)),
        computed=answer.computed,
        flags=frozenset(flags),
    )
