"""What should be in the queue, and what should not although it looks so."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from care.rules import Lane, Severity

GATEWAY_OFFLINE: Final = "gateway-offline"
GATEWAY_NEVER_ONLINE: Final = "gateway-never-online"
GATEWAY_TROUBLE: Final = "gateway-trouble"
FRAMES_UNDECODABLE: Final = "frames-undecodable"
DEVICE_UNSEEN: Final = "device-unseen"
BATTERY_LOW: Final = "battery-low"
CLOCK_FAULT: Final = "clock-fault"
BOND_LOST: Final = "bond-lost"
QUARANTINED: Final = "quarantined-readings"
AMBIGUOUS: Final = "ambiguous-readings"
MISSED: Final = "missed-measurements"

LABELS: Final = {
    GATEWAY_OFFLINE: "Hub offline",
    GATEWAY_NEVER_ONLINE: "Hub never online",
    GATEWAY_TROUBLE: "Hub in trouble",
    FRAMES_UNDECODABLE: "Data not understood",
    DEVICE_UNSEEN: "Device not seen",
    BATTERY_LOW: "Battery low",
    CLOCK_FAULT: "Clock wrong",
    BOND_LOST: "Pairing lost",
    QUARANTINED: "Readings held back",
    AMBIGUOUS: "Readings without an owner",
    MISSED: "Measurements missed",
}
RULES: Final = tuple(LABELS)


class Key(NamedTuple):
    """One item at a time."""

    subject_kind: str
    subject: str
    rule: str


class Item(Struct, frozen=True, kw_only=True):
    """One cause that stands."""

    key: Key
    onset_at: dt.datetime
    last_at: dt.datetime
    reason: dict[str, Any]
    """`code` and `facts`, as JSON can hold them. They move only with what is told of."""
    severity: Severity = Severity.MEDIUM
    patient_id: UUID | None = None
    plan_version: UUID | None = None
    readings: int = 0

    @property
    def lane(self) -> Lane:
        return Lane.COMPLIANCE if self.key.rule == MISSED else Lane.TECHNICAL


@dataclass(slots=True)
class Judged:
    """All of a clinic."""

    wanted: dict[Key, Item] = field(default_factory=dict)
    explained: dict[Key, str] = field(default_factory=dict)
    """It looks so, but its cause stands as an item of its own; why, in words."""
    unknown: set[Key] = field(default_factory=set)
    """Nothing is known that would begin or end it: what is kept stays as it is."""
    why_over: dict[Key, str] = field(default_factory=dict)
    """Where there is more to say than that it is over."""


def reason(rule: str, **facts: Any) -> dict[str, Any]:
    return {"code": rule.replace("-", "_"), "facts": facts}


def iso(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(dt.UTC).isoformat()
