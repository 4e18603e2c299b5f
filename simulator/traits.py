"""What a simulated device is like when nothing is wrong with it; by profile, or as told."""

import zlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from device_profiles import catalog
from device_profiles.profile import BondPolicy, ClockPolicy, Profile
from device_profiles.vendors.beurer import BM85
from device_profiles.vendors.caresens import CARESENS
from simulator.bonding import Bonding
from vitals.nameplates import nameplate_of
from vitals.udi.gs1 import check_digit

SERIAL_MAX: Final = 20
"""Characters of a serial number in a UDI."""
PASSKEY: Final = 271_828
"""Printed on every simulated meter that has one, unless told otherwise."""


class ClockAccess(StrEnum):
    """Where a gateway finds the device's clock."""

    NONE = "none"
    DATE_TIME = "date_time"  # 0x2A08 inside the measurement service, as A&D has it.
    CURRENT_TIME = "current_time"  # 0x2A2B in the Current Time Service 0x1805.
    CARESENS = "caresens"  # Asked and set by frames to 0xFFF1 in 0xFFF0; cannot be read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The device's nature. UUIDs are short ones."""

    name: str = "Virtual"
    services: tuple[str, ...] = ()
    """Advertised. Empty: the services that it measures with."""
    company: tuple[int, bytes] | None = None
    """Maker's data in the scan response: Bluetooth company identifier and bytes."""
    public: bool = True
    """A public address, as most cuffs have; else a random static one (first digit C to F)."""
    connectable: bool = True
    """False: all that it has to say is in its advertisement."""
    bonding: Bonding = Bonding.NONE
    passkey: int = PASSKEY
    """One to six digits, not 0; shown where bonding is by passkey."""
    clock: ClockAccess = ClockAccess.NONE
    beurer_layout: bool = False
    """Blood pressure frames as the Beurer BM85 sends them."""
    out_of_range_numbers: bool = False
    """HI and LO of glucose as 601 and 19, without status bits, as i-SENS meters send them."""

    manufacturer: str = "Hearthbeat"
    model: str = "Virtual"
    serial: str = "000001"
    firmware: str = "1.0.0"
    udi: str = ""
    """As it stands in print, of GS1. Empty: the device does not say."""
    battery: int = 90
    """Per cent."""

    capacity: int = 1000
    """Records that fit; the oldest makes room for a new one, as on the real thing."""
    keeps_records: bool = False
    """Nothing leaves the device when it is collected: each session brings everything again."""
    advertising_interval_ms: float = 100
    lingers_s: float = 0
    """Goes on advertising for so long after a session that left nothing to collect."""
    start_delay_s: float = 0.02
    """From the last subscription to the first record."""
    frame_gap_s: float = 0
    """Between records. Real cuffs take about 0.1 s for each."""


def traits_of(profile: str = "generic", *, serial: str = "000001", **others: Any) -> Traits:
    """A device of this profile; `others` are fields of Traits. Raises UnknownProfile."""
    known = catalog.by_name(profile)
    prefix = known.name_prefixes[0] if known.name_prefixes else "Virtual"
    traits = Traits(
        name=f"{prefix}_{serial}"[:_NAME_MAX],
        services=() if known is catalog.GENERIC else known.services,
        company=(known.company_ids[0], b"\x01\x00") if known.company_ids else None,
        bonding=_bonding(known),
        clock=_CLOCKS[known.clock],
        beurer_layout=known is BM85,
        out_of_range_numbers=known is CARESENS,
        manufacturer=nameplate_of(known.name).maker or "Hearthbeat",
        model=known.name,
        serial=serial,
        udi=made_up_udi(known.name, serial),
    )
    return replace(traits, **others)


def made_up_udi(profile: str, serial: str) -> str:
    """Valid, and of no product: GS1 leaves numbers from 20 on to whoever wants them in house."""
    body = f"020{zlib.crc32(profile.encode()):010}"
    return f"(01){body}{check_digit(body)}(21){serial[-SERIAL_MAX:]}"


def _bonding(profile: Profile) -> Bonding:
    if profile is catalog.GENERIC or profile.bond == BondPolicy.NEVER:
        return Bonding.NONE
    return Bonding.PASSKEY if profile.passkey else Bonding.JUST_WORKS


_NAME_MAX: Final = 24
"""Leaves room for maker's data in the 31 bytes of a scan response."""
_CLOCKS: Final = {
    ClockPolicy.NONE: ClockAccess.NONE,
    ClockPolicy.DATE_TIME_2A08: ClockAccess.DATE_TIME,
    ClockPolicy.CURRENT_TIME_2A2B: ClockAccess.CURRENT_TIME,
    ClockPolicy.VENDOR: ClockAccess.CARESENS,
}
