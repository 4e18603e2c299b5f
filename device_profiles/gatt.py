"""GATT names: short UUIDs of the services and characteristics that Hearthbeat knows."""

from typing import Final

# Services.
BLOOD_PRESSURE_SERVICE: Final = "1810"
GLUCOSE_SERVICE: Final = "1808"
HEALTH_THERMOMETER_SERVICE: Final = "1809"
DEVICE_INFORMATION_SERVICE: Final = "180a"
HEART_RATE_SERVICE: Final = "180d"
BATTERY_SERVICE: Final = "180f"
CURRENT_TIME_SERVICE: Final = "1805"
BODY_COMPOSITION_SERVICE: Final = "181b"
USER_DATA_SERVICE: Final = "181c"
WEIGHT_SCALE_SERVICE: Final = "181d"
PULSE_OXIMETER_SERVICE: Final = "1822"

# Measurements.
BLOOD_PRESSURE_MEASUREMENT: Final = "2a35"
INTERMEDIATE_CUFF_PRESSURE: Final = "2a36"
WEIGHT_MEASUREMENT: Final = "2a9d"
BODY_COMPOSITION_MEASUREMENT: Final = "2a9c"
GLUCOSE_MEASUREMENT: Final = "2a18"
PLX_SPOT_CHECK: Final = "2a5e"
PLX_CONTINUOUS: Final = "2a5f"
TEMPERATURE_MEASUREMENT: Final = "2a1c"
INTERMEDIATE_TEMPERATURE: Final = "2a1e"
HEART_RATE_MEASUREMENT: Final = "2a37"

# What stands beside them.
GLUCOSE_CONTEXT: Final = "2a34"
RECORD_ACCESS_CONTROL_POINT: Final = "2a52"
DATE_TIME: Final = "2a08"
CURRENT_TIME: Final = "2a2b"
BATTERY_LEVEL: Final = "2a19"

# Features: what a device says that it can do.
BLOOD_PRESSURE_FEATURE: Final = "2a49"
GLUCOSE_FEATURE: Final = "2a51"
PLX_FEATURES: Final = "2a60"
BODY_COMPOSITION_FEATURE: Final = "2a9b"
WEIGHT_SCALE_FEATURE: Final = "2a9e"

# Device information.
SYSTEM_ID: Final = "2a23"
MODEL_NUMBER: Final = "2a24"
SERIAL_NUMBER: Final = "2a25"
FIRMWARE_REVISION: Final = "2a26"
HARDWARE_REVISION: Final = "2a27"
SOFTWARE_REVISION: Final = "2a28"
MANUFACTURER_NAME: Final = "2a29"
PNP_ID: Final = "2a50"
UDI_FOR_MEDICAL_DEVICES: Final = "2bff"

# Not characteristics: the payload that Xiaomi scales advertise under these service UUIDs.
XIAOMI_WEIGHT_ADVERTISEMENT: Final = "181d-service-data"
XIAOMI_BODY_ADVERTISEMENT: Final = "181b-service-data"

_BASE: Final = "-0000-1000-8000-00805f9b34fb"
_SHORT_DIGITS: Final = 4
_MEDIUM_DIGITS: Final = 8


def full(short_uuid: str) -> str:
    """The 128-bit form that bleak speaks; a UUID that is already 128 bits long is only lowered."""
    lowered = short_uuid.lower()
    if len(lowered) == _SHORT_DIGITS:
        return f"0000{lowered}{_BASE}"
    return f"{lowered}{_BASE}" if len(lowered) == _MEDIUM_DIGITS else lowered


def short(full_uuid: str) -> str:
    """The 16-bit form where the UUID is Bluetooth's own; a vendor's UUID stays as it is."""
    lowered = full_uuid.lower()
    if lowered.startswith("0000") and lowered.endswith(_BASE):
        return lowered[4:8]
    return lowered
