"""Management time in a calendar month: seconds decide, and a real conversation (T-1 to T-16)."""

import datetime as dt
from collections.abc import Sequence

from billing.eligibility import minutes
from billing.eligibility.conflicts import rtm_in
from billing.eligibility.days import before_consent, day_of, manual_in
from billing.eligibility.facts import Asked, Facts, Reading
from billing.eligibility.minutes import Counted, month_window
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, Line, NotBillable, Why, Window
from billing.eligibility.rule_set import AddOn, Base, RuleBook, RuleSet
from billing.eligibility.supply import chosen

RPM = "RPM"
CCM = "CCM"
RULES = ("T-3", "T-4", "T-5", "T-9", "DOS-2", "R-1")


def judged(
    month: str,
    counted: Sequence[Reading],
    facts: Facts,
    asked: Asked,
    book: RuleBook,
    policy: Policy,
) -> Answer:
    """`counted`: the readings that count as days, for the hold of T-14."""
    window = _window(month, facts)
    time = minutes.counted(window, facts.episode.program, facts, policy)
    computed = {"rpm_seconds": {month: time.seconds}}
    flags = time.flags | _reading_flags(window, facts, policy)
    rules, refusal = chosen(window.last, facts, asked, book)
    if rules is None:
        return _refused(window, refusal, computed, flags, "R-1")
    if rtm_in(window, facts):
        conflict = flags | {Flag.RPM_RTM_CONFLICT}
        return _refused(window, Why.RPM_RTM_CONFLICT, computed, conflict, "X-2")
    why, numbers = _too_little(time, window, counted, rules, facts, policy)
    if why is not None:
        return _refused(window, why, computed, flags, *RULES, numbers=numbers)
    lines, capped = _lines(time, window, rules, policy)
    if capped:
        flags |= {Flag.UNITS_CAPPED}
    return Answer(lines=lines, computed=computed, flags=flags)


def other_programme(
    month: str, facts: Facts, asked: Asked, book: RuleBook, policy: Policy
) -> Answer:
    """Chronic care management in the same month, where somebody has logged any: own minutes."""
    if not any(each.program == CCM and each.patient == facts.patient for each in facts.entries):
        return Answer()
    window = _window(month, facts)
    time = minutes.counted(window, CCM, facts, policy)
    computed = {"ccm_seconds": {month: time.seconds}}
    rules, _ = chosen(window.last, facts, asked, book)
    if rules is None or rules.ccm is None:
        return Answer(computed=computed, flags=time.flags)
    base, addon = rules.ccm.base, rules.ccm.addon
    if time.seconds < base.min_seconds:
        if not time.seconds:
            return Answer(computed=computed, flags=time.flags)
        return _refused(
            window,
            Why.BELOW_MIN_TIME,
            computed,
            time.flags,
            "T-12",
            numbers=_seconds(base.min_seconds, time.seconds),
            scope="ccm",
        )
    lines = [_line(base.code, 1, window, rules, time, f"{_words(time.seconds)} of 20:00")]
    units, capped = _units(
        time.seconds - base.min_seconds, addon, None if addon is None else addon.max_units
    )
    if units and addon is not None:
        lines.append(_line(addon.code, units, window, rules, time, _words(time.seconds)))
    flags = time.flags | ({Flag.UNITS_CAPPED} if capped else set())
    return Answer(lines=tuple(lines), computed=computed, flags=frozenset(flags))


def _window(month: str, facts: Facts) -> Window:
    whole = month_window(month)
    end = facts.episode.end_date
    if end is None or not whole.holds(end):
        return whole
    return Window(first=whole.first, last=end)


def _reading_flags(window: Window, facts: Facts, policy: Policy) -> frozenset[Flag]:
    flags = set()
    if manual_in(window, facts, policy):
        flags.add(Flag.MANUAL_EXCLUDED)
    if before_consent(facts):
        flags.add(Flag.BEFORE_CONSENT_EXCLUDED)
    return frozenset(flags)


def _too_little(
    time: Counted,
    window: Window,
    counted: Sequence[Reading],
    rules: RuleSet,
    facts: Facts,
    policy: Policy,
) -> tuple[Why | None, dict[str, int]]:
    least = min(base.min_seconds for base in rules.mgmt_base)
    if time.seconds < least:
        return Why.BELOW_MIN_TIME, _seconds(least, time.seconds)
    if not time.live:
        return Why.NO_INTERACTIVE_COMMUNICATION, {"actual_seconds": time.seconds}
    if policy.require_reading_in_month_for_mgmt and not any(
        window.holds(day_of(each, facts, policy)) for each in counted
    ):
        return Why.NO_QUALIFYING_READINGS, {"actual_seconds": time.seconds}
    return None, {}


def _lines(
    time: Counted, window: Window, rules: RuleSet, policy: Policy
) -> tuple[tuple[Line, ...], bool]:
    """T-5, T-6: the highest base that is reached; T-7: further units only on what they ask for."""
    base: Base = max(
        (each for each in rules.mgmt_base if each.min_seconds <= time.seconds),
        key=lambda each: each.min_seconds,
    )
    words = f"{_words(time.seconds)} of {_words(base.min_seconds)}"
    lines = [_line(base.code, 1, window, rules, time, words)]
    addon = rules.mgmt_addon
    if addon.requires not in {None, base.code}:
        return tuple(lines), False
    cap = addon.max_units if policy.max_99458_units is None else policy.max_99458_units
    units, capped = _units(time.seconds - base.min_seconds, addon, cap)
    if units:
        lines.append(_line(addon.code, units, window, rules, time, words, "T-7", "T-8"))
    return tuple(lines), capped


def _units(over: int, addon: AddOn | None, cap: int | None) -> tuple[int, bool]:
    """Full blocks only; and whether the cap took some."""
    if addon is None:
        return 0, False
    units = over // addon.each_seconds
    return (units, False) if cap is None or units <= cap else (cap, True)


def _line(
    code: str, units: int, window: Window, rules: RuleSet, time: Counted, why: str, *more: str
) -> Line:
    return Line(
        code=code,
        units=units,
        dos=window.last,
        window=window,
        rule_set=rules.name,
        rules=(*RULES, *more),
        entries=tuple(name for name, seconds in time.of_entries.items() if seconds),
        why=why,
    )


def _refused(
    window: Window,
    reason: Why,
    computed: dict[str, dict[str, int]],
    flags: frozenset[Flag],
    *rules: str,
    numbers: dict[str, int] | None = None,
    scope: str = "mgmt",
) -> Answer:
    refused = NotBillable(
        scope=scope, window=window, reason=reason, rules=rules, numbers=numbers or {}
    )
    return Answer(not_billable=(refused,), computed=computed, flags=flags)


def _seconds(minimum: int, actual: int) -> dict[str, int]:
    return {"minimum_seconds": minimum, "actual_seconds": actual}


def _words(seconds: int) -> str:
    return f"{dt.timedelta(seconds=seconds) // dt.timedelta(minutes=1)}:{seconds % 60:02}"
