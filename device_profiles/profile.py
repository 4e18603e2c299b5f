"""A profile: all that one model of device needs, as data. The gateway's session reads it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from device_profiles import gatt
from device_profiles.glucose_context import MEALS
from vitals.kinds import Kind
from vitals.reading import Measurement


class BondPolicy(StrEnum):
    """When the gateway bonds with the device. One that is bonded already is not asked again."""

    BEFORE = "before"  # Right after connecting, before any service is touched.
    ON_ERROR = "on_error"  # When the device refuses something for want of encryption.
    NEVER = "never"


class ClockPolicy(StrEnum):
    """How the device's clock is read and set."""

    NONE = "none"
    DATE_TIME_2A08 = "date_time_2a08"
    CURRENT_TIME_2A2B = "current_time_2a2b"
    VENDOR = "vendor"  # By a frame of the maker's own: see Profile.vendor_clocks.


class RecordAccess(StrEnum):
    """How stored records come out."""

    NONE = "none"  # The device has no memory, or none that it tells of.
    PUSHED = "pushed"  # One indication after another, once we have subscribed.
    RACP = "racp"  # On request at the Record Access Control Point.


class ClosePolicy(StrEnum):
    """How a session ends."""

    DISCONNECT = "disconnect"
    STOP_NOTIFY = (
        "stop_notify"  # Unsubscribe first. Costs Omron cuffs their bond: never the default.
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorClock:
    """A maker's own way to set the clock, tried where the service is found."""

    service: str
    characteristic: str
    ask: bytes
    """Written to be told the time, in a notification of the same characteristic."""
    decode: Callable[[bytes], dt.datetime | None]
    """That notification's local digits (naive). None where unknown. Raises DecodeError."""
    encode: Callable[[dt.datetime], bytes]
    """Local digits (naive) to the frame that sets them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One model, or a family of models that behave alike."""

    name: str
    kinds: tuple[Kind, ...]
    services: tuple[str, ...]
    """Short UUIDs that it advertises: what to scan for."""
    name_prefixes: tuple[str, ...] = ()
    """How its advertised names begin. Without any, the services alone decide."""
    company_ids: tuple[int, ...] = ()
    """Bluetooth company identifiers in its advertisements."""
    measurements: tuple[str, ...]
    """Characteristics to subscribe to, in this order; RACP comes last of all."""
    bond: BondPolicy = BondPolicy.ON_ERROR
    passkey: bool = False
    """Shows a passkey that a person must enter once."""
    clock: ClockPolicy = ClockPolicy.NONE
    clock_service: str | None = None
    """The service that holds the clock's characteristic, where it is not its own."""
    vendor_clocks: tuple[VendorClock, ...] = ()
    records: RecordAccess = RecordAccess.NONE
    settle_ms: int = 0
    """Wait after connecting, before services are discovered."""
    racp_settle_ms: int = 0
    """Wait before the first request at the control point, and between two requests."""
    idle_close_s: float = 5
    """Silence after which all has been sent."""
    holdoff_s: float = 10
    """How long after a session the device is left alone, or it is "seen" again while closing."""
    close: ClosePolicy = ClosePolicy.DISCONNECT
    erases_on_read: bool = False
    """Forgets a record once it is sent: what is not on our disk then is lost."""
    patch: Callable[[str, bytes], bytes] | None = None
    """A frame as sent, to the layout of the standard. Must not raise, whatever the bytes."""
    amend: Callable[[Measurement], Measurement] | None = None
    """A measurement as decoded, to what the maker means by it. Must not raise."""
    meals: Mapping[int, str] = field(default_factory=lambda: MEALS, hash=False)
    """Names of the meal codes in glucose contexts."""
    advertised: bool = False
    """The result is in the advertisement: no connection is made."""
    sources: str
    """Where its behaviour is documented, and what is assumed."""

    @property
    def clock_characteristic(self) -> str | None:
        """The standard characteristic of its clock."""
        return {
            ClockPolicy.DATE_TIME_2A08: gatt.DATE_TIME,
            ClockPolicy.CURRENT_TIME_2A2B: gatt.CURRENT_TIME,
        }.get(self.clock)
