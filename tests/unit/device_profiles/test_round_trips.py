"""What a device would send for a measurement decodes to that measurement."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles import gatt, glucose_context
from device_profiles.decoding import decode
from device_profiles.encoding import ENCODERS, encode
from device_profiles.errors import DecodeError, EncodeError
from device_profiles.glucose_context import GlucoseContext
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

CONVERTED = {"kPa", "mmol/L", "F"}
"""Units whose conversion rounds: only plausible values come back the same. See below."""


@given(st.sampled_from(list(ENCODERS)), st.binary(max_size=48))
def test_encoding_what_was_decoded_decodes_to_the_same(uuid: str, data: bytes) -> None:
    try:
        measurement = decode(uuid, data)
    except DecodeError:
        return
    if measurement.details.get("unit") in CONVERTED:
        return
    assert decode(uuid, encode(uuid, measurement)) == measurement


def grid(low: float, high: float, per_unit: int) -> st.SearchStrategy[float]:
    """Values in steps of 1/per_unit, as a device has them."""
    steps = st.integers(round(low * per_unit), round(high * per_unit))
    return steps.map(lambda step: step / per_unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What one kind of device sends: its required and its optional values, on their grids."""

    uuid: str
    kind: Kind
    values: dict[str, st.SearchStrategy[float]]
    optional: dict[str, st.SearchStrategy[float]] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    has_time: bool = True
    has_user: bool = False
    units: tuple[str, ...] = ()


CUFF_FLAGS = (Flag.BODY_MOVEMENT, Flag.CUFF_TOO_LOOSE, Flag.IRREGULAR_PULSE, Flag.IMPROPER_POSITION)
DEVICES = (
    Device(
        uuid=gatt.BLOOD_PRESSURE_MEASUREMENT,
        kind=Kind.BLOOD_PRESSURE,
        values={name: grid(20, 300, 1) for name in ("systolic", "diastolic", "mean")},
        optional={"pulse": grid(20, 204, 10)},
        flags=CUFF_FLAGS,
        has_user=True,
        units=("mmHg",),
    ),
    Device(
        uuid=gatt.WEIGHT_MEASUREMENT,
        kind=Kind.WEIGHT,
        values={"weight": grid(0, 327, 200)},
        has_user=True,
        units=("kg",),
    ),
    Device(
        uuid=gatt.WEIGHT_MEASUREMENT,
        kind=Kind.WEIGHT,
        values={"weight": grid(0, 327, 200), "bmi": grid(8, 120, 10), "height": grid(50, 260, 10)},
        has_user=True,
        units=("kg",),
    ),
    Device(
        uuid=gatt.BODY_COMPOSITION_MEASUREMENT,
        kind=Kind.BODY_COMPOSITION,
        values={"body_fat": grid(1, 80, 10)},
        optional={
            "basal_metabolism": grid(1500, 30000, 1),
            "muscle_percentage": grid(5, 95, 10),
            "muscle_mass": grid(2, 200, 200),
            "fat_free_mass": grid(5, 300, 200),
            "soft_lean_mass": grid(5, 300, 200),
            "body_water_mass": grid(5, 200, 200),
            "impedance": grid(50, 3000, 10),
            "weight": grid(20, 327, 200),
            "height": grid(50, 260, 10),
        },
        has_user=True,
        units=("kg",),
    ),
    Device(
        uuid=gatt.GLUCOSE_MEASUREMENT,
        kind=Kind.GLUCOSE,
        values={"glucose": grid(20, 600, 1)},
        flags=(Flag.BATTERY_LOW, Flag.SAMPLE_INSUFFICIENT, Flag.TIME_FAULT),
        units=("mg/dL",),
    ),
    Device(
        uuid=gatt.PLX_SPOT_CHECK,
        kind=Kind.OXIMETRY,
        values={"spo2": grid(50, 100, 10), "pulse": grid(20, 204, 10)},
        optional={"pulse_amplitude": grid(0, 20, 100)},
        flags=(Flag.FROM_STORAGE, Flag.QUESTIONABLE, Flag.CLOCK_NOT_SET),
    ),
    Device(
        uuid=gatt.PLX_CONTINUOUS,
        kind=Kind.OXIMETRY,
        values={"spo2": grid(50, 100, 10), "pulse": grid(20, 204, 10)},
        optional={"pulse_amplitude": grid(0, 20, 100)},
        flags=(Flag.EARLY_ESTIMATE, Flag.INVALID),
        has_time=False,
    ),
    Device(
        uuid=gatt.TEMPERATURE_MEASUREMENT,
        kind=Kind.TEMPERATURE,
        values={"temperature": grid(30, 43, 100)},
        units=("C", "F"),
    ),
    Device(
        uuid=gatt.HEART_RATE_MEASUREMENT,
        kind=Kind.HEART_RATE,
        values={"heart_rate": grid(0, 400, 1)},
        flags=(Flag.NO_SKIN_CONTACT,),
        has_time=False,
    ),
    Device(
        uuid=gatt.XIAOMI_WEIGHT_ADVERTISEMENT,
        kind=Kind.WEIGHT,
        values={"weight": grid(0, 327, 200)},
        units=("kg", "catty"),
    ),
    Device(
        uuid=gatt.XIAOMI_BODY_ADVERTISEMENT,
        kind=Kind.WEIGHT,
        values={"weight": grid(0, 327, 200)},
        units=("kg", "catty"),
    ),
)
times = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2099, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@st.composite
def measurements(draw: st.DrawFn, device: Device) -> Measurement:
    """A measurement as the simulator makes one: no raw details but the unit on the display."""
    values = {name: draw(strategy) for name, strategy in device.values.items()}
    for name, strategy in device.optional.items():
        if draw(st.booleans()):
            values[name] = draw(strategy)
    return Measurement(
        kind=device.kind,
        values=values,
        flags=tuple(flag for flag in device.flags if draw(st.booleans())),
        device_time=draw(times) if device.has_time else None,
        sequence=draw(st.integers(0, 0xFFFF)) if device.kind == Kind.GLUCOSE else None,
        user=draw(st.none() | st.integers(0, 254)) if device.has_user else None,
        details={"unit": draw(st.sampled_from(device.units))} if device.units else {},
    )


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.uuid)
@given(data=st.data())
def test_a_simulated_device_is_heard_as_it_speaks(device: Device, data: st.DataObject) -> None:
    said = data.draw(measurements(device))
    heard = decode(device.uuid, encode(device.uuid, said))
    assert heard.kind == said.kind
    assert heard.values == said.values
    assert set(heard.flags) == set(said.flags)
    assert heard.device_time == said.device_time
    assert heard.sequence == said.sequence
    assert heard.user == said.user
    assert heard.special == {}
    assert heard.result is True
    assert decode(device.uuid, encode(device.uuid, heard)) == heard


@given(grid(3, 40, 10), grid(3, 30, 10))
def test_kilopascals_come_back_as_the_same_millimetres(systolic: float, diastolic: float) -> None:
    mmhg = decode("2a35", encode("2a35", _cuff(systolic, diastolic)))
    assert decode("2a35", encode("2a35", mmhg)) == mmhg


def _cuff(systolic_kpa: float, diastolic_kpa: float) -> Measurement:
    values = {
        "systolic": systolic_kpa * 7.50062,
        "diastolic": diastolic_kpa * 7.50062,
        "mean": diastolic_kpa * 7.50062,
    }
    return Measurement(kind=Kind.BLOOD_PRESSURE, values=values, details={"unit": "kPa"})


@given(st.integers(6, 333))
def test_millimoles_come_back_as_the_same_milligrams(tenths: int) -> None:
    said = Measurement(
        kind=Kind.GLUCOSE,
        values={"glucose": tenths * 1.80156},
        sequence=1,
        details={"unit": "mmol/L"},
    )
    heard = decode("2a18", encode("2a18", said))
    assert heard.values["glucose"] == round(tenths * 1.80156, 2)
    assert decode("2a18", encode("2a18", heard)) == heard


@given(st.integers(1, 65534), st.integers(0, 1000))
def test_pounds_and_inches_come_back_as_the_same_kilograms(counts: int, tenths: int) -> None:
    frame = b"\x09" + counts.to_bytes(2, "little") + b"\x00\x00" + tenths.to_bytes(2, "little")
    assert encode("2a9d", decode("2a9d", frame)) == frame


@given(st.binary(min_size=3, max_size=40))
def test_a_glucose_context_round_trips(data: bytes) -> None:
    try:
        context = glucose_context.decode(data)
    except DecodeError:
        return
    assert glucose_context.decode(glucose_context.encode(context)) == context


def test_a_glucose_context_can_be_made_from_words_alone() -> None:
    said = GlucoseContext(sequence=7, context={"meal": "fasting", "carbohydrate_g": 60.0})
    heard = glucose_context.decode(glucose_context.encode(said))
    assert heard.context == said.context
    assert heard.details == {"meal": 3, "carbohydrate": 0}


@pytest.mark.parametrize("special", [Special.HI, Special.LO])
def test_a_meter_out_of_range_says_so(special: Special) -> None:
    said = Measurement(kind=Kind.GLUCOSE, values={}, sequence=1, special={"glucose": special})
    assert decode("2a18", encode("2a18", said)).special == {"glucose": special}


def test_what_was_not_measured_is_sent_as_nan() -> None:
    said = Measurement(kind=Kind.BLOOD_PRESSURE, values={"systolic": 128.0, "diastolic": 81.0})
    heard = decode("2a35", encode("2a35", said))
    assert heard.values == said.values
    assert heard.special == {"mean": Special.NAN}


def test_control_solution_is_sent_as_its_own_sample_and_site() -> None:
    said = Measurement(
        kind=Kind.GLUCOSE, values={"glucose": 120.0}, sequence=1, flags=(Flag.CONTROL_SOLUTION,)
    )
    assert decode("2a18", encode("2a18", said)).flags == (Flag.CONTROL_SOLUTION,)


@pytest.mark.parametrize(
    ("uuid", "measurement"),
    [
        ("2aff", Measurement(kind=Kind.WEIGHT, values={"weight": 70.0})),
        ("2a9d", Measurement(kind=Kind.WEIGHT, values={"weight": 400.0})),
        ("2a9d", Measurement(kind=Kind.WEIGHT, values={"weight": -1.0})),
        ("2a9d", Measurement(kind=Kind.WEIGHT, values={"weight": float("nan")})),
        ("2a9d", Measurement(kind=Kind.WEIGHT, values={"weight": 70.0}, user=256)),
        ("2a35", Measurement(kind=Kind.BLOOD_PRESSURE, values={}, flags=("strip_error",))),
        ("2a35", Measurement(kind=Kind.BLOOD_PRESSURE, values={}, details={"extra": "xyz"})),
        ("2a18", Measurement(kind=Kind.GLUCOSE, values={}, sequence=65536)),
        ("181d-service-data", Measurement(kind=Kind.WEIGHT, values={})),
    ],
)
def test_what_a_frame_cannot_hold_is_refused(uuid: str, measurement: Measurement) -> None:
    with pytest.raises(EncodeError):
        encode(uuid, measurement)
