"""What a dry run tells: the JSON of the command and of the API, documented in docs/alerts-dry-run.

Counts of alerts leave out what is late (read in one item, nobody called) and what needs a check:
both stand apart.
"""

import datetime as dt

from msgspec import Struct

from care.rules import Lane, Severity
from vitals.kinds import Kind


class ReadingCount(Struct, frozen=True, kw_only=True):
    read: int
    """Rows of the files, or stored readings of the patients."""
    valid: int
    """Taken into the record: what rules look at, those in doubt included."""
    refused: dict[str, int]
    """Why -> how many rows."""
    doubtful: dict[str, int]
    """Of the valid ones: why a reading may be wrong -> how many. Never evidence of an alert."""
    late: int
    """Of the valid ones: arrived later than the plan's `late_after_hours`."""


class RuleCount(Struct, frozen=True, kw_only=True):
    rule: str
    type: str
    kind: Kind
    severity: Severity
    lane: Lane
    label: str
    alerts: int
    """Episodes."""
    late: int
    """Episodes of late readings only; not among `alerts`."""
    patients: int
    """With an alert."""
    per_patient_week: float
    """Seven days with at least one reading are a patient-week."""
    crossings: int
    """Readings that cross by themselves: alerts of a system that does nothing more."""
    patient_days: int
    """One alert for each patient, local day and side of such readings."""
    reduction_percent: float | None
    """Of `crossings` by `alerts`; null where nothing crosses."""


class StepCount(Struct, frozen=True, kw_only=True):
    """A step of the ladder, if nobody takes the alert on before."""

    step: int
    to: str
    after_min: int
    hours: str
    in_hours: int
    out_of_hours: int
    """Told while the clinic is closed."""


class PagedCount(Struct, frozen=True, kw_only=True):
    """Alerts of one severity, those to be checked included: they have a ladder too."""

    severity: Severity
    alerts: int
    in_hours: int
    """Opened while the clinic is staffed."""
    out_of_hours: int
    steps: list[StepCount]


class Moved(Struct, frozen=True, kw_only=True):
    """Of one rule's alerts, those for which the other side has nothing, or nothing as grave."""

    rule: str
    alerts: int
    unmatched: int
    milder: int
    """Matched by alerts of a lower severity only."""


class Comparison(Struct, frozen=True, kw_only=True):
    """An alert is matched by one of the same patient, kind of measurement and side whose episode
    overlaps with its own, of whatever rule.
    """

    name: str
    alerts: int
    """Of the other plan."""
    per_patient_week: float
    new: int
    """Of ours, matched by none of the other's."""
    graver: int
    """Of ours, matched by none of the other's that is as grave."""
    lost: int
    """Of the other's, matched by none of ours."""
    milder: int
    """Of the other's, matched by none of ours that is as grave."""
    new_by_rule: list[Moved]
    lost_by_rule: list[Moved]


class ActedOn(Struct, frozen=True, kw_only=True):
    """The past's alerts that a person resolved with an outcome that was no false alarm."""

    alerts: int
    lost: int
    """Nothing would have been raised at that time."""
    milder: int
    """Nothing as grave."""
    lost_by_rule: list[Moved]
    lost_alerts: list[str]
    """Their ids, at most 100."""


class DryRunResult(Struct, frozen=True, kw_only=True):
    limits: str
    since: dt.datetime | None
    """Of the first and the last valid reading."""
    until: dt.datetime | None
    readings: ReadingCount
    patients: int
    patient_days: int
    """Days with at least one valid reading, in the patients' own zones."""
    patient_weeks: float
    alerts: int
    per_patient_week: float
    late: int
    needs_check: int
    crossings: int
    reduction_percent: float | None
    rules: list[RuleCount]
    kinds_without_rules: dict[Kind, int]
    """Kinds that no rule judges -> how many valid readings of them there were."""
    paged: list[PagedCount]
    against: Comparison | None = None
    acted_on: ActedOn | None = None


def reduction(alerts: int, crossings: int) -> float | None:
    return round(100 * (1 - alerts / crossings), 1) if crossings else None


def per_week(alerts: int, patient_days: int) -> float:
    return round(alerts / (patient_days / 7), 3) if patient_days else 0.0
