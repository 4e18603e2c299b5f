"""How far a code is that days decide: one day more each day, and no more than are left."""

import datetime as dt

from billing.eligibility.payers import Payer
from billing.eligibility.result import Window
from billing.eligibility.rule_set import Supply
from billing.forecast.outlook import Goal, Reach

ONE_DAY = dt.timedelta(days=1)


def goal(code: str, have: int, need: int, window: Window, *, left: int, today: dt.date) -> Goal:
    """`left`: dates of the window that may still get a reading, today among them if it has none."""
    short = need - have
    if short <= 0:
        words = f"{have} of {need} days"
        return Goal(code=code, unit="days", have=have, need=need, reach=Reach.REACHED, words=words)
    if short > left:
        words = f"{so_many(short, 'more day')} needed, {left} left"
        reach = Reach.IMPOSSIBLE
        return Goal(code=code, unit="days", have=have, need=need, reach=reach, words=words)
    first = today + ((window.last - today).days + 1 - left) * ONE_DAY
    return Goal(
        code=code,
        unit="days",
        have=have,
        need=need,
        reach=Reach.POSSIBLE,
        earliest=first + (short - 1) * ONE_DAY,
        latest=window.last - (short - 1) * ONE_DAY,
        words=f"{so_many(short, 'more day')} by {on(window.last)}; {so_many(left, 'day')} left",
    )


def accepted(code: str, window: Window, payer: Payer | None) -> bool:
    rule = None if payer is None else payer.rule(code, window.last)
    return rule is None or rule.accepted


def needed(row: Supply, window: Window, payer: Payer | None) -> int:
    """The rule set's, or the payer's where it asks for more."""
    rule = None if payer is None else payer.rule(row.code, window.last)
    more = None if rule is None else rule.min_days
    return row.min_days if more is None else max(row.min_days, more)


def so_many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def on(day: dt.date) -> str:
    """`14 Dec`."""
    return f"{day.day} {day:%b}"
