"""The inverse of decoding: the frame in which a device would say a measurement."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from device_profiles import (
    blood_pressure,
    body_composition,
    gatt,
    glucose,
    heart_rate,
    oximetry,
    temperature,
    weight,
    xiaomi,
)
from device_profiles.errors import EncodeError
from vitals.reading import Measurement

ENCODERS: Final[Mapping[str, Callable[[Measurement], bytes]]] = MappingProxyType(
    {
        gatt.BLOOD_PRESSURE_MEASUREMENT: blood_pressure.encode,
        gatt.INTERMEDIATE_CUFF_PRESSURE: blood_pressure.encode,
        gatt.WEIGHT_MEASUREMENT: weight.encode,
        gatt.BODY_COMPOSITION_MEASUREMENT: body_composition.encode,
        gatt.GLUCOSE_MEASUREMENT: glucose.encode,
        gatt.PLX_SPOT_CHECK: oximetry.encode_spot_check,
        gatt.PLX_CONTINUOUS: oximetry.encode_continuous,
        gatt.TEMPERATURE_MEASUREMENT: temperature.encode,
        gatt.INTERMEDIATE_TEMPERATURE: temperature.encode,
        gatt.HEART_RATE_MEASUREMENT: heart_rate.encode,
        gatt.XIAOMI_WEIGHT_ADVERTISEMENT: xiaomi.encode_weight,
        gatt.XIAOMI_BODY_ADVERTISEMENT: xiaomi.encode_body,
    }
)


def encode(uuid: str, measurement: Measurement) -> bytes:
    """The frame in which a device would say this, in the layout of the standard.

    Values go to the nearest step that the frame can carry, as in a device. The details choose what
    the measurement leaves open: `unit` as sent, status words, time offset, reserved bits, trailing
    bytes. Raises EncodeError for what the frame cannot hold.
    """
    encoder = ENCODERS.get(uuid)
    if encoder is None:
        raise EncodeError(f"{uuid} is no measurement that is known here")
    return encoder(measurement)
