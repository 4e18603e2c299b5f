"""i-SENS CareSens (ReliOn in the USA): a standard meter with three habits of its own."""

import datetime as dt
from types import MappingProxyType
from typing import Final

import msgspec

from device_profiles import date_time, gatt
from device_profiles.cursor import Cursor
from device_profiles.glucose_context import KETONE, MEALS
from device_profiles.profile import BondPolicy, ClockPolicy, Profile, RecordAccess, VendorClock
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import Measurement

_CLOCK_HEAD: Final = bytes((0xC0, 0x03, 0x01, 0x00))
_ASK_CLOCK: Final = _CLOCK_HEAD + bytes(date_time.SIZE)
_MONTH_AT: Final = 5
_MONTH_BUG: Final = 13
_RANGE_MG_PER_DL: Final = (20, 600)
"""What the meter can measure; it sends 601 for HI, and 19 or less for LO."""


def set_clock(moment: dt.datetime) -> bytes:
    """The eleven bytes that set the meter's clock to local digits."""
    return _CLOCK_HEAD + date_time.encode(moment)


def read_clock(data: bytes) -> dt.datetime | None:
    """The meter's answer, in the frame that would set its clock. Raises DecodeError."""
    return Cursor(data[len(_CLOCK_HEAD) :]).time()[0]


def month_13_is_january(uuid: str, data: bytes) -> bytes:
    """Some firmware gets the month wrong when it takes the time offset off the time shown."""
    if uuid == gatt.GLUCOSE_MEASUREMENT and data[_MONTH_AT : _MONTH_AT + 1] == bytes((_MONTH_BUG,)):
        return data[:_MONTH_AT] + b"\x01" + data[_MONTH_AT + 1 :]
    return data


def censored(measurement: Measurement) -> Measurement:
    """HI and LO instead of the numbers that stand for them.

    Not before the context has been joined, where one follows: it may turn out to be a ketone.
    """
    number = measurement.values.get("glucose")
    if number is None or "context_follows" in measurement.details:
        return measurement
    low, high = _RANGE_MG_PER_DL
    if low <= number <= high:
        return measurement
    return msgspec.structs.replace(
        measurement,
        values={},
        special={"glucose": Special.HI if number > high else Special.LO},
        details={**measurement.details, "glucose_reported": number},
    )


CARESENS: Final = Profile(
    name="caresens",
    kinds=(Kind.GLUCOSE,),
    services=(gatt.GLUCOSE_SERVICE,),
    name_prefixes=("CareSens", "ReliOn 2395", "ReliOn 0015"),
    measurements=(gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT),
    bond=BondPolicy.ON_ERROR,
    clock=ClockPolicy.VENDOR,
    vendor_clocks=(
        VendorClock(
            service="fff0",
            characteristic="fff1",
            ask=_ASK_CLOCK,
            decode=read_clock,
            encode=set_clock,
        ),
        VendorClock(
            service="c4dea010-5a9d-11e9-8647-d663bd873d93",
            characteristic="c4dea3bc-5a9d-11e9-8647-d663bd873d93",
            ask=_ASK_CLOCK,
            decode=read_clock,
            encode=set_clock,
        ),
    ),
    records=RecordAccess.RACP,
    racp_settle_ms=500,
    patch=month_13_is_january,
    amend=censored,
    meals=MappingProxyType({**MEALS, 6: KETONE}),
    sources="tidepool-org/uploader bluetoothLEDriver.js and ble-glucose 0.7.0 (ketone, HI above "
    "600, LO below 20, month 13, clock asked for and set, 500 ms); xDrip "
    "caresens/TimeTx.java, ContextRx.java (clock frame, meal 6)",
)
