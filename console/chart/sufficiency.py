"""Whether there is enough to say a number: how many readings were asked for, came, and are needed.

Pure. Below its minimum a statistic is no number: "not enough data".
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from alerts.columns.series import Ints
from care.plans import PlanVersion, in_force
from care.programme import WEEK, Measure, Slot
from console.chart.ranges import day_of
from console.web.formats import counted
from vitals.kinds import Kind

NOT_ENOUGH: Final = "Not enough data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """So many readings, on so many days."""

    readings: int
    days: int

    @property
    def words(self) -> str:
        return f"{counted(self.readings, 'reading')} on {counted(self.days, 'day')} needed"


PRESSURE: Final = Minimum(readings=12, days=3)
"""ESH 2021, PMC8030885: at least 12 readings on 3 days."""
HALF_DAY: Final = Minimum(readings=6, days=3)
"""Mornings, or evenings: half of it."""
GLUCOSE: Final = Minimum(readings=20, days=7)
MEAL: Final = Minimum(readings=5, days=3)
MIDDLE: Final = Minimum(readings=3, days=3)
"""A week's median of what is measured once a day."""
SLOPE: Final = Minimum(readings=7, days=5)
"""Reaching over a third of 14 days, as the rule for trends has it."""
VITAL: Final = Minimum(readings=6, days=3)
SENSOR_READINGS: Final = 941
"""70 % of 14 days, one in 15 minutes: from there on it is a sensor's, and GMI is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a statistic rests on."""

    readings: int
    days: int
    expected: int | None = None
    """How many were asked for; None: nothing was."""

    def enough(self, least: Minimum) -> bool:
        return self.readings >= least.readings and self.days >= least.days

    @property
    def words(self) -> str:
        """41 of 60 expected"""
        if self.expected:
            return f"{self.readings:,} of {self.expected:,} expected"
        return f"{counted(self.readings, 'reading')} on {counted(self.days, 'day')}"


def sample(local_days: Ints, *, expected: int | None = None) -> Sample:
    return Sample(readings=len(local_days), days=len(np.unique(local_days)), expected=expected)


def expected(
    plans: Iterable[PlanVersion],
    kind: Kind,
    *,
    first_day: int,
    last_day: int,
    zone: ZoneInfo,
    now: dt.datetime,
) -> int:
    """How many readings the plans of those days ask for, in slots that are over by now."""
    versions = list(plans)
    wall = now.astimezone(zone)
    total = 0
    for number in range(first_day, last_day + 1):
        day = day_of(number)
        if day > wall.date():
            break
        noon = dt.datetime.combine(day, dt.time(12), zone)
        plan = in_force(versions, at=noon)
        for measure in plan.measures if plan else ():
            if measure.kind is kind:
                total += _asked(measure, day, wall)
    return total


def _asked(measure: Measure, day: dt.date, wall: dt.datetime) -> int:
    if WEEK[day.weekday()] not in measure.days:
        return 0
    over = day < wall.date()
    return sum(slot.readings for slot in measure.slots if over or _over(slot, wall))


def _over(slot: Slot, wall: dt.datetime) -> bool:
    return slot.end <= f"{wall:%H:%M}"
