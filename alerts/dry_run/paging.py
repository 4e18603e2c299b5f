"""Who would have been told, and whether the clinic was open. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from alerts.dry_run.raised import Raised
from alerts.dry_run.result import PagedCount, StepCount
from alerts.judging.batch import moment
from alerts.life.lifecycle import PAGING
from care.programme import WEEK, Plan, Step, WorkingHours
from care.rules import RANK, Severity

_MINUTE_US: Final = 60_000_000


class Paging:
    """Counted over parts. The zone is the clinic's."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._alerts: Counter[tuple[Severity, bool]] = Counter()
        self._steps: Counter[tuple[Severity, int, Step, bool]] = Counter()

    def add(self, found: Iterable[Raised], plans: Sequence[Plan]) -> None:
        """`plans[i]` is chart i's."""
        ladders = {id(plan): _ladders(plan) for plan in plans}
        for one in found:
            if one.late or one.lane not in PAGING:
                continue
            plan = plans[one.chart]
            self._alerts[one.severity, self._staffed(one.opened, plan.hours)] += 1
            for number, step in enumerate(ladders[id(plan)].get(one.severity, ())):
                open_then = step.hours == "working" or self._staffed(
                    one.opened + step.after_min * _MINUTE_US, plan.hours
                )
                self._steps[one.severity, number, step, open_then] += 1

    def told(self) -> list[PagedCount]:
        """The gravest first; severities without an alert are left out."""
        severities = sorted({severity for severity, _ in self._alerts}, key=lambda s: -RANK[s])
        return [
            PagedCount(
                severity=severity,
                alerts=self._alerts[severity, True] + self._alerts[severity, False],
                in_hours=self._alerts[severity, True],
                out_of_hours=self._alerts[severity, False],
                steps=self._told_of(severity),
            )
            for severity in severities
        ]

    def _told_of(self, severity: Severity) -> list[StepCount]:
        steps = {(number, step): None for of, number, step, _ in self._steps if of is severity}
        return [
            StepCount(
                step=number + 1,
                to=step.to,
                after_min=step.after_min,
                hours=step.hours,
                in_hours=self._steps[severity, number, step, True],
                out_of_hours=self._steps[severity, number, step, False],
            )
            for number, step in sorted(steps, key=lambda pair: (pair[0], pair[1].after_min))
        ]

    def _staffed(self, at_us: int, hours: WorkingHours) -> bool:
        """By the digits of the clinic's wall clock: cheaper than life.working_time, and the same
        but for the hour that a change of the clocks skips.
        """
        local: dt.datetime = moment(at_us).astimezone(self._zone)
        clock = f"{local.hour:02}:{local.minute:02}"
        return WEEK[local.weekday()] in hours.days and hours.start <= clock < hours.end


def _ladders(plan: Plan) -> Mapping[Severity, Sequence[Step]]:
    return {ladder.severity: ladder.steps for ladder in plan.ladders}
