"""When the next measurement is due, and what is done of today's, from the plan's slots. Pure.

A slot is a span of the patient's own wall clock. One that the clocks skip is none; one whose hour
comes twice is longer. It belongs to the plan in force when it begins.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from alerts.life.working_time import instant_of
from care.plans import holds
from care.programme import WEEK, Plan
from vitals.kinds import Kind

DAY: Final = dt.timedelta(days=1)
AHEAD: Final = 8
"""Days that are looked at: any plan asks for something at least once a week."""
NOON: Final = 12
EVENING: Final = 17


class Standing(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"
    OVER = "over"  # It passed without the readings that were wanted.


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One slot of one day."""

    begins: dt.datetime
    ends: dt.datetime
    """In the patient's zone; not included."""
    wanted: int
    taken: int
    standing: Standing

    @property
    def part(self) -> str:
        """Of the day: a key of the catalogue's `part`."""
        hour = self.begins.hour
        return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


def turns_of(
    day: dt.date,
    kind: Kind,
    plans: Iterable[Plan],
    zone: ZoneInfo,
    taken: Sequence[dt.datetime],
    *,
    now: dt.datetime,
) -> list[Turn]:
    """That day's slots in order."""
    found = {
        (begins, ends): _turn(begins, ends, wanted, zone, taken, now=now)
        for begins, ends, wanted in sorted(_slots(day, kind, plans, zone))
    }
    return list(found.values())


def next_turn(
    kind: Kind,
    plans: Sequence[Plan],
    zone: ZoneInfo,
    taken: Sequence[dt.datetime],
    *,
    now: dt.datetime,
) -> Turn | None:
    """The one that is on and not done, else the next to begin; None where nothing is planned."""
    today = now.astimezone(zone).date()
    # Yesterday's too: a slot may reach over midnight's end of the day by the clocks.
    for ahead in range(-1, AHEAD):
        for turn in turns_of(today + ahead * DAY, kind, plans, zone, taken, now=now):
            if turn.standing in {Standing.NOW, Standing.LATER}:
                return turn
    return None


def _slots(
    day: dt.date, kind: Kind, plans: Iterable[Plan], zone: ZoneInfo
) -> Iterator[tuple[dt.datetime, dt.datetime, int]]:
    for plan in plans:
        for measure in plan.measures:
            if measure.kind is not kind or WEEK[day.weekday()] not in measure.days:
                continue
            for slot in measure.slots:
                begins = instant_of(day, slot.start, zone)
                ends = instant_of(day, slot.end, zone)
                if begins < ends and holds(plan, begins):
                    yield begins, ends, slot.readings


def _turn(
    begins: dt.datetime,
    ends: dt.datetime,
    wanted: int,
    zone: ZoneInfo,
    taken: Sequence[dt.datetime],
    *,
    now: dt.datetime,
) -> Turn:
    count = sum(begins <= each < ends for each in taken)
    return Turn(
        begins=begins.astimezone(zone),
        ends=ends.astimezone(zone),
        wanted=wanted,
        taken=count,
        standing=_standing(begins, ends, done=count >= wanted, now=now),
    )


def _standing(begins: dt.datetime, ends: dt.datetime, *, done: bool, now: dt.datetime) -> Standing:
    if done:
        return Standing.DONE
    if now < begins:
        return Standing.LATER
    return Standing.NOW if now < ends else Standing.OVER
