"""When the steps of an escalation ladder are due."""

import datetime as dt
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.life.working_time import after_working_minutes
from care.programme import Ladder, WorkingHours


class Rung(Struct, frozen=True, kw_only=True):
    """A step of a ladder and its instant."""

    step: int
    at: dt.datetime


def rungs(
    ladder: Ladder, *, since: dt.datetime, hours: WorkingHours, zone: ZoneInfo
) -> tuple[Rung, ...]:
    """Each step counts from `since`: staffed minutes, or all of them, as the step says."""
    return tuple(
        Rung(step=index, at=_after(each.after_min, each.hours, since, hours, zone))
        for index, each in enumerate(ladder.steps)
    )


def target(
    ladder: Ladder,
    *,
    since: dt.datetime,
    hours: WorkingHours,
    zone: ZoneInfo,
    minutes: int | None = None,
) -> dt.datetime | None:
    """When `minutes`, by default those within which somebody should take it on, are over.

    Staffed minutes, unless the ladder has a step that knows no closing time.
    """
    span = ladder.acknowledge_min if minutes is None else minutes
    if span is None:
        return None
    always = any(each.hours == "always" for each in ladder.steps)
    return _after(span, "always" if always else "working", since, hours, zone)


def _after(
    minutes: int, which: str, since: dt.datetime, hours: WorkingHours, zone: ZoneInfo
) -> dt.datetime:
    if which == "always":
        return since + dt.timedelta(minutes=minutes)
    return after_working_minutes(since, minutes, hours, zone)
