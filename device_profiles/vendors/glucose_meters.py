"""Glucose meters on the standard Glucose Service: Accu-Chek Guide and Contour Next One."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import BondPolicy, ClockPolicy, Profile, RecordAccess
from vitals.kinds import Kind

ACCU_CHEK_GUIDE: Final = Profile(
    name="accu-chek-guide",
    kinds=(Kind.GLUCOSE,),
    services=(gatt.GLUCOSE_SERVICE,),
    name_prefixes=("meter+",),
    measurements=(gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT),
    bond=BondPolicy.BEFORE,
    passkey=True,
    clock=ClockPolicy.NONE,
    records=RecordAccess.RACP,
    sources="xDrip#208 #308, blessed-android#35, Android-nRF-Toolbox#91 (passkey, pairing mode, a "
    "strip put in drops the link with 0x13, data only in transfer mode or just after a test); "
    "Juggluco#400 (the phone steals the link). That the clock is left alone is our choice: the "
    "base time must not be moved from outside.",
)

CONTOUR_NEXT_ONE: Final = Profile(
    name="contour-next-one",
    kinds=(Kind.GLUCOSE,),
    services=(gatt.GLUCOSE_SERVICE,),
    name_prefixes=("Contour",),
    measurements=(gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT),
    bond=BondPolicy.BEFORE,
    clock=ClockPolicy.CURRENT_TIME_2A2B,
    clock_service=gatt.CURRENT_TIME_SERVICE,
    records=RecordAccess.RACP,
    settle_ms=600,
    sources="xDrip BluetoothGlucoseMeter.java (600 ms after connecting, discovery retried), #1076 "
    "and #761 (bond lost after a day, or a Bluetooth restart); blessed-kotlin needsBonding. One "
    "reading at least must be stored, or the meter offers no data.",
)
