"""What people have stated, because no reading and no minute can show it."""

import datetime as dt
from typing import Final

from billing.eligibility.facts import Attestation, Facts
from billing.eligibility.result import Window
from billing.eligibility.rule_set import Care, Family, Within

ONE_DAY: Final = dt.timedelta(days=1)
SATURDAY: Final = 5


def attested(what: str, window: Window, facts: Facts) -> Attestation | None:
    """The latest that holds in the window. What lasts holds until its end; what happened on a day,
    where that day is its own end, only then.
    """
    found = [
        each
        for each in facts.attestations or ()
        if each.what == what
        and each.on <= window.last
        and (each.until is None or each.until >= window.first)
    ]
    return max(found, key=lambda each: each.on, default=None)


def missing(needs: tuple[str, ...], window: Window, facts: Facts) -> tuple[str, ...]:
    if facts.attestations is None:
        return ()
    return tuple(each for each in needs if attested(each, window, facts) is None)


def not_of_this_month(names: frozenset[str], window: Window, facts: Facts) -> tuple[str, ...]:
    """Those that are attested of no day of this window."""
    found = {each: attested(each, window, facts) for each in sorted(names)}
    return tuple(name for name, each in found.items() if each is None or each.on < window.first)


def families(care: Care, facts: Facts) -> tuple[Family, ...]:
    return care.families[-1:] if facts.attestations is None else care.families


def late(rules: tuple[Within, ...], window: Window, facts: Facts) -> Within | None:
    """The first of them whose second day did not follow its first closely enough."""
    for rule in rules:
        since, then = (attested(each, window, facts) for each in (rule.since, rule.then))
        if since is None or then is None:
            return rule
        if not since.on <= then.on <= _limit(since.on, rule):
            return rule
    return None


def _limit(day: dt.date, rule: Within) -> dt.date:
    if not rule.business:
        return day + rule.days * ONE_DAY
    left = rule.days
    while left:
        day += ONE_DAY
        left -= day.weekday() < SATURDAY
    return day
