"""The month strip: days of readings and minutes of work so far, and whether enough is possible.

Pure. Not a bill: what is eligible is the evaluator's to say, with the payer's rules. Of remote
monitoring only: care programmes have minutes and a consent of their own, which stand in the month's
bill and on the work list.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.rule_numbers import (
    CLINICAL_ROLES,
    DAYS_NEEDED,
    NOT_MANAGEMENT,
    PERIOD_DAYS,
    SECONDS_NEEDED,
)
from billing.spans import Span, union, whole_seconds, within
from billing.words import Service, interactive
from care.wall_clock import beginning

DAY: Final = dt.timedelta(days=1)


class Reach(StrEnum):
    NOT_YET = "not_yet"
    REACHED = "reached"
    IMPOSSIBLE = "impossible"


class Figure(Struct, frozen=True, kw_only=True):
    """One number towards its aim, in words too."""

    name: str
    have: int
    need: int
    unit: str
    reach: Reach
    words: str
    """What is missing, or that it can no longer be."""


class MonthSoFar(Struct, frozen=True, kw_only=True):
    month: dt.date
    """Its first day, in the practice's zone."""
    period_from: dt.date | None
    """Of the 30-day device period that holds `today`; None: no reading has begun one."""
    period_to: dt.date | None
    """Its last day, included."""
    days: Figure
    minutes: Figure
    seconds: int
    live: Figure

    @property
    def figures(self) -> tuple[Figure, Figure, Figure]:
        return (self.days, self.minutes, self.live)


class Spent(Struct, frozen=True, kw_only=True):
    """One entry of the time log, as far as it matters here."""

    spans: tuple[Span, ...]
    role: str
    service: str
    activity: str
    mode: str
    with_whom: str | None


def month_so_far(
    days: Collection[dt.date],
    entries: Sequence[Spent],
    *,
    today: dt.date,
    month: dt.date,
    now: dt.datetime,
    zone: ZoneInfo,
) -> MonthSoFar:
    """`days`: the patient's local dates with readings that count, since the episode began. `today`
    is the patient's; `month` any day of the month that is asked for, `zone` the practice's.
    """
    period = period_of(days, today=today)
    start, end = month_of(month, zone)
    spent = [each for each in entries if _of_management(each)]
    counted = union(span for each in spent for span in within(each.spans, start, end))
    seconds = whole_seconds(counted)
    live = any(
        interactive(each.mode, each.with_whom) and within(each.spans, start, end) for each in spent
    )
    left_s = max(int((end - max(now, start)).total_seconds()), 0)
    return MonthSoFar(
        month=month.replace(day=1),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        days=days_figure(days, period, today=today),
        minutes=minutes_figure(seconds, left_s=left_s),
        seconds=seconds,
        live=live_figure(live=live, over=not left_s),
    )


def period_of(days: Collection[dt.date], *, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """First and last date: periods follow each other from the first day that counts (W-1, W-2)."""
    begun = [day for day in days if day <= today]
    if not begun:
        return None
    number = (today - min(begun)).days // PERIOD_DAYS
    start = min(begun) + number * PERIOD_DAYS * DAY
    return start, start + (PERIOD_DAYS - 1) * DAY


def days_figure(
    days: Collection[dt.date], period: tuple[dt.date, dt.date] | None, *, today: dt.date
) -> Figure:
    """A day that has none yet may still get one while it lasts."""
    if period is None:
        return _days(0, Reach.NOT_YET, "no reading from a device yet")
    start, end = period
    have = len({day for day in days if start <= day <= end})
    if have >= DAYS_NEEDED:
        return _days(have, Reach.REACHED, f"reached, {DAYS_NEEDED} of {PERIOD_DAYS} days")
    left = (end - today).days + (today not in days)
    missing = DAYS_NEEDED - have
    if have + left < DAYS_NEEDED:
        return _days(have, Reach.IMPOSSIBLE, f"{missing} more needed, {_so_many_days(left)} left")
    return _days(have, Reach.NOT_YET, f"{missing} more needed, {_so_many_days(left)} left")


def minutes_figure(seconds: int, *, left_s: int) -> Figure:
    """Whole minutes, rounded down; full blocks only (T-4)."""
    have, missing = seconds // 60, SECONDS_NEEDED - seconds
    if missing <= 0:
        return _minutes(have, Reach.REACHED, "reached")
    said = f"{missing // 60}:{missing % 60:02} more needed"
    if missing > left_s:
        return _minutes(have, Reach.IMPOSSIBLE, f"{said}, the month is over or nearly so")
    return _minutes(have, Reach.NOT_YET, said)


def live_figure(*, live: bool, over: bool) -> Figure:
    if live:
        reach, words = Reach.REACHED, "spoken with this month"
    elif over:
        reach, words = Reach.IMPOSSIBLE, "nobody spoke with them this month"
    else:
        reach, words = Reach.NOT_YET, "no live contact yet this month"
    return Figure(name="Live contact", have=int(live), need=1, unit="", reach=reach, words=words)


def month_of(day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The calendar month of a day as instants, half-open, on the practice's wall clock (T-13)."""
    first = day.replace(day=1)
    after = (first + 32 * DAY).replace(day=1)
    return beginning(first, zone), beginning(after, zone)


def _of_management(spent: Spent) -> bool:
    """Remote monitoring, by clinical staff, and not the setting up."""
    return (
        spent.service == Service.RPM
        and spent.role in CLINICAL_ROLES
        and spent.activity not in NOT_MANAGEMENT
    )


def _days(have: int, reach: Reach, words: str) -> Figure:
    return Figure(
        name="Days with readings", have=have, need=DAYS_NEEDED, unit="days", reach=reach,
        words=words,
    )  # fmt: skip


def _minutes(have: int, reach: Reach, words: str) -> Figure:
    need = SECONDS_NEEDED // 60
    return Figure(name="Care time", have=have, need=need, unit="min", reach=reach, words=words)


def _so_many_days(left: int) -> str:
    return "1 day" if left == 1 else f"{left} days"
