"""Programmes besides monitoring, each with its own minutes or none: rows of the rule set decide."""

import datetime as dt

from msgspec import Struct

from billing.eligibility import minutes
from billing.eligibility.attested import attested, families, late, missing, not_of_this_month
from billing.eligibility.days import last_day
from billing.eligibility.exclusions import months_before
from billing.eligibility.facts import Asked, Facts, Reading
from billing.eligibility.gate import Terms, standing, window_open
from billing.eligibility.management import below, units
from billing.eligibility.minutes import Counted, ending_with, month_window
from billing.eligibility.programme_consent import CONSENT_TO
from billing.eligibility.programme_consent import RULE as CONSENT_RULE
from billing.eligibility.programme_consent import lacking as lacking_consent
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why, Window, together
from billing.eligibility.rule_set import Care, Family, RuleSet
from billing.eligibility.words import against

RULES = ("T-3", "T-4", "T-12", "X-1", "R-1")


class Month(Struct, frozen=True, kw_only=True):
    """One programme in one month."""

    name: str
    window: Window
    care: Care
    rules: RuleSet

    @property
    def minutes_of(self) -> str:
        return self.care.counts or self.care.program


def judged(month: str, facts: Facts, asked: Asked, terms: Terms) -> Answer:
    """Every programme for which somebody has logged time, attested something, or that is asked."""
    whole = month_window(month)
    window = ending_with(whole, last_day(facts))
    rules = terms.rules_on(facts, window.last)
    if rules is None:
        return Answer()
    cares = [each for each in rules.besides if _wanted(each, window, facts, asked, terms)]
    each_of = [Month(name=month, window=window, care=care, rules=rules) for care in cares]
    return together([_one(each, facts, terms) for each in each_of])


def _wanted(care: Care, window: Window, facts: Facts, asked: Asked, terms: Terms) -> bool:
    if care.program in asked.services:
        return True
    if care.asked_by:
        asking = attested(care.asked_by, window, facts)
        if asking is not None and not not_of_this_month(care.within_the_month, window, facts):
            return True
    return not care.counts and minutes.logged_in(window, care.program, facts, terms.policy)


def _one(month: Month, facts: Facts, terms: Terms) -> Answer:
    timed = any(each.base.min_seconds for each in month.care.families)
    if not timed:
        return _settled(month, facts, terms)
    time = _time(month, month.care.families[-1], facts, terms)
    answer = _settled(month, facts, terms)
    own = {} if month.care.counts else {f"{month.care.scope}_seconds": {month.name: time.seconds}}
    return Answer(
        lines=answer.lines,
        not_billable=answer.not_billable,
        computed=own,
        flags=answer.flags | time.flags,
    )


def _settled(month: Month, facts: Facts, terms: Terms) -> Answer:
    """The first family that is fulfilled; else what the last one, the least, is short of."""
    shut = standing(facts, terms.policy, month.care.program)
    if shut is None and (unheld := _consent(month, facts, terms)) is not None:
        return Answer(not_billable=(unheld,))
    if shut is None and month.window.last > month.rules.confirmed_through:
        shut = Why.RULESET_UNCONFIRMED
    if shut is None and window_open(month.window.last, terms):
        shut = Why.WINDOW_OPEN
    if shut is not None:
        return Answer(not_billable=(_refused(month, shut),))
    refused = None
    for family in families(month.care, facts):
        refused, answer = _tried(month, family, facts, terms)
        if refused is None:
            return answer
    return Answer(not_billable=() if refused is None else (refused,))


def _consent(month: Month, facts: Facts, terms: Terms) -> NotBillable | None:
    """E-2: of this programme, besides that to monitoring."""
    program = month.care.program
    span = minutes.instants(month.window, minutes.zone_of(facts, terms.policy))
    shut = lacking_consent(program, facts, span, terms.policy)
    if shut is None:
        return None
    return _refused(month, shut, why=CONSENT_TO[program.upper()], rule=CONSENT_RULE)


def _tried(
    month: Month, family: Family, facts: Facts, terms: Terms
) -> tuple[NotBillable | None, Answer]:
    base = family.base
    time = _time(month, family, facts, terms)
    if time.seconds < base.min_seconds:
        numbers = below(base.min_seconds, time.seconds)
        said = against(time.seconds, base.min_seconds)
        return _refused(month, Why.BELOW_MIN_TIME, base.code, numbers, said), Answer()
    lacking = missing(family.needs, month.window, facts) or not_of_this_month(
        month.care.within_the_month, month.window, facts
    )
    if lacking:
        found = _refused(month, Why.NOT_ATTESTED, base.code, lacking=lacking)
        return found, Answer()
    held = _held(month, family, facts)
    if held is not None:
        return held, Answer()
    return None, _lines(month, family, time, facts)


def _held(month: Month, family: Family, facts: Facts) -> NotBillable | None:
    code = family.base.code
    slow = late(family.within, month.window, facts)
    if slow is not None:
        unit = "business days" if slow.business else "days"
        return _refused(month, Why.TOO_LATE, code, {"maximum": slow.days}, f"in {slow.days} {unit}")
    found = _pressures(month.window, facts)
    if found < family.min_readings:
        numbers = {"minimum": family.min_readings, "actual": found}
        said = f"{found} of {family.min_readings} readings"
        return _refused(month, Why.BELOW_MIN_READINGS, code, numbers, said)
    if month.care.once_in_months and _lately(month, family, facts):
        said = f"billed within the last {month.care.once_in_months} months"
        return _refused(month, Why.TOO_SOON, code, {}, said)
    return None


def _pressures(window: Window, facts: Facts) -> int:
    """B-1: blood pressures of the month, typed ones too; each once."""
    return len(
        {
            each.id
            for each in facts.readings
            if each.excluded is None and window.holds(each.local_day) and _is_pressure(each, facts)
        }
    )


def _is_pressure(reading: Reading, facts: Facts) -> bool:
    device = None if reading.device is None else facts.devices.get(reading.device)
    kind = reading.kind or ("" if device is None else device.type)
    return kind == "blood_pressure"


def _lately(month: Month, family: Family, facts: Facts) -> bool:
    since = months_before(_dos(month, facts), month.care.once_in_months)
    return any(
        each.code == family.base.code and (each.last or each.first or since) >= since
        for each in facts.other_services
    )


def _dos(month: Month, facts: Facts) -> dt.date:
    found = attested(month.care.dos, month.window, facts) if month.care.dos else None
    return month.window.last if found is None else found.on


def _lines(month: Month, family: Family, time: Counted, facts: Facts) -> Answer:
    base, addon = family.base, family.addon
    said = against(time.seconds, base.min_seconds) if base.min_seconds else "attested"
    lines = [_line(month, base.code, 1, time, facts, said)]
    cap = None if addon is None else addon.max_units
    more, capped = units(time.seconds - base.min_seconds, addon, cap)
    if more and addon is not None:
        lines.append(_line(month, addon.code, more, time, facts, said, "T-7", "T-8"))
    flags = time.flags | ({Flag.UNITS_CAPPED} if capped else set())
    return Answer(lines=tuple(lines), flags=frozenset(flags))


def _line(
    month: Month, code: str, number: int, time: Counted, facts: Facts, why: str, *more: str
) -> Line:
    return Line(
        code=code,
        units=number,
        dos=_dos(month, facts),
        window=month.window,
        rule_set=month.rules.name,
        rules=(*RULES, *more),
        entries=tuple(name for name, seconds in time.of_entries.items() if seconds),
        why=why,
        program=month.care.program,
        scope=month.care.scope,
        seconds=time.seconds if time.of_entries else None,
        live=tuple(each.id for each in time.live),
    )


def _time(month: Month, family: Family, facts: Facts, terms: Terms) -> Counted:
    return minutes.counted(month.window, month.minutes_of, facts, terms.policy, who=family.who)


def _refused(
    month: Month,
    reason: Why,
    code: str = "",
    numbers: dict[str, int] | None = None,
    why: str = "",
    *,
    lacking: tuple[str, ...] = (),
    rule: str = "",
) -> NotBillable:
    return NotBillable(
        scope=month.care.scope, window=month.window, reason=reason,
        rules=(*RULES, rule) if rule else RULES,
        numbers=numbers or {}, why=why, code=code, program=month.care.program, missing=lacking,
    )  # fmt: skip
