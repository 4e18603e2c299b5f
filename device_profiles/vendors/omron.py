"""Omron cuffs that speak the standard Blood Pressure Service (not the memory protocol)."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import BondPolicy, ClockPolicy, ClosePolicy, Profile, RecordAccess
from vitals.kinds import Kind

COMPANY_ID: Final = 0x020E

OMRON: Final = Profile(
    name="omron-standard",
    kinds=(Kind.BLOOD_PRESSURE,),
    services=(gatt.BLOOD_PRESSURE_SERVICE,),
    name_prefixes=("BLEsmart_", "BLESmart_", "X2 Smart", "X4 Smart", "BP5150", "OMRON"),
    company_ids=(COMPANY_ID,),
    measurements=(gatt.BLOOD_PRESSURE_MEASUREMENT,),
    # The cuff's own Security Request raises encryption on later connections: a second pair request
    # costs the bond (hass-omron#142), as does a CCCD written to zero at the end (#136).
    bond=BondPolicy.BEFORE,
    clock=ClockPolicy.CURRENT_TIME_2A2B,
    clock_service=gatt.CURRENT_TIME_SERVICE,
    records=RecordAccess.PUSHED,
    close=ClosePolicy.DISCONNECT,
    erases_on_read=True,
    sources="derdilla/blood-pressure-monitor-fl docs/bluetooth.md and #659 (X2 Smart+, X4 Smart, "
    "BP5150; download mode erases); eigger/hass-omron #136 #142 #163 (bond); ble_monitor#1003 "
    "(company 0x020E). The hold-off is assumed.",
)
