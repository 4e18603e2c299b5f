"""What of each open window is reached, what still can be and by when, and what no longer can."""

import datetime as dt
from collections.abc import Sequence

from billing.eligibility.days import (
    ONE_DAY,
    PERIOD,
    Dated,
    Frame,
    filled,
    frames,
    last_day,
    qualifying,
)
from billing.eligibility.facts import Facts
from billing.eligibility.gate import Terms
from billing.eligibility.payers import Payer
from billing.eligibility.policy import Policy
from billing.eligibility.programme_consent import monitored
from billing.eligibility.result import Why, Window
from billing.eligibility.rule_set import Monitoring, RuleBook
from billing.forecast import day_goals
from billing.forecast.barriers import barriers, monitoring_of
from billing.forecast.month_outlooks import of_month
from billing.forecast.outlook import Forecast, Outlook


def forecast(
    facts: Facts, now: dt.datetime, book: RuleBook, policy: Policy, payer: Payer | None = None
) -> Forecast:
    """Of the 30-day period and the month that hold `now`, each by its own clock's date; nothing
    where monitoring is over.
    """
    terms = Terms(book=book, policy=policy, as_of=dt.date.max, payer=payer)
    counted = qualifying(facts, policy)
    periods = _of_period(counted, facts, now, terms) if monitored(facts) else []
    outlooks = [*periods, *of_month(counted, facts, now, terms)]
    return Forecast(patient=facts.patient, payer=facts.payer, now=now, outlooks=tuple(outlooks))


def _of_period(
    counted: Sequence[Dated], facts: Facts, now: dt.datetime, terms: Terms
) -> list[Outlook]:
    own = terms.policy.day_zone == "patient"
    today = now.astimezone(facts.patient_zone if own else facts.practice_zone).date()
    over = last_day(facts)
    if (over is not None and over < today) or _resting(today, facts):
        return []
    frame = _frame(today, counted, facts, terms)
    days = filled(frame, counted, facts, terms.policy).days
    shut = barriers(facts, frame.window, terms)
    monitoring = monitoring_of(facts, frame.window, terms)
    left = (frame.window.last - today).days + (today not in days)
    made = [_supply(frame, days, left, today, facts, monitoring, shut, terms)]
    if not facts.episode.setup_already_billed and not _set_up_before(frame, counted, facts, terms):
        made.append(_setup(made[0], facts, monitoring, terms, today))
    return made


def _set_up_before(frame: Frame, counted: Sequence[Dated], facts: Facts, terms: Terms) -> bool:
    """S-1: an earlier period had the days, and its line is the one that setup goes with."""
    for each in frames(counted, facts, terms.policy):
        if each.number >= frame.number:
            return False
        monitoring = monitoring_of(facts, each.window, terms)
        chosen = terms.policy.setup_min_days
        if monitoring is not None:
            need = monitoring.setup.min_days if chosen is None else chosen
            if len(filled(each, counted, facts, terms.policy).days) >= need:
                return True
    return False


def _frame(today: dt.date, counted: Sequence[Dated], facts: Facts, terms: Terms) -> Frame:
    """The one that holds today; before the first reading, the one that would begin today."""
    found = None
    for each in frames(counted, facts, terms.policy):
        found = each
        if each.window.last >= today:
            break
    if found is not None and found.window.holds(today):
        return found
    last = today + PERIOD - ONE_DAY
    over = last_day(facts)
    whole = Window(first=today, last=last)
    window = Window(first=today, last=last if over is None else min(last, over))
    return Frame(number=1 if found is None else found.number + 1, window=window, whole=whole)


def _resting(today: dt.date, facts: Facts) -> bool:
    return any(each.first <= today <= each.last for each in facts.episode.pauses)


def _supply(
    frame: Frame,
    days: Sequence[dt.date],
    left: int,
    today: dt.date,
    facts: Facts,
    monitoring: Monitoring | None,
    shut: tuple[Why, ...],
    terms: Terms,
) -> Outlook:
    rows = () if monitoring is None else monitoring.supply
    asked = sorted(
        (day_goals.needed(each, frame.window, terms.payer), each.code)
        for each in rows
        if day_goals.accepted(each.code, frame.window, terms.payer)
    )
    return Outlook(
        scope="supply",
        program=facts.episode.program,
        window=frame.window,
        days_left=left,
        have=len(days),
        goals=tuple(
            day_goals.goal(code, len(days), need, frame.window, left=left, today=today)
            for need, code in asked
        ),
        blocked=shut,
    )


def _setup(
    supply: Outlook, facts: Facts, monitoring: Monitoring | None, terms: Terms, today: dt.date
) -> Outlook:
    """S-1: it goes with the first period, and needs what was shown to be written down."""
    shut = supply.blocked
    if facts.episode.setup_education_date is None:
        shut = (*shut, Why.NO_SETUP_EDUCATION)
    rule = None if monitoring is None else monitoring.setup
    chosen = terms.policy.setup_min_days
    goals = []
    if rule is not None and day_goals.accepted(rule.code, supply.window, terms.payer):
        need = rule.min_days if chosen is None else chosen
        goals.append(
            day_goals.goal(
                rule.code, supply.have, need, supply.window, left=supply.days_left, today=today
            )
        )
    return Outlook(
        scope="setup", program=supply.program, window=supply.window, days_left=supply.days_left,
        have=supply.have, goals=tuple(goals), blocked=shut,
    )  # fmt: skip
