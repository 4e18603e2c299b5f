"""How long values may stay bad after somebody has dealt with an alert before there is a new one."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from alerts.life.alert import Alert
from care.programme import Plan
from care.rules import (
    GlucoseStatistic,
    Rule,
    Severity,
    Shift,
    Together,
    Trend,
    WindowMean,
)

SLOW: Final = (WindowMean, Trend, Shift, GlucoseStatistic, Together)
"""Rules over many days: whatever was done today, they say the same tomorrow."""

AFTER_SLOW: Final = dt.timedelta(days=7)
AFTER: Final = {
    Severity.CRITICAL: dt.timedelta(hours=1),
    Severity.HIGH: dt.timedelta(hours=12),
    Severity.MEDIUM: dt.timedelta(hours=24),
    Severity.LOW: dt.timedelta(days=7),
}


def quiet_after(alert: Alert, plans: Iterable[Plan]) -> dt.timedelta:
    """By the rule's nature, and how grave the alert was."""
    rules: list[Rule] = [rule for plan in plans for rule in plan.rules if rule.id == alert.rule]
    if any(isinstance(rule, SLOW) for rule in rules):
        return AFTER_SLOW
    return AFTER[alert.severity]
