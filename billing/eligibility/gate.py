"""Before anything is counted: may this window be billed at all, and by which rules?"""

import datetime as dt

from msgspec import Struct

from billing.eligibility.facts import Episode, Facts
from billing.eligibility.payers import Payer
from billing.eligibility.policy import Policy
from billing.eligibility.programme_consent import alone
from billing.eligibility.result import Why, Window
from billing.eligibility.rule_set import RPM, RTM, Monitoring, RuleBook, RuleSet


class Terms(Struct, frozen=True, kw_only=True):
    """By whose rules, with which answers to the open questions, and as of which day."""

    book: RuleBook
    policy: Policy
    as_of: dt.date
    payer: Payer | None = None

    def rules_on(self, facts: Facts, day: dt.date) -> RuleSet | None:
        return self.book.of(self._authority(facts), day)

    def rules_for(self, facts: Facts, window: Window, dos: dt.date) -> RuleSet | None:
        """R-1; R-2: by the start of the period where a practice has chosen so."""
        return self.rules_on(facts, self.chosen_by(window, dos))

    def chosen_by(self, window: Window, dos: dt.date) -> dt.date:
        by_start = self.policy.ruleset_selection == "by_period_start"
        return window.first if by_start else dos

    def knows(self, facts: Facts) -> bool:
        return self.book.knows(self._authority(facts))

    def spans_rule_sets(self, facts: Facts, window: Window) -> bool:
        return self.rules_on(facts, window.first) is not self.rules_on(facts, window.last)

    def day_with(self, code: str, wished: dt.date, window: Window, facts: Facts) -> dt.date:
        """The wished date of service, where the code exists on it; else the window's last day."""
        rules = self.rules_on(facts, wished)
        return wished if rules is not None and rules.row(code) is not None else window.last

    def _authority(self, facts: Facts) -> str:
        return facts.payer if self.payer is None else self.payer.authority


class Gate(Struct, frozen=True, kw_only=True):
    """What stands in the way, or the rules."""

    rules: RuleSet | None = None
    monitoring: Monitoring | None = None
    reason: Why | None = None
    rule: str = ""

    @property
    def open(self) -> bool:
        return self.reason is None


def gate(
    facts: Facts, window: Window, dos: dt.date, terms: Terms, *, program: str | None = None
) -> Gate:
    """Of monitoring in one window, or of another programme as far as it needs the same. The first
    thing that stands in the way is named.
    """
    shut = standing(facts, terms.policy, program) or _another_practitioner(facts, window)
    if shut is not None:
        return Gate(reason=shut, rule=RULE_OF[shut])
    found = terms.rules_for(facts, window, dos)
    shut = _no_rules(facts, found, terms.chosen_by(window, dos), terms)
    if shut is None and window_open(window.last, terms):
        shut = Why.WINDOW_OPEN
    if shut is not None or found is None:
        return Gate(rules=found, reason=shut or Why.NO_RULE_SET, rule=RULE_OF[shut] if shut else "")
    monitoring = found.monitoring(facts.episode.program, facts.episode.rtm_kind)
    if monitoring is None and program is None:
        return Gate(rules=found, reason=Why.NOT_A_PROGRAM, rule="R-4")
    return Gate(rules=found, monitoring=monitoring)


def standing(facts: Facts, policy: Policy, program: str | None = None) -> Why | None:
    """E-1 to E-3: what holds for every window alike. A programme with a consent of its own needs no
    other one of who is not monitored.
    """
    episode = facts.episode
    own = program is not None and alone(program, facts)
    if not episode.established_patient and episode.program.upper() != RTM:
        return Why.NOT_ESTABLISHED
    if not own and episode.consent_at is None:
        return Why.NO_CONSENT
    if not own and policy.require_written_consent and episode.consent_written is not True:
        return Why.CONSENT_NOT_WRITTEN
    if policy.require_order and episode.order_at is None:
        return Why.NO_ORDER
    return None


def _no_rules(facts: Facts, rules: RuleSet | None, day: dt.date, terms: Terms) -> Why | None:
    if not terms.knows(facts):
        return Why.UNKNOWN_PAYER
    if rules is None:
        return Why.NO_RULE_SET
    return Why.RULESET_UNCONFIRMED if day > rules.confirmed_through else None


def window_open(last: dt.date, terms: Terms) -> bool:
    """A day is over when the next one has begun."""
    return last >= terms.as_of


def _another_practitioner(facts: Facts, window: Window) -> Why | None:
    """E-4: hard, for all devices together."""
    mine: Episode = facts.episode
    for each in facts.other_episodes:
        if (
            each.program.upper() == mine.program.upper() == RPM
            and each.practitioner != mine.billing_practitioner_npi
            and each.first <= window.last
            and (each.last is None or each.last >= window.first)
        ):
            return Why.SECOND_PRACTITIONER
    return None


RULE_OF: dict[Why, str] = {
    Why.NOT_ESTABLISHED: "E-1",
    Why.NO_CONSENT: "E-2",
    Why.CONSENT_NOT_WRITTEN: "E-2",
    Why.NO_ORDER: "E-3",
    Why.SECOND_PRACTITIONER: "E-4",
    Why.UNKNOWN_PAYER: "R-4",
    Why.NO_RULE_SET: "R-1",
    Why.RULESET_UNCONFIRMED: "R-3",
    Why.WINDOW_OPEN: "W-5",
}
