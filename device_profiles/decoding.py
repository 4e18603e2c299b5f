"""The one door for measurement frames: UUID and bytes in, a Measurement out, or DecodeError."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from device_profiles import (
    blood_pressure,
    body_composition,
    gatt,
    glucose,
    glucose_context,
    heart_rate,
    oximetry,
    temperature,
    weight,
    xiaomi,
)
from device_profiles.catalog import GENERIC
from device_profiles.errors import UNKNOWN_CHARACTERISTIC, DecodeError
from device_profiles.glucose_context import GlucoseContext
from device_profiles.profile import Profile
from vitals.reading import Measurement

DECODERS: Final[Mapping[str, Callable[[bytes], Measurement]]] = MappingProxyType(
    {
        gatt.BLOOD_PRESSURE_MEASUREMENT: blood_pressure.decode,
        gatt.INTERMEDIATE_CUFF_PRESSURE: blood_pressure.decode_intermediate,
        gatt.WEIGHT_MEASUREMENT: weight.decode,
        gatt.BODY_COMPOSITION_MEASUREMENT: body_composition.decode,
        gatt.GLUCOSE_MEASUREMENT: glucose.decode,
        gatt.PLX_SPOT_CHECK: oximetry.decode_spot_check,
        gatt.PLX_CONTINUOUS: oximetry.decode_continuous,
        gatt.TEMPERATURE_MEASUREMENT: temperature.decode,
        gatt.INTERMEDIATE_TEMPERATURE: temperature.decode_intermediate,
        gatt.HEART_RATE_MEASUREMENT: heart_rate.decode,
        gatt.XIAOMI_WEIGHT_ADVERTISEMENT: xiaomi.decode_weight,
        gatt.XIAOMI_BODY_ADVERTISEMENT: xiaomi.decode_body,
    }
)
"""By short UUID; the two service data payloads by the names that gatt gives them."""


def decode(uuid: str, data: bytes, *, profile: Profile = GENERIC) -> Measurement:
    """What a measurement frame says, in canonical units.

    `uuid` is the short form in lower case. Raises DecodeError and nothing else.
    """
    decoder = DECODERS.get(uuid)
    if decoder is None:
        raise DecodeError(UNKNOWN_CHARACTERISTIC, f"{uuid} is no measurement that is known here")
    measurement = decoder(data if profile.patch is None else profile.patch(uuid, data))
    return measurement if profile.amend is None else profile.amend(measurement)


def join(
    measurement: Measurement, context: GlucoseContext, *, profile: Profile = GENERIC
) -> Measurement:
    """A glucose measurement with the context that followed it, of the same sequence number.

    Raises DecodeError where the numbers differ.
    """
    joined = glucose_context.join(measurement, context)
    return joined if profile.amend is None else profile.amend(joined)
