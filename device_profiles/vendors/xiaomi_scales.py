"""Xiaomi scales: the result is in the advertisement, and no connection is made."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import BondPolicy, Profile
from vitals.kinds import Kind

_SOURCES: Final = (
    "Bluetooth-Devices/xiaomi-ble, eisaev/blevalueparser, openScale. The same frame repeats for "
    "minutes: its own time tells one weighing from the next, though the clock often says 1970. "
    "S200 and S400 are encrypted and not supported."
)

SCALE_1: Final = Profile(
    name="xiaomi-scale1",
    kinds=(Kind.WEIGHT,),
    services=(gatt.WEIGHT_SCALE_SERVICE,),
    name_prefixes=("MI SCALE", "MI_SCALE"),
    measurements=(gatt.XIAOMI_WEIGHT_ADVERTISEMENT,),
    bond=BondPolicy.NEVER,
    holdoff_s=0,
    advertised=True,
    sources=_SOURCES,
)

SCALE_2: Final = Profile(
    name="xiaomi-mibfs",
    kinds=(Kind.WEIGHT,),
    services=(gatt.BODY_COMPOSITION_SERVICE,),
    name_prefixes=("MIBCS", "MIBFS"),
    measurements=(gatt.XIAOMI_BODY_ADVERTISEMENT,),
    bond=BondPolicy.NEVER,
    holdoff_s=0,
    advertised=True,
    sources=_SOURCES,
)
