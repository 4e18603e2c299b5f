"""Management time in a calendar month: seconds decide, and a real conversation (T-1 to T-15)."""

import datetime as dt
from collections.abc import Sequence

from billing.eligibility import minutes
from billing.eligibility.days import Dated, last_day, reading_flags
from billing.eligibility.exclusions import other_monitoring_in
from billing.eligibility.facts import Facts
from billing.eligibility.gate import Gate, Terms, gate
from billing.eligibility.minutes import Counted, ending_with, month_window
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why, Window
from billing.eligibility.rule_set import RPM, AddOn, Base, Monitoring, RuleSet
from billing.eligibility.words import against, in_minutes

RULES = ("T-3", "T-4", "T-5", "T-6", "T-9", "DOS-2", "R-1")


def judged(month: str, counted: Sequence[Dated], facts: Facts, terms: Terms) -> Answer:
    """`counted`: the readings that count as days, for the hold of T-14."""
    whole = month_window(month)
    window = ending_with(whole, last_day(facts))
    program = facts.episode.program
    time = minutes.counted(window, program, facts, terms.policy)
    computed = {f"{program.lower()}_seconds": {month: time.seconds}}
    flags = time.flags | reading_flags(window, facts, terms.policy)
    if window != whole:
        flags |= {Flag.WINDOW_TRUNCATED}
    passed = _passed(window, facts, terms)
    refused = _held(passed, time, window, counted, facts, terms.policy)
    if passed.reason is Why.RPM_RTM_CONFLICT:
        flags |= {Flag.RPM_RTM_CONFLICT}
    if refused is not None or passed.monitoring is None or passed.rules is None:
        held = () if refused is None else (refused,)
        return Answer(not_billable=held, computed=computed, flags=flags)
    lines, capped = _lines(time, window, passed.monitoring, passed.rules, facts, terms)
    if capped:
        flags |= {Flag.UNITS_CAPPED}
    return Answer(lines=lines, computed=computed, flags=flags)


def units(over: int, addon: AddOn | None, cap: int | None) -> tuple[int, bool]:
    """Full blocks only (T-4, T-7); and whether the cap took some (T-8)."""
    if addon is None:
        return 0, False
    found = max(over, 0) // addon.each_seconds
    return (found, False) if cap is None or found <= cap else (cap, True)


def below(minimum: int, actual: int) -> dict[str, int]:
    return {"minimum_seconds": minimum, "actual_seconds": actual}


def _passed(window: Window, facts: Facts, terms: Terms) -> Gate:
    passed = gate(facts, window, window.last, terms)
    if passed.open and other_monitoring_in(window, facts):
        return Gate(rules=passed.rules, reason=Why.RPM_RTM_CONFLICT, rule="X-2")
    return passed


def _held(
    passed: Gate,
    time: Counted,
    window: Window,
    counted: Sequence[Dated],
    facts: Facts,
    policy: Policy,
) -> NotBillable | None:
    """The first reason why this month has no line; None: it has one."""
    if passed.reason is not None or passed.monitoring is None:
        return _refused(window, passed.reason or Why.NO_RULE_SET, facts, (passed.rule,), {}, "")
    least = min(passed.monitoring.mgmt_base, key=_least)
    if time.seconds < least.min_seconds:
        said = against(time.seconds, least.min_seconds)
        numbers = below(least.min_seconds, time.seconds)
        return _refused(window, Why.BELOW_MIN_TIME, facts, RULES, numbers, said, least.code)
    has = {"actual_seconds": time.seconds}
    if not time.live:
        said = f"{in_minutes(time.seconds)} are logged"
        return _refused(window, Why.NO_INTERACTIVE_COMMUNICATION, facts, ("T-9",), has, said)
    if policy.require_reading_in_month_for_mgmt and not any(
        window.holds(each.day) for each in counted
    ):
        said = "none in this month"
        return _refused(window, Why.NO_QUALIFYING_READINGS, facts, ("T-14",), has, said)
    return None


def _lines(
    time: Counted,
    window: Window,
    monitoring: Monitoring,
    rules: RuleSet,
    facts: Facts,
    terms: Terms,
) -> tuple[tuple[Line, ...], bool]:
    """T-5, T-6: the highest base that is reached; T-7: further units only on what they ask for."""
    reached = [each for each in monitoring.mgmt_base if each.min_seconds <= time.seconds]
    base: Base = max(reached, key=_least)
    dos = _dos(base, time, window, facts, terms)
    said = against(time.seconds, base.min_seconds)
    first = _line(base.code, 1, dos, window, rules, time, facts, said)
    addon = monitoring.mgmt_addon
    if addon.requires not in {None, base.code}:
        return (first,), False
    own = facts.episode.program.upper() == RPM
    cap = terms.policy.max_99458_units if own else addon.max_units
    more, capped = units(time.seconds - base.min_seconds, addon, cap)
    if not more:
        return (first,), capped
    each, before = in_minutes(addon.each_seconds), in_minutes(base.min_seconds)
    said = f"{in_minutes(time.seconds)}: {more} x {each} after the first {before}"
    second = _line(addon.code, more, dos, window, rules, time, facts, said, "T-7", "T-8")
    return (first, second), capped


def _dos(base: Base, time: Counted, window: Window, facts: Facts, terms: Terms) -> dt.date:
    """DOS-2; an add-on has the day of its base."""
    if terms.policy.mgmt_dos != "day_threshold_met":
        return window.last
    met = time.reached_at(base.min_seconds)
    if met is None:
        return window.last
    day = met.astimezone(minutes.zone_of(facts, terms.policy)).date()
    return terms.day_with(base.code, min(day, window.last), window, facts)


def _line(
    code: str,
    number: int,
    dos: dt.date,
    window: Window,
    rules: RuleSet,
    time: Counted,
    facts: Facts,
    why: str,
    *more: str,
) -> Line:
    return Line(
        code=code,
        units=number,
        dos=dos,
        window=window,
        rule_set=rules.name,
        rules=(*RULES, *more),
        entries=tuple(name for name, seconds in time.of_entries.items() if seconds),
        why=why,
        program=facts.episode.program,
        scope="mgmt",
        seconds=time.seconds,
        live=tuple(each.id for each in time.live),
    )


def _refused(
    window: Window,
    reason: Why,
    facts: Facts,
    rules: tuple[str, ...],
    numbers: dict[str, int],
    why: str,
    code: str = "",
) -> NotBillable:
    return NotBillable(
        scope="mgmt", window=window, reason=reason, rules=rules, numbers=numbers, why=why,
        code=code, program=facts.episode.program,
    )  # fmt: skip


def _least(each: Base) -> int:
    return each.min_seconds
