"""Feature characteristics: what a device says that it can do. Descriptive, never needed to decode.

The resolutions in a scale's features do not scale its frames: a frame's step is always 5 g.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from device_profiles import gatt
from device_profiles.cursor import truncated

_BLOOD_PRESSURE: Final = (
    "body_movement",
    "cuff_fit",
    "irregular_pulse",
    "pulse_range",
    "position",
    "multiple_bonds",
    "e2e_crc",
    "user_data",
    "user_facing_time",
)
_GLUCOSE: Final = (
    "low_battery",
    "sensor_malfunction",
    "sample_size",
    "strip_insertion",
    "strip_type",
    "result_high_low",
    "temperature_high_low",
    "read_interrupted",
    "device_fault",
    "time_fault",
    "multiple_bonds",
)
_PLX: Final = (
    "measurement_status",
    "device_sensor_status",
    "measurement_storage",
    "time_stamp",
    "spo2_pulse_fast",
    "spo2_pulse_slow",
    "pulse_amplitude_index",
    "multiple_bonds",
)
_WEIGHT: Final = ("time_stamp", "multiple_users", "bmi")
_BODY_COMPOSITION: Final = (
    "time_stamp",
    "multiple_users",
    "basal_metabolism",
    "muscle_percentage",
    "muscle_mass",
    "fat_free_mass",
    "soft_lean_mass",
    "body_water_mass",
    "impedance",
    "weight",
    "height",
)
_LAYOUTS: Final[Mapping[str, tuple[int, tuple[str, ...]]]] = MappingProxyType(
    {
        gatt.BLOOD_PRESSURE_FEATURE: (2, _BLOOD_PRESSURE),
        gatt.GLUCOSE_FEATURE: (2, _GLUCOSE),
        gatt.PLX_FEATURES: (2, _PLX),
        gatt.WEIGHT_SCALE_FEATURE: (4, _WEIGHT),
        gatt.BODY_COMPOSITION_FEATURE: (4, _BODY_COMPOSITION),
    }
)
"""By UUID: the size of the word, and the names of its bits from bit 0."""

UUIDS: Final = tuple(_LAYOUTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The word, and the names of those bits that have one."""

    value: int
    names: tuple[str, ...]
    extra: bytes = b""


def decode(uuid: str, data: bytes) -> Features:
    """`uuid` is one of UUIDS. Raises DecodeError where the frame is too short."""
    size, names = _LAYOUTS[uuid]
    if len(data) < size:
        raise truncated(data, size)
    value = int.from_bytes(data[:size], "little")
    found = tuple(name for bit, name in enumerate(names) if value >> bit & 1)
    return Features(value=value, names=found, extra=data[size:])
