"""Programmes and plans: what a clinic does for a kind of patient, and what it does for this one.

A programme is a data file of one version, never changed once it is in use. A plan is a programme
with a patient's overrides put in, in force for a span of time; alerts name the plan version that
raised them.
"""

import datetime as dt
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from msgspec import Meta, Struct

from care.rules import Line, Name, Rule, RuleId, Severity, Words
from vitals.kinds import Kind

# `$` alone lets a line feed follow.
Slug: TypeAlias = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$(?!\\n)", max_length=64)]
Clock: TypeAlias = Annotated[str, Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\\n)")]
"""A time of day on the wall; `24:00` ends a day."""
Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Slot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the day in which a measurement is expected, in the patient's zone: [from, to)."""

    name: Name
    start: Clock
    end: Clock
    readings: Annotated[int, Meta(ge=1, le=10)] = 1


class Measure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of measurement that is asked of the patient, and when."""

    kind: Kind
    slots: Annotated[tuple[Slot, ...], Meta(min_length=1, max_length=24)]
    days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)] = WEEK
    missing_after_days: Annotated[int, Meta(ge=1, le=30)] = 2
    """So many days in a row with slots missed make one item; None of them is an alert itself."""
    remind_after_min: Annotated[int, Meta(ge=0, le=1440)] | None = None
    """Remind the patient so long after a slot began without a reading; None: never."""


class WorkingHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the clinic is staffed, on its own wall clock."""

    days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    start: Clock = "08:00"
    end: Clock = "18:00"


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung: who is told, how long after the alert opened, if nobody has taken it on."""

    after_min: Annotated[int, Meta(ge=0, le=43200)]
    to: Literal["care_team", "nurse", "clinician", "admin", "on_call"]
    """`care_team`: those of the patient's own team; a role: the team's first, else anybody with
    that role; `on_call`: whoever the schedule names at that minute."""
    hours: Literal["working", "always"] = "working"
    """`working`: minutes outside of working hours do not count, and nobody is told then."""


class Ladder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens to an alert of one severity that nobody takes on."""

    severity: Severity
    steps: Annotated[tuple[Step, ...], Meta(max_length=20)] = ()
    acknowledge_min: Annotated[int, Meta(ge=1, le=43200)] | None = None
    """Aim: taken on within so many minutes; shown as late after. Staffed minutes, unless the
    ladder has a step that knows no closing time."""
    reopen_after_min: Annotated[int, Meta(ge=1, le=43200)] | None = None
    """Acknowledged but neither resolved nor noted for so long: open again."""


class Silence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What keeps noise down, and how long it may."""

    late_after_hours: Annotated[int, Meta(ge=1, le=168)] = 24
    """A reading that arrives later than this after it was measured pages nobody."""
    snooze_max_hours: Annotated[int, Meta(ge=1, le=168)] = 72
    claim_min: Annotated[int, Meta(ge=1, le=60)] = 10
    """A claim that is not renewed ends after so long."""
    auto_close_after_hours: Annotated[int, Meta(ge=1, le=720)] = 72
    """An alert that does not latch and has cleared leaves the queue after so long, visibly."""
    gateway_offline_min: Annotated[int, Meta(ge=5, le=10080)] = 60
    device_unseen_days: Annotated[int, Meta(ge=1, le=60)] = 3
    battery_low_percent: Annotated[int, Meta(ge=1, le=50)] = 20
    clock_drift_s: Annotated[int, Meta(ge=60, le=86400)] = 300


RULES_MOST: Final = 100
"""Each costs its share of every evaluation; no protocol that we know of has a third of it."""
Measures: TypeAlias = Annotated[tuple[Measure, ...], Meta(max_length=50)]
Rules: TypeAlias = Annotated[tuple[Rule, ...], Meta(max_length=RULES_MOST)]
Ladders: TypeAlias = Annotated[tuple[Ladder, ...], Meta(max_length=8)]


class Programme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of one programme file."""

    id: Slug
    version: Annotated[int, Meta(ge=1, le=1_000_000_000)]
    title: Line
    about: Words = ""
    sources: Annotated[tuple[Words, ...], Meta(max_length=50)] = ()
    signed_off_by: Line = ""
    """The clinical lead who answers for it, and when; empty: only suggested."""
    length_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    """How long an episode of it usually is; None: as long as it is needed."""
    measures: Measures
    rules: Rules
    ladders: Ladders
    hours: WorkingHours = WorkingHours()
    silence: Silence = Silence()


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of a programme's rule for one patient: the fields that differ."""

    rule: RuleId
    set: dict[str, Any]
    """Field -> value, as in a programme file; checked like one."""


class Overrides(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a patient's plan changes in its programme."""

    rules: Annotated[tuple[Override, ...], Meta(max_length=RULES_MOST)] = ()
    add_rules: Rules = ()
    measures: Measures | None = None
    """In place of the programme's, all of them."""
    ladders: Ladders | None = None
    silence: Silence | None = None


class Resolved(Struct, frozen=True, kw_only=True):
    """What came of a programme and a patient's overrides."""

    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...]
    """Switched-off ones left out."""
    ladders: tuple[Ladder, ...]
    hours: WorkingHours
    silence: Silence


class Plan(Struct, frozen=True, kw_only=True):
    """What holds for one patient from `effective_from` until before `effective_to`."""

    id: UUID
    """Of the plan version: what an alert names."""
    organisation_id: UUID
    patient_id: UUID
    version: int
    """1, 2, 3 … per patient."""
    effective_from: dt.datetime
    effective_to: dt.datetime | None
    programme: str
    programme_version: int
    overrides: Overrides
    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...]
    """Resolved, switched-off ones left out."""
    ladders: tuple[Ladder, ...]
    hours: WorkingHours
    silence: Silence
