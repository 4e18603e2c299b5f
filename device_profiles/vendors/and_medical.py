"""A&D Medical: the clock sits inside the measurement's own service and is set before anything."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import BondPolicy, ClockPolicy, Profile, RecordAccess
from vitals.kinds import Kind

_SOURCES: Final = (
    "HEADS-project/ThingML-BLE AND_Medical_UC352BLE.md (2A08 inside the service); pi-health-hub "
    "WeightServiceHandler, ServiceHandler (time first, 2 s of silence, hold-off); blessed-kotlin "
    "needsBonding (bond before GATT); andengineering/AndroidSampleCode#1 (E10 outside pairing mode)"
)

UA_651BLE: Final = Profile(
    name="and-ua-651ble",
    kinds=(Kind.BLOOD_PRESSURE,),
    services=(gatt.BLOOD_PRESSURE_SERVICE,),
    name_prefixes=("A&D_UA-651", "A&D_UC-651", "UA-651"),
    measurements=(gatt.BLOOD_PRESSURE_MEASUREMENT,),
    bond=BondPolicy.BEFORE,
    clock=ClockPolicy.DATE_TIME_2A08,
    clock_service=gatt.BLOOD_PRESSURE_SERVICE,
    records=RecordAccess.PUSHED,
    idle_close_s=2,
    holdoff_s=10,
    erases_on_read=True,
    sources=_SOURCES,
)

UC_352BLE: Final = Profile(
    name="and-uc-352ble",
    kinds=(Kind.WEIGHT,),
    services=(gatt.WEIGHT_SCALE_SERVICE,),
    name_prefixes=("A&D_UC-352", "UC-352"),
    measurements=(gatt.WEIGHT_MEASUREMENT,),
    bond=BondPolicy.BEFORE,
    clock=ClockPolicy.DATE_TIME_2A08,
    clock_service=gatt.WEIGHT_SCALE_SERVICE,
    records=RecordAccess.PUSHED,
    idle_close_s=2,
    holdoff_s=15,
    erases_on_read=True,
    sources=_SOURCES + "; openScale#1505 (UC-352BLE)",
)
