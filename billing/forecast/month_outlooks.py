"""The month that holds now, of monitoring and of each programme that has logged time in it."""

import datetime as dt
from collections.abc import Iterable, Sequence

from msgspec import Struct

from billing.eligibility import minutes
from billing.eligibility.attested import families, missing
from billing.eligibility.days import Dated, last_day
from billing.eligibility.facts import Facts
from billing.eligibility.gate import Terms
from billing.eligibility.minutes import Counted
from billing.eligibility.programme_consent import lacking, monitored
from billing.eligibility.result import Why, Window
from billing.eligibility.rule_set import RPM, AddOn, Base, Care, Family
from billing.forecast import time_goals
from billing.forecast.barriers import barriers, monitoring_of
from billing.forecast.day_goals import accepted
from billing.forecast.outlook import Goal, Outlook
from billing.forecast.time_goals import Rest


class _Month(Struct, frozen=True, kw_only=True):
    window: Window
    rest: Rest
    terms: Terms
    facts: Facts


def of_month(
    counted: Sequence[Dated], facts: Facts, now: dt.datetime, terms: Terms
) -> list[Outlook]:
    zone = minutes.zone_of(facts, terms.policy)
    today = now.astimezone(zone).date()
    over = last_day(facts)
    if over is not None and over < today:
        return []
    window = minutes.ending_with(minutes.month_window(f"{today:%Y-%m}"), over)
    rest = Rest(now=now, ends=minutes.instants(window, zone)[1], zone=zone, window=window)
    month = _Month(window=window, rest=rest, terms=terms, facts=facts)
    own = [_management(month, counted)] if monitored(facts) else []
    return [*own, *_besides(month)]


def _management(month: _Month, counted: Sequence[Dated]) -> Outlook:
    facts, window, terms = month.facts, month.window, month.terms
    program = facts.episode.program
    time = minutes.counted(window, program, facts, terms.policy)
    monitoring = monitoring_of(facts, window, terms)
    goals: list[Goal] = []
    if monitoring is not None:
        cap = terms.policy.max_99458_units if program == RPM else monitoring.mgmt_addon.max_units
        goals = _timed(month, time, monitoring.mgmt_base, monitoring.mgmt_addon, cap)
        goals.append(time_goals.live(month.rest, spoken=bool(time.live)))
        if terms.policy.require_reading_in_month_for_mgmt:
            has = any(window.holds(each.day) for each in counted)
            goals.append(time_goals.reading(month.rest, arrived=has))
    return _outlook(month, "mgmt", program, time, goals, barriers(facts, window, terms))


def _besides(month: _Month) -> Iterable[Outlook]:
    """Programmes with minutes that somebody has logged any for, and of who is in nothing else their
    own; attestations may be missing.
    """
    facts, window, terms = month.facts, month.window, month.terms
    rules = terms.rules_for(facts, window, window.last)
    for care in () if rules is None else rules.besides:
        timed = [each for each in families(care, facts) if each.base.min_seconds]
        if not timed or care.counts:
            continue
        logged = minutes.logged_in(window, care.program, facts, terms.policy)
        if logged or care.program == facts.episode.program:
            yield _care(month, care, timed)


def _care(month: _Month, care: Care, families: Sequence[Family]) -> Outlook:
    """The families that what is attested allows; if it allows none, the least of them, blocked."""
    facts, window, terms = month.facts, month.window, month.terms
    able = [each for each in families if not missing(each.needs, window, facts)]
    goals: list[Goal] = []
    for each in able or families[-1:]:
        time = minutes.counted(window, care.program, facts, terms.policy, who=each.who)
        cap = None if each.addon is None else each.addon.max_units
        goals += _timed(month, time, [each.base], each.addon, cap)
    whole = minutes.counted(window, care.program, facts, terms.policy, who=families[-1].who)
    shut: list[Why] = [
        each
        for each in barriers(facts, window, terms, program=care.program)
        if each is not Why.RPM_RTM_CONFLICT
    ]
    span = minutes.instants(window, minutes.zone_of(facts, terms.policy))
    unheld = lacking(care.program, facts, span, terms.policy)
    if unheld is not None and unheld not in shut:
        shut.append(unheld)
    if not able:
        shut.append(Why.NOT_ATTESTED)
    goals.sort(key=lambda each: each.need)
    return _outlook(month, care.scope, care.program, whole, goals, tuple(shut))


def _timed(
    month: _Month, time: Counted, bases: Iterable[Base], addon: AddOn | None, cap: int | None
) -> list[Goal]:
    """Each base, and the next further unit where the payer pays one more."""
    payer = month.terms.payer
    known = [each for each in bases if accepted(each.code, month.window, payer)]
    goals = [
        time_goals.goal(each.code, time.seconds, each.min_seconds, month.rest)
        for each in sorted(known, key=lambda each: each.min_seconds)
    ]
    under = [each for each in known if addon and addon.requires in {None, each.code}]
    if addon is None or not under or not accepted(addon.code, month.window, payer):
        return goals
    base = max(under, key=lambda each: each.min_seconds)
    has = max(time.seconds - base.min_seconds, 0) // addon.each_seconds
    unit = has + 1 if cap is None else min(has + 1, cap)
    if unit:
        need = base.min_seconds + unit * addon.each_seconds
        goals.append(time_goals.goal(addon.code, time.seconds, need, month.rest))
    return goals


def _outlook(
    month: _Month,
    scope: str,
    program: str,
    time: Counted,
    goals: Iterable[Goal],
    shut: tuple[Why, ...],
) -> Outlook:
    return Outlook(
        scope=scope, program=program, window=month.window, days_left=month.rest.days,
        have=time.seconds, goals=tuple(goals), blocked=shut,
    )  # fmt: skip
