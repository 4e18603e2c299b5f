"""The messages of version 1. Readings are strict; the others let later fields pass unread."""

from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from vitals.reading import AwareTime, DeviceAddress, Drift, Reading

VERSION: Final = 1
MOST_READINGS: Final = 500
MOST_BYTES: Final = 256 * 1024
"""Of one message's payload: checked before anything is parsed."""
MOST_DEVICES: Final = 1000
MOST_UDI: Final = 256
"""Characters: as many as `vitals.udi` reads."""

Version = Literal[1]
Sequence = Annotated[int, Meta(ge=0, le=2**62)]
Text = Annotated[str, Meta(max_length=64)]
Reason = Annotated[str, Meta(max_length=64)]


class Readings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """gateway -> ingest: what was measured."""

    v: Version
    sent_at: AwareTime
    """The gateway's clock when this message was made: with `received_at`, how far off it is."""
    readings: Annotated[list[Reading], Meta(min_length=1, max_length=MOST_READINGS)]


class Refusal(Struct, frozen=True, kw_only=True):
    """A reading that is kept but does not count (quarantined), or can't be kept (rejected)."""

    id: UUID
    reason: Reason


class Receipts(Struct, frozen=True, kw_only=True):
    """ingest -> gateway, only after the commit. A duplicate is answered `committed` again."""

    v: Version = 1
    committed: list[UUID] = []
    quarantined: list[Refusal] = []
    rejected: list[Refusal] = []


class DeviceStatus(Struct, frozen=True, kw_only=True):
    """What the gateway knows of one device."""

    device: DeviceAddress
    battery: Annotated[int, Meta(ge=0, le=100)] | None = None
    """Percent."""
    last_seen: AwareTime | None = None
    clock_drift_s: Drift | None = None
    trouble: Text | UnsetType = UNSET
    """What a person must put right, in a word: `bond_lost`. Left out when all is well."""
    udi: Annotated[str, Meta(max_length=MOST_UDI)] | UnsetType = UNSET
    """What the device says that it is, as it stands in print; left out where it says nothing."""


class Presence(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"  # Said by the gateway in leaving, or by the broker as its last will.


class Status(Struct, frozen=True, kw_only=True):
    """gateway -> ingest, retained."""

    v: Version = 1
    state: Presence
    version: Text = ""
    """The gateway's software."""
    queue_depth: Annotated[int, Meta(ge=0, le=2**62)] = 0
    """Readings without a receipt."""
    devices: Annotated[list[DeviceStatus], Meta(max_length=MOST_DEVICES)] = []
    last_seq: Sequence | None = None
    """The highest outbox number given out, so that the server can name what is missing."""
    at: AwareTime | None = None
    """The gateway's clock; None in a last will, which is written before its time."""
    trouble: Text | UnsetType = UNSET
    """What keeps the gateway from its work: `no Bluetooth adapter`. Left out when nothing does."""
    undecodable: Annotated[int, Meta(ge=0, le=2**62)] | UnsetType = UNSET
    """Frames that are kept at the gateway because they cannot be decoded; left out when none."""


class KnownDevice(Struct, frozen=True, kw_only=True):
    """A device that belongs to this home."""

    device: DeviceAddress
    profile: Text = ""
    """A name in the device catalogue; empty: find out by its services."""
    passkey: Annotated[str, Meta(pattern=r"^[0-9]{6}$")] | None = None

    def _masked(self) -> str:
        """Without the passkey: a repr ends in logs."""
        known = "None" if self.passkey is None else "'******'"
        return f"KnownDevice(device={self.device!r}, profile={self.profile!r}, passkey={known})"

    __repr__ = _masked


class TimePolicy(Struct, frozen=True, kw_only=True):
    """How the gateway treats the clocks of its devices."""

    set_clocks: bool = True
    """Write the device's clock where its profile can."""
    agree_within_s: Annotated[float, Meta(ge=0, le=86_400)] = 60.0
    """A device clock this near to the gateway's is believed as it is."""


class MeasureAgain(Struct, frozen=True, kw_only=True):
    """A request to the people at home. It names a device, and nobody."""

    device: DeviceAddress
    kind: Text
    """What to measure: a `vitals.kinds.Kind`, or one that this version does not know yet."""
    until: AwareTime
    """Later, nobody waits for it any more."""


class Commands(Struct, frozen=True, kw_only=True):
    """ingest -> gateway, retained: the whole of what the clinic wants, replaced as a whole."""

    v: Version = 1
    devices: Annotated[list[KnownDevice], Meta(max_length=MOST_DEVICES)] | None = None
    """The home's devices; None: nothing is said, keep what you know."""
    resend_from: Sequence | None = None
    """Send everything from this outbox number on again, receipted or not."""
    repeat: Annotated[list[UUID], Meta(max_length=MOST_READINGS)] | None = None
    """Send these readings again."""
    time_zone: Text | None = None
    """The home's IANA zone."""
    time_policy: TimePolicy | None = None
    at: AwareTime | None = None
    """When the clinic said so; a gateway carries out the same `resend_from` and `at` once."""
    measure_again: Annotated[list[MeasureAgain], Meta(max_length=MOST_DEVICES)] | UnsetType = UNSET
    """What the home is asked to measure again, all of it; left out when nothing is."""


EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 9998
"""Years that PostgreSQL, Python and every offset between them agree about."""
