"""Beurer BM85: a cuff whose frames only look like the standard's."""

from typing import Final

from device_profiles import gatt
from device_profiles.profile import Profile, RecordAccess
from vitals.kinds import Kind

# Flags as sent: time, pulse, status, and bit 6, which the standard reserves. The user's slot is
# always there although bit 3, that should announce it, is clear.
_SENT: Final = 0x56
_MEANT: Final = 0x1E
_MEAN_AT: Final = 5
_PULSE_AT: Final = 14
_USER_AT: Final = 16
_STATUS_AT: Final = 17
_SIZE: Final = 19
_NAN: Final = b"\xff\x07"


def standard_layout(uuid: str, data: bytes) -> bytes:
    """Pulse and status are big-endian here, and the mean pressure, never measured, is zero."""
    if uuid != gatt.BLOOD_PRESSURE_MEASUREMENT or data[:1] != bytes((_SENT,)):
        return data
    if len(data) < _SIZE:
        return (
            bytes((_MEANT,)) + data[1:]
        )  # Told its true length, the decoder sees what is missing.
    mean = data[_MEAN_AT : _MEAN_AT + 2]
    return b"".join(
        (
            bytes((_MEANT,)),
            data[1:_MEAN_AT],
            mean if any(mean) else _NAN,
            data[_MEAN_AT + 2 : _PULSE_AT],
            data[_PULSE_AT:_USER_AT][::-1],
            data[_USER_AT:_STATUS_AT],
            data[_STATUS_AT:_SIZE][::-1],
            data[_SIZE:],
        )
    )


BM85: Final = Profile(
    name="beurer-bm85",
    kinds=(Kind.BLOOD_PRESSURE,),
    services=(gatt.BLOOD_PRESSURE_SERVICE,),
    name_prefixes=("BM85",),
    measurements=(gatt.BLOOD_PRESSURE_MEASUREMENT,),
    records=RecordAccess.PUSHED,
    patch=standard_layout,
    sources="derdilla/blood-pressure-monitor-fl #735 #737 and the recordings in its "
    "ble_measurement_data_test.dart (flags 0x56, big-endian pulse and status, user without its "
    "flag). Clock and bond are assumed.",
)
