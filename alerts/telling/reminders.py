"""When a patient is reminded of a measurement that has not come. Pure.

A slot of the plan is a span of the patient's own wall clock. One that the clocks skip is none;
one whose hour comes twice is one slot, and longer.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.telling.quiet_hours import QuietHours, awake_at, instant
from care.programme import WEEK, Measure, Plan, Slot
from vitals.kinds import Kind

DAY: Final = dt.timedelta(days=1)
BEFORE_QUIET: Final = dt.timedelta(minutes=15)
"""Where the quiet hours would swallow a reminder, it comes so long before they begin."""
MOST_A_DAY: Final = 3
"""To one contact on one day of the patient's."""


class Expected(Struct, frozen=True, kw_only=True):
    """One slot of one day in which something is to be measured, and when its lack is told."""

    slot: str
    """`2026-11-22/morning-0400`: the same slot has the same name whatever else changes."""
    begins: dt.datetime
    ends: dt.datetime
    after: dt.timedelta
    """How long after the beginning a reminder is wanted."""
    kinds: tuple[Kind, ...]

    @property
    def key(self) -> str:
        """Of its due time: measures of one slot may ask for reminders after different times."""
        return f"{self.slot}/{int(self.after.total_seconds()) // 60}"


def expected(
    plans: Iterable[Plan], zone: ZoneInfo, *, since: dt.datetime, until: dt.datetime
) -> Iterator[Expected]:
    """Slots of days from `since`'s to `until`'s that a patient is to be reminded of, in order of
    days. A slot belongs to the plan in force when it begins: one that had begun before the plan
    did is nobody's.
    """
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    versions = list(plans)
    day = first
    while day <= last:
        for plan in versions:
            yield from _of_day(plan, zone, day)
        day += DAY


def send_at(slot: Expected, quiet: QuietHours | None, zone: ZoneInfo) -> dt.datetime | None:
    """When, as far as the quiet hours let it: after them if the slot is still on, else shortly
    before they begin. None where that would be before half of the patient's time was over, or no
    time is left.
    """
    wanted = slot.begins + slot.after
    if wanted >= slot.ends:
        return None
    awake = awake_at(wanted, quiet, zone)
    if awake < slot.ends:
        return awake
    assert quiet is not None  # noqa: S101 - else nobody would have moved it
    earlier = _begins_before(wanted, quiet, zone) - BEFORE_QUIET
    if earlier < slot.begins + slot.after / 2 or awake_at(earlier, quiet, zone) != earlier:
        return None
    return earlier


def following(
    plans: Iterable[Plan], zone: ZoneInfo, *, after: dt.datetime, within: dt.timedelta
) -> dt.datetime | None:
    """When the next slot begins, of whatever kind; None where none does within so long."""
    until = after + within
    begins = (
        begins
        for plan in plans
        for day in _days(after, until, zone)
        for measure in plan.measures
        if WEEK[day.weekday()] in measure.days
        for begins, ends in (_span(day, slot, zone) for slot in measure.slots)
        if begins < ends and _holds(plan, begins)
    )
    return min((each for each in begins if after < each <= until), default=None)


def _of_day(plan: Plan, zone: ZoneInfo, day: dt.date) -> Iterator[Expected]:
    found: dict[tuple[Slot, int], list[Kind]] = {}
    for measure in plan.measures:
        if measure.remind_after_min is None or WEEK[day.weekday()] not in measure.days:
            continue
        for slot in measure.slots:
            found.setdefault(_same(slot, measure), []).append(measure.kind)
    for (slot, minutes), kinds in found.items():
        begins, ends = _span(day, slot, zone)
        if begins < ends and _holds(plan, begins):
            yield Expected(
                slot=f"{day}/{slot.name}-{slot.start.replace(':', '')}",
                begins=begins,
                ends=ends,
                after=dt.timedelta(minutes=minutes),
                kinds=tuple(sorted(set(kinds))),
            )


def _same(slot: Slot, measure: Measure) -> tuple[Slot, int]:
    """Slots that differ only in how many readings they want are one to a patient."""
    minutes = measure.remind_after_min or 0
    return Slot(name=slot.name, start=slot.start, end=slot.end), minutes


def _span(day: dt.date, slot: Slot, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    return instant(day, slot.start, zone), instant(day, slot.end, zone)


def _days(since: dt.datetime, until: dt.datetime, zone: ZoneInfo) -> Iterator[dt.date]:
    day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    while day <= last:
        yield day
        day += DAY


def _holds(plan: Plan, at: dt.datetime) -> bool:
    return plan.effective_from <= at and (plan.effective_to is None or at < plan.effective_to)


def _begins_before(at: dt.datetime, quiet: QuietHours, zone: ZoneInfo) -> dt.datetime:
    """The beginning of the quiet hours that hold `at`."""
    today = at.astimezone(zone).date()
    begins = [instant(day, quiet.start, zone) for day in (today - DAY, today)]
    return max(each for each in begins if each <= at)
