"""E-2 of care programmes: chronic and principal care management and behavioural health integration
each need a consent of their own, spoken or in writing, that names the cost share and that it can be
taken back at any time. Pure.
"""

import datetime as dt
from typing import Final

from billing.eligibility.facts import Facts, ProgrammeConsent
from billing.eligibility.policy import Policy
from billing.eligibility.result import Why
from billing.eligibility.rule_set import RPM, RTM
from billing.spans import Span

CONSENT_TO: Final = {
    "CCM": "to chronic care management",
    "PCM": "to principal care management",
    "BHI": "to behavioural health integration",
}
"""By programme, in words. APCM's is attested; the others' is not asked for."""
RULE: Final = "E-2"
EVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def consent_in(program: str, facts: Facts, month: Span) -> ProgrammeConsent | None:
    """The latest that holds at any time of it."""
    found = [
        each
        for each in facts.programme_consents.get(program.upper(), ())
        if each.since < month[1] and (each.until is None or each.until > month[0])
    ]
    return max(found, key=lambda each: each.since, default=None)


def asks(program: str, facts: Facts) -> bool:
    """Whether the question is put: not in worked cases, nor of what nobody is enrolled in."""
    return program.upper() in facts.programme_consents


def monitored(facts: Facts) -> bool:
    return facts.episode.program.upper() in {RPM, RTM}


def alone(program: str, facts: Facts) -> bool:
    """Of whom nothing is monitored: this consent is then all that is asked for."""
    return asks(program, facts) and not monitored(facts)


def counts_from(program: str, facts: Facts, policy: Policy) -> dt.datetime | None:
    """From when minutes may count before this consent is looked at; None: they never do."""
    episode = facts.episode
    if not alone(program, facts):
        return episode.counts_from(order_needed=policy.require_order)
    if episode.order_at is None:
        return None if policy.require_order else EVER
    return episode.order_at


def lacking(program: str, facts: Facts, month: Span, policy: Policy) -> Why | None:
    if not asks(program, facts):
        return None
    found = consent_in(program, facts, month)
    if found is None:
        return Why.NO_CONSENT
    if policy.require_written_consent and not found.written:
        return Why.CONSENT_NOT_WRITTEN
    return None


def narrowed(
    program: str,
    facts: Facts,
    month: Span,
    since: dt.datetime | None,
    until: dt.datetime | None,
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """From when until when its minutes count, where both consents hold; since None: never."""
    if since is None or not asks(program, facts):
        return since, until
    found = consent_in(program, facts, month)
    if found is None:
        return None, until
    ends = [each for each in (until, found.until) if each is not None]
    return max(since, found.since), min(ends, default=None)
