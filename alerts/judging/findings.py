"""What an evaluation finds: episodes of rules, each with its facts, ready to become alerts."""

import datetime as dt
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from care.rules import Bound, Lane, RuleId, Severity
from vitals.kinds import Kind

Fact: TypeAlias = str | int | float | bool | list[str] | None


class Phase(StrEnum):
    AWAITING_REPEAT = "awaiting_repeat"  # A first value crossed; its repeat is not due yet.
    OPEN = "open"
    CLEARED = "cleared"


class ClearedWhy(StrEnum):
    GOOD_AGAIN = "good_again"  # Readings on the good side.
    PLAN_CHANGED = "plan_changed"  # The plan in force no longer has the rule.


class Reason(Struct, frozen=True, kw_only=True):
    """Why, as data: judging.words makes sentences of it for each reader. JSON can hold it."""

    code: str
    """A key of alerts.judging.words.SENTENCES."""
    facts: dict[str, Fact]
    """Instants are ISO 8601 in UTC; HI and LO are the strings `hi` and `lo`."""


class Evidence(Struct, frozen=True, kw_only=True):
    """One reading that an episode rests on."""

    reading: UUID
    at: dt.datetime
    value: float
    """The number judged, in the rule's unit; ±inf for HI and LO."""


class Finding(Struct, frozen=True, kw_only=True):
    """One episode of one rule of one patient, as of `now`. Instants are event time, UTC."""

    patient_id: UUID
    rule: RuleId
    """The plan's rule, or `check-` and the kind for doubtful readings."""
    kind: Kind
    plan_version: UUID
    """In force at onset; for an episode begun before `since`, at `since`."""
    severity: Severity
    """By the plan version in force at the latest reading that it rests on."""
    lane: Lane
    label: str
    latch: bool
    phase: Phase
    continued: bool
    """It began before `since` and was handed in; `readings` has those since then only."""
    onset_at: dt.datetime
    onset_reading: UUID | None
    """For a confirmed value the first of the two. None: handed in without one."""
    last_at: dt.datetime
    last_reading: UUID | None
    cleared_at: dt.datetime | None = None
    cleared_by: UUID | None = None
    """The good reading; None where the plan ended it."""
    cleared_why: ClearedWhy | None = None
    waits_until: dt.datetime | None = None
    """Until when a repeat may come, while awaiting one: evaluate again then."""
    count: int
    """Readings on the bad side, the onset's included."""
    metric: str | None
    """What `value` is a number of: a metric, a derived one; None for a flag and for `together`."""
    value: float
    """At `last_at`; ±inf for HI and LO, NaN where there is no number."""
    worst: float
    bound: Bound | None
    """The bound that the worst number crossed, where it is one of the plan's."""
    reason: Reason
    late: bool = False
    """Every reading it rests on came later than the plan's `late_after_hours`: pages nobody."""
    doubt: str | None = None
    """Why the latest reading may be wrong: a name of alerts.judging.artefacts.Doubt."""
    readings: tuple[Evidence, ...] = ()


def greater_is_worse(bound: Bound | None, reason: Reason | None) -> bool:
    """Of an episode's numbers, by the bound that they crossed; a moving one is told by its side."""
    if bound is not None:
        return bound.op.upward
    return reason is None or reason.facts.get("side") != "below"


class Dismissed(Struct, frozen=True, kw_only=True):
    """A first value that crossed and whose repeat did not: no alert, and why there is none."""

    patient_id: UUID
    rule: RuleId
    first_at: dt.datetime
    first_reading: UUID
    first_value: float
    repeat_at: dt.datetime
    repeat_reading: UUID
    repeat_value: float
