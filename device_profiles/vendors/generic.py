"""Any device that follows the Bluetooth standard."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import ClockPolicy, Profile, RecordAccess
from vitals.kinds import Kind

GENERIC: Final = Profile(
    name="generic",
    kinds=tuple(Kind),
    services=(
        gatt.BLOOD_PRESSURE_SERVICE,
        gatt.WEIGHT_SCALE_SERVICE,
        gatt.BODY_COMPOSITION_SERVICE,
        gatt.GLUCOSE_SERVICE,
        gatt.PULSE_OXIMETER_SERVICE,
        gatt.HEALTH_THERMOMETER_SERVICE,
    ),
    # Not scanned for: the Heart Rate Service. Every neighbour's watch advertises it; a heart rate
    # sensor is read when it has been enrolled. Nor is continuous oximetry subscribed to.
    measurements=(
        gatt.BLOOD_PRESSURE_MEASUREMENT,
        gatt.WEIGHT_MEASUREMENT,
        gatt.BODY_COMPOSITION_MEASUREMENT,
        gatt.GLUCOSE_MEASUREMENT,
        gatt.GLUCOSE_CONTEXT,
        gatt.PLX_SPOT_CHECK,
        gatt.TEMPERATURE_MEASUREMENT,
        gatt.HEART_RATE_MEASUREMENT,
    ),
    clock=ClockPolicy.CURRENT_TIME_2A2B,
    clock_service=gatt.CURRENT_TIME_SERVICE,
    records=RecordAccess.RACP,
    sources="Bluetooth SIG: BLS, WSS, BCS, GLS, PLXS, HTS, HRS, CTS and their XML descriptions. "
    "Whatever of it the device does not have is passed over.",
)
