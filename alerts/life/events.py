"""What can happen to an alert: found by rules, said by the clock, done by people."""

import datetime as dt
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from msgspec import Struct

from alerts.life.alert import Outcome
from care.rules import Severity


class Opened(Struct, frozen=True, kw_only=True):
    """A rule found it."""

    name: ClassVar[str] = "opened"
    why: str = ""


class Confirmed(Struct, frozen=True, kw_only=True):
    """The repeat crossed too, or none came in time."""

    name: ClassVar[str] = "confirmed"
    why: str


class Worse(Struct, frozen=True, kw_only=True):
    """A reading of the episode is worse than any before it."""

    name: ClassVar[str] = "worse"
    severity: Severity
    value: float | None = None


class Cleared(Struct, frozen=True, kw_only=True):
    """The values are good again."""

    name: ClassVar[str] = "cleared"
    at: dt.datetime
    why: str


class Recurred(Struct, frozen=True, kw_only=True):
    """What was thought over is not: a reading that came late lies within the episode."""

    name: ClassVar[str] = "recurred"


class Withdrawn(Struct, frozen=True, kw_only=True):
    """It never was: what is known now does not bear it."""

    name: ClassVar[str] = "withdrawn"
    why: str


class Reinstated(Struct, frozen=True, kw_only=True):
    """It was withdrawn, and is there again: the reading was given back, for one."""

    name: ClassVar[str] = "reinstated"
    why: str = ""


class StepDue(Struct, frozen=True, kw_only=True):
    """A step of the ladder: nobody has taken it on."""

    name: ClassVar[str] = "step_due"
    generation: int
    step: int


class TooLongAcknowledged(Struct, frozen=True, kw_only=True):
    """Taken on, and neither resolved nor noted since."""

    name: ClassVar[str] = "acknowledgement_expired"


class SnoozeEnded(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "snooze_ended"


class ClearedLongAgo(Struct, frozen=True, kw_only=True):
    """It does not latch, and its values have been good for long."""

    name: ClassVar[str] = "auto_closed"


class Claim(Struct, frozen=True, kw_only=True):
    """Somebody is looking; a lease on the queue row, not a state."""

    name: ClassVar[str] = "claimed"
    actor: UUID


class Release(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "released"
    actor: UUID


class Acknowledge(Struct, frozen=True, kw_only=True):
    """Somebody takes it on."""

    name: ClassVar[str] = "acknowledged"
    actor: UUID
    note: str = ""


class Snooze(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "snoozed"
    actor: UUID
    until: dt.datetime
    reason: str = ""


class Escalate(Struct, frozen=True, kw_only=True):
    """A person hands it up."""

    name: ClassVar[str] = "escalated"
    actor: UUID
    reason: str = ""


class Resolve(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "resolved"
    actor: UUID
    outcome: Outcome
    note: str
    minutes: int | None = None
    """Spent on it, for the time log."""


class Reopen(Struct, frozen=True, kw_only=True):
    """Take back an acknowledgement, a snooze or a resolution."""

    name: ClassVar[str] = "reopened"
    actor: UUID
    reason: str = ""


class Note(Struct, frozen=True, kw_only=True):
    name: ClassVar[str] = "noted"
    actor: UUID
    text: str


ByRules: TypeAlias = Opened | Confirmed | Worse | Cleared | Recurred | Withdrawn | Reinstated
ByClock: TypeAlias = StepDue | TooLongAcknowledged | SnoozeEnded | ClearedLongAgo
ByPerson: TypeAlias = Claim | Release | Acknowledge | Snooze | Escalate | Resolve | Reopen | Note
Event: TypeAlias = ByRules | ByClock | ByPerson


def actor_of(event: Event) -> UUID | None:
    """Who did it; None is Hearthbeat itself."""
    return getattr(event, "actor", None)


def told(event: Event) -> str:
    """What the person or the rule said about it, in the words they used."""
    for field in ("reason", "note", "text", "why"):
        said = getattr(event, field, "")
        if said:
            return str(said)
    return ""


def facts(event: Event) -> dict[str, Any]:
    """The rest of it, for the log."""
    left_out = {"actor", "reason", "note", "text", "why"}
    return {
        field: value
        for field in event.__struct_fields__
        if field not in left_out and (value := getattr(event, field)) is not None
    }
