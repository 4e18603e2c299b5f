"""i-SENS CareSens (ReliOn in the USA): a standard meter with three habits of its own."""

import datetime as dt
from types import MappingProxyType
from typing import Final

from device_profiles import date_time, gatt
from device_profiles.glucose_context import KETONE, MEALS
from device_profiles.profile import BondPolicy, ClockPolicy, Profile, RecordAccess, VendorClock
from vitals.kinds import Kind

_CLOCK_HEAD: Final = bytes((0xC0, 0x03, 0x01, 0x00))
_MONTH_AT: Final = 5
_MONTH_BUG: Final = 13


def set_clock(moment: dt.datetime) -> bytes:
    """The eleven bytes that set the meter's clock to local digits."""
    return _CLOCK_HEAD + date_time.encode(moment)


def month_13_is_january(uuid: str, data: bytes) -> bytes:
    """Some firmware stores January as month 13 (of the right year)."""
    if uuid == gatt.GLUCOSE_MEASUREMENT and data[_MONTH_AT : _MONTH_AT + 1] == bytes((_MONTH_BUG,)):
        return data[:_MONTH_AT] + b"\x01" + data[_MONTH_AT + 1 :]
    return data


CARESENS: Final = Profile(
    name="caresens",
    kinds=(Kind.GLUCOSE,),
    services=(gatt.GLUCOSE_SERVICE,),
    name_prefixes=("CareSens", "ReliOn"),
    measurements=(gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT),
    bond=BondPolicy.ON_ERROR,
    clock=ClockPolicy.VENDOR,
    vendor_clocks=(
        VendorClock(service="fff0", characteristic="fff1", encode=set_clock),
        VendorClock(
            service="c4dea010-5a9d-11e9-8647-d663bd873d93",
            characteristic="c4dea3bc-5a9d-11e9-8647-d663bd873d93",
            encode=set_clock,
        ),
    ),
    records=RecordAccess.RACP,
    racp_settle_ms=500,
    patch=month_13_is_january,
    meals=MappingProxyType({**MEALS, 6: KETONE}),
    sources="tidepool-org/uploader bluetoothLEDriver.js and ble-glucose 0.7.0 (ketone, month 13, "
    "500 ms); xDrip caresens/TimeTx.java, ContextRx.java (clock frame, meal 6)",
)
