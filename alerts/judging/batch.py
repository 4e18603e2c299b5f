"""What an evaluation is given: patients with their plans, and their readings as columns."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from alerts.columns.series import Series
from alerts.judging.findings import Reason
from care.programme import Plan
from care.rules import RuleId
from vitals.kinds import Kind

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND: Final = dt.timedelta(microseconds=1)


def microseconds(instant: dt.datetime) -> int:
    """Since 1970 UTC, exactly."""
    return (instant - EPOCH) // MICROSECOND


def moment(at_us: int) -> dt.datetime:
    return EPOCH + dt.timedelta(microseconds=int(at_us))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A rule's latest episode as it stood just before `Chart.since`, readings before it only."""

    rule: RuleId
    onset_at: dt.datetime
    onset_reading: UUID | None = None
    cleared_at: dt.datetime | None = None
    """None: still open at `since`."""
    count: int = 0
    worst: float = float("nan")
    """By its bound; of a rule with bounds on several metrics the alert's own, where it can be."""
    upward: bool = True
    """Whether greater is worse: alerts.judging.findings.greater_is_worse."""
    limit: float = 0.0
    """That bound's value; 0 where the rule has none."""
    value: float = float("nan")
    """At `last_at`."""
    last_at: dt.datetime | None = None
    last_reading: UUID | None = None
    late: bool = False
    plan_version: UUID | None = None
    reason: Reason | None = None
    """Handed through: a reason tells of the onset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One patient of a batch."""

    patient_id: UUID
    plans: Sequence[Plan]
    """All versions that were in force at any row; order does not matter."""
    since: dt.datetime | None = None
    """Judge rows from here on; earlier rows are only looked back at. None: all rows."""
    standing: Sequence[Standing] = ()
    """At `since`, at most one for each rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    charts: Sequence[Chart]
    series: Mapping[Kind, Series]
    """Segment i is charts[i]; a kind that is no key is not looked at, one without rows is.

    `doubt` is computed in the evaluation: leave it False.
    """
    readings: Mapping[Kind, Sequence[UUID]]
    """The reading of each row."""
