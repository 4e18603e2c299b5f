"""What no further day and no further minute would help."""

from billing.eligibility.exclusions import other_monitoring_in
from billing.eligibility.facts import Facts
from billing.eligibility.gate import Terms, gate
from billing.eligibility.result import Why, Window
from billing.eligibility.rule_set import Monitoring


def barriers(
    facts: Facts, window: Window, terms: Terms, *, program: str | None = None
) -> tuple[Why, ...]:
    """Of monitoring, or of a programme besides it."""
    passed = gate(facts, window, window.last, terms, program=program)
    found = [] if passed.reason is None else [passed.reason]
    if other_monitoring_in(window, facts):
        found.append(Why.RPM_RTM_CONFLICT)
    if facts.diagnoses is not None and not facts.diagnoses:
        found.append(Why.NO_DIAGNOSIS)
    return tuple(found)


def monitoring_of(facts: Facts, window: Window, terms: Terms) -> Monitoring | None:
    """Its codes, even where something stands in the way: what is missing may still be mended."""
    rules = terms.rules_for(facts, window, window.last)
    if rules is None:
        return None
    return rules.monitoring(facts.episode.program, facts.episode.rtm_kind)
