"""What a plan expects of a patient and did not get, in days of the patient's own zone. Pure.

A day is missed when its last slot is over and no reading of the kind came on all of that day: a
weight at one o'clock is late for the morning, but the patient did measure.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.life.working_time import instant_of
from alerts.technical.facts import LastReading, Patient
from care.programme import WEEK, Measure, Plan
from care.rules import Severity
from vitals.kinds import Kind

DAYS_MOST: Final = 60
"""Nobody counts further, and readings are not looked for further back."""
DAY: Final = dt.timedelta(days=1)


class Gap(Struct, frozen=True, kw_only=True):
    """A measure that has been missed for long enough to say so."""

    measure: Measure
    days: int
    """Expected days in a row without any reading, all over; DAYS_MOST and no more."""
    since: dt.datetime
    """When the day was over that made it enough."""
    last_at: dt.datetime | None
    """The last reading before; None: none since it is expected, or for long."""

    @property
    def severity(self) -> Severity:
        long = self.days >= 2 * self.measure.missing_after_days
        return Severity.MEDIUM if long else Severity.LOW


def gap(
    patient: Patient, measure: Measure, last: LastReading | None, *, now: dt.datetime
) -> Gap | None:
    """None while the patient measures, or has not been expected to for long enough."""
    enough = measure.missing_after_days
    if last is not None and now - last.measured_at < (enough - 1) * DAY - dt.timedelta(hours=2):
        return None  # Too short for so many days to be over, whatever the clocks do.
    expected_since = enrolled(patient.plans, measure.kind)
    if expected_since is None:
        return None
    ends = _missed(patient.zone, measure, expected_since, last, now=now)
    first = list(islice(ends, enough))
    if len(first) < enough:
        return None
    return Gap(
        measure=measure,
        days=enough + sum(1 for _ in islice(ends, DAYS_MOST - enough)),
        since=first[-1],
        last_at=None if last is None else last.measured_at,
    )


def enrolled(plans: tuple[Plan, ...], kind: Kind) -> dt.datetime | None:
    """Since when the kind has been expected without a break, by the version in force and those that
    it followed: who changes a limit starts nothing anew.
    """
    since: dt.datetime | None = None
    for plan in reversed(plans):
        if since is not None and plan.effective_to != since:
            break
        if all(measure.kind is not kind for measure in plan.measures):
            break
        since = plan.effective_from
    return since


def _missed(
    zone: ZoneInfo,
    measure: Measure,
    since: dt.datetime,
    last: LastReading | None,
    *,
    now: dt.datetime,
) -> Iterator[dt.datetime]:
    """Ends of the expected days after the last reading's, as far as they are over by now."""
    today = now.astimezone(zone).date()
    day = since.astimezone(zone).date()
    if last is not None:
        day = max(day, last.measured_at.astimezone(zone).date() + DAY)
    while day <= today:
        end = _end_of_day(day, measure, zone, since)
        if end is not None and end <= now:
            yield end
        day += DAY


def _end_of_day(
    day: dt.date, measure: Measure, zone: ZoneInfo, since: dt.datetime
) -> dt.datetime | None:
    """When the last slot of the day ends; None where nothing is expected on it. A slot that had
    begun before anything was expected does not count.
    """
    if WEEK[day.weekday()] not in measure.days:
        return None
    spans = (_span(day, slot.start, slot.end, zone) for slot in measure.slots)
    return max((end for start, end in spans if start >= since), default=None)


@lru_cache(maxsize=10_000)
def _span(day: dt.date, start: str, end: str, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    return instant_of(day, start, zone), instant_of(day, end, zone)
