"""Nonin 3230 finger oximeter."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import ClockPolicy, Profile, RecordAccess
from vitals.kinds import Kind

NONIN_SERVICE: Final = "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b"

NONIN_3230: Final = Profile(
    name="nonin-3230",
    kinds=(Kind.OXIMETRY,),
    services=(gatt.PULSE_OXIMETER_SERVICE, NONIN_SERVICE),
    name_prefixes=("Nonin3230",),
    measurements=(gatt.PLX_SPOT_CHECK,),
    clock=ClockPolicy.CURRENT_TIME_2A2B,
    clock_service=gatt.CURRENT_TIME_SERVICE,
    records=RecordAccess.PUSHED,
    holdoff_s=10,
    sources="pi-health-hub (hold-off 10 s); Nonin's sample application and others for the private "
    "service 46a970e0-..., which is scanned for but not decoded. The continuous measurement, one a "
    "second, is left alone. Clock and bond are assumed.",
)
