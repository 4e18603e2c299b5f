"""A measurement as a device sent it, and a reading: that with its identity and provenance.

`Reading` is the one model that travels from the home to the table. The wire (version 1) is its JSON
encoding, field for field; the readings table holds the same names. A change of meaning is a new
schema version, not an edit here; tests/golden pins version 1.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

from vitals.flags import Special
from vitals.kinds import Kind


class TimeQuality(StrEnum):
    """Which clock `measured_at` rests on."""

    DEVICE = "device"  # The device's own clock: it agreed with the gateway's, or could not be read
    # and shows a time that can be true; `context.time_rule` says which.
    CORRECTED = "corrected"  # The device's clock, shifted by the drift measured in that session.
    GATEWAY = "gateway"  # When the gateway received it: the device gave no time worth believing.


DeviceAddress = Annotated[str, Meta(min_length=1, max_length=64)]
AwareTime = Annotated[dt.datetime, Meta(tz=True)]
LocalDigits = Annotated[dt.datetime, Meta(tz=False)]
Small = Annotated[int, Meta(ge=0, le=0xFFFF_FFFF)]
DRIFT_MOST_S: Final = dt.timedelta(days=dt.date.max.toordinal()).total_seconds()
"""No two times are further apart: whatever a gateway can have measured is within it."""
Drift = Annotated[float, Meta(ge=-DRIFT_MOST_S, le=DRIFT_MOST_S)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Context = dict[Name, Annotated[str, Meta(max_length=64)] | float]
SAID_BY_THE_GATEWAY: Final = frozenset({"time_rule", "context_record"})
"""Context keys in which the gateway explains itself: another gateway may say otherwise."""


class Measurement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one frame says, in canonical units. No identity, no believed time, no judgement."""

    kind: Kind
    values: dict[str, float]
    flags: tuple[str, ...] = ()
    device_time: LocalDigits | None = None
    """The device's own date and time digits; it has no zone. None where unknown or impossible."""
    sequence: int | None = None
    user: int | None = None
    """The device's user slot; None where not sent, or sent as 255 (unknown)."""
    special: dict[str, Special] = {}
    context: Context = {}
    """What surrounds the measurement: `meal`, `sample`, `site`, carbohydrate and the like."""
    details: dict[str, bool | int | float | str | list[int] | None] = {}
    """Everything else in the frame, raw: status words, reserved bits, trailing bytes as hex."""
    result: bool = True
    """False where the frame is no final result: a cuff still inflating, a weight not yet still."""


class Reading(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One act of measurement, identified, timed and provable. Never changed after it is made."""

    id: UUID
    """Deterministic: see vitals.identity."""
    device: DeviceAddress
    kind: Kind
    measured_at: AwareTime
    """The believed instant, with the offset from UTC that the home had then."""
    time_quality: TimeQuality
    values: dict[str, float]
    device_time: LocalDigits | None = None
    clock_drift_s: Drift | None = None
    """Device clock minus gateway clock, seconds, where the device clock was read then."""
    sequence: Small | None = None
    """The device's own record number."""
    user: Annotated[int, Meta(ge=0, le=255)] | None = None
    special: dict[str, Special] = {}
    flags: Annotated[tuple[Name, ...], Meta(max_length=32)] = ()
    context: Context = {}
    frame: Annotated[str, Meta(max_length=1024)] = ""
    """The frame as received, lower-case hex."""
    profile: Annotated[str, Meta(max_length=64)] = ""
    seq: Annotated[int, Meta(ge=0, le=2**62)] | None = None
    """The gateway's gapless outbox number; None from a hub that has no outbox."""
