"""A cuff pushes its records, and forgets each when it has been confirmed and not before."""

import asyncio
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from bleak import BleakClient

from device_profiles import current_time, date_time, gatt
from device_profiles.decoding import decode
from device_profiles.vendors.beurer import BM85
from simulator.devices.cuff import Cuff
from simulator.devices.recorder import Details
from simulator.faults import ClockFaults, Faults
from simulator.radio import VirtualRadio
from simulator.traits import traits_of
from tests.integration.simulator.central import collect, connected, find, quiet, subscribe
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

ADDRESS = "A0:B1:C2:00:00:01"
MEASUREMENT = gatt.BLOOD_PRESSURE_MEASUREMENT
FAST = traits_of(advertising_interval_ms=20)
NEW_YORK = ZoneInfo("America/New_York")
MORNING = dt.datetime(2026, 11, 22, 13, 15, 5, tzinfo=dt.UTC)


async def cuff_with(radio: VirtualRadio, *, records: int = 1, faults: Faults | None = None) -> Cuff:
    cuff = await radio.add(Cuff(address=ADDRESS, traits=FAST, faults=faults))
    for count in range(records):
        await cuff.measure(systolic=120 + count, diastolic=80)
    return cuff


def systolics(frames: list[bytes]) -> list[float]:
    return [decode(MEASUREMENT, frame).values["systolic"] for frame in frames]


async def test_a_measurement_arrives_as_it_was_made(radio: VirtualRadio) -> None:
    cuff = Cuff(address=ADDRESS, traits=FAST, zone=NEW_YORK)
    await radio.add(cuff)
    await cuff.measure(
        systolic=128,
        diastolic=81,
        mean=97,
        pulse=71,
        user=1,
        at=MORNING,
        flags=(Flag.IRREGULAR_PULSE,),
    )
    (frame,) = await collect(radio, cuff, MEASUREMENT)
    assert decode(MEASUREMENT, frame) == Measurement(
        kind=Kind.BLOOD_PRESSURE,
        values={"systolic": 128.0, "diastolic": 81.0, "mean": 97.0, "pulse": 71.0},
        flags=("irregular_pulse",),
        device_time=dt.datetime.fromisoformat("2026-11-22T08:15:05"),
        user=1,
        details={"unit": "mmHg", "status": 4},
    )
    assert len(cuff.memory) == 0


async def test_stored_records_come_oldest_first_and_leave(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, records=5)
    frames = await collect(radio, cuff, MEASUREMENT)
    assert systolics(frames) == [120, 121, 122, 123, 124]
    assert len(cuff.memory) == 0
    assert not cuff.is_advertising


async def test_three_hundred_loaded_records_come_in_one_session(radio: VirtualRadio) -> None:
    start = dt.datetime.fromisoformat("2026-01-01T08:00")
    past = [
        Measurement(
            kind=Kind.BLOOD_PRESSURE,
            values={"systolic": 100.0 + day % 60, "diastolic": 70.0},
            device_time=start + dt.timedelta(days=day),
        )
        for day in range(300)
    ]
    cuff = await radio.add(Cuff(address=ADDRESS, traits=FAST))
    await cuff.load(past)
    frames = await collect(radio, cuff, MEASUREMENT)
    got = [decode(MEASUREMENT, frame) for frame in frames]
    assert [(m.device_time, m.values["systolic"]) for m in got] == [
        (m.device_time, m.values["systolic"]) for m in past
    ]


async def test_a_full_memory_overwrites_the_oldest(radio: VirtualRadio) -> None:
    cuff = await radio.add(Cuff(address=ADDRESS, traits=traits_of(capacity=3)))
    for systolic in (120, 121, 122, 123):
        await cuff.measure(systolic=systolic, diastolic=80)
    assert systolics(await collect(radio, cuff, MEASUREMENT)) == [121, 122, 123]
    assert cuff.memory.overwritten == 1


async def test_what_is_measured_during_a_session_is_sent_at_once(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio)
    async with connected(radio, cuff) as client:
        frames = await quiet(await subscribe(client, MEASUREMENT))
        await cuff.measure(systolic=150, diastolic=95)
        await asyncio.sleep(0.05)
        assert systolics([frame for _, frame in frames]) == [120, 150]


async def test_nothing_leaves_a_device_that_nobody_subscribed_to(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio)
    async with connected(radio, cuff):
        await asyncio.sleep(0.1)
    assert len(cuff.memory) == 1
    await asyncio.sleep(0.05)
    assert cuff.is_advertising


async def test_a_link_lost_in_the_middle_leaves_the_unconfirmed_record_on_the_device(
    radio: VirtualRadio,
) -> None:
    cuff = await cuff_with(radio, records=4, faults=Faults(drop_link_after_frames=2))
    first = await collect(radio, cuff, MEASUREMENT)
    assert systolics(first) == [120, 121]
    assert len(cuff.memory) == 3
    second = await collect(radio, cuff, MEASUREMENT)
    assert systolics(second) == [121, 122, 123]
    assert first[1] == second[0]


async def test_a_device_that_erases_as_it_sends_loses_the_record(radio: VirtualRadio) -> None:
    faults = Faults(drop_link_after_frames=1, lost_on_read=True)
    cuff = await cuff_with(radio, records=2, faults=faults)
    await collect(radio, cuff, MEASUREMENT)
    assert systolics(await collect(radio, cuff, MEASUREMENT)) == [121]


async def test_a_device_that_keeps_its_records_sends_them_in_each_session(
    radio: VirtualRadio,
) -> None:
    traits = traits_of(keeps_records=True, advertising_interval_ms=20)
    cuff = await radio.add(Cuff(address=ADDRESS, traits=traits))
    await cuff.measure(systolic=120, diastolic=80)
    first = await collect(radio, cuff, MEASUREMENT)
    assert not cuff.is_advertising
    await cuff.measure(systolic=121, diastolic=80)
    second = await collect(radio, cuff, MEASUREMENT)
    assert (systolics(first), systolics(second)) == ([120], [120, 121])


async def test_double_sends(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, records=2, faults=Faults(send_twice=True))
    frames = await collect(radio, cuff, MEASUREMENT)
    assert systolics(frames) == [120, 120, 121, 121]
    assert frames[0] == frames[1]


async def test_an_early_indication_comes_before_the_subscription_is_answered(
    radio: VirtualRadio,
) -> None:
    cuff = await cuff_with(radio, faults=Faults(indicates_early=True))
    async with connected(radio, cuff) as client:
        assert len(await subscribe(client, MEASUREMENT)) == 1


@pytest.mark.parametrize(
    "special", [Special.NAN, Special.NRES, Special.PLUS_INF, Special.MINUS_INF, Special.RESERVED]
)
async def test_a_failed_measurement_is_no_number(radio: VirtualRadio, special: Special) -> None:
    cuff = await cuff_with(radio, faults=Faults(result=special))
    (frame,) = await collect(radio, cuff, MEASUREMENT)
    said = decode(MEASUREMENT, frame)
    assert said.values == {}
    assert said.special["systolic"] == said.special["diastolic"] == special


async def test_a_frame_in_kpa_with_reserved_bits_and_trailing_bytes(radio: VirtualRadio) -> None:
    cuff = await radio.add(Cuff(address=ADDRESS, traits=FAST))
    details: Details = {"unit": "kPa", "reserved_flags": 0x80, "extra": "beef"}
    await cuff.measure(systolic=120, diastolic=80, details=details)
    (frame,) = await collect(radio, cuff, MEASUREMENT)
    said = decode(MEASUREMENT, frame)
    assert said.details == details
    assert said.values["systolic"] == pytest.approx(120, abs=0.5)


async def test_beurer_frames_are_decoded_by_their_own_profile(radio: VirtualRadio) -> None:
    cuff = await radio.add(Cuff(address=ADDRESS, profile="beurer-bm85"))
    await cuff.measure(systolic=131, diastolic=84, pulse=66, user=2, flags=(Flag.IRREGULAR_PULSE,))
    (frame,) = await collect(radio, cuff, MEASUREMENT, pair=True)
    assert frame[0] == 0x56
    said = decode(MEASUREMENT, frame, profile=BM85)
    assert (said.values["pulse"], said.user, said.flags) == (66.0, 2, ("irregular_pulse",))


async def test_a_clock_beside_the_measurement_is_read_and_set(radio: VirtualRadio) -> None:
    cuff = Cuff(
        address=ADDRESS,
        traits=traits_of("and-ua-651ble", advertising_interval_ms=20),
        zone=NEW_YORK,
        faults=Faults(clock=ClockFaults(offset_s=-3600)),
    )
    await radio.add(cuff)
    await cuff.measure(systolic=120, diastolic=80)
    right = dt.datetime.now(NEW_YORK).replace(tzinfo=None, microsecond=0)
    async with connected(radio, cuff, pair=True) as client:
        clock = gatt.full(gatt.DATE_TIME)
        shown = date_time.parse(bytes(await client.read_gatt_char(clock)))
        assert shown is not None
        assert abs(shown - right + dt.timedelta(hours=1)) < dt.timedelta(seconds=3)
        await client.write_gatt_char(clock, date_time.encode(right), response=True)
        assert abs(cuff.clock.drift_s) < 3
        frames = await quiet(await subscribe(client, MEASUREMENT))
    stamp = decode(MEASUREMENT, frames[0][1]).device_time
    assert stamp is not None
    # The record was made before the clock was set, and says so.
    assert right - stamp > dt.timedelta(minutes=59)


async def test_the_current_time_service_is_read_and_set(radio: VirtualRadio) -> None:
    traits = traits_of(advertising_interval_ms=20)
    faults = Faults(clock=ClockFaults(unset_year=2010))
    cuff = await radio.add(Cuff(address=ADDRESS, traits=traits, faults=faults))
    await cuff.measure(systolic=120, diastolic=80)
    right = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    async with connected(radio, cuff) as client:
        clock = gatt.full(gatt.CURRENT_TIME)
        shown = current_time.decode(bytes(await client.read_gatt_char(clock))).time
        assert shown is not None
        assert shown.year == 2010
        await client.write_gatt_char(clock, current_time.encode(right), response=True)
    assert abs(cuff.clock.drift_s) < 2
    assert cuff.clock.times_set == 1


async def test_month_thirteen_and_no_time_at_all(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, faults=Faults(clock=ClockFaults(month_13=True)))
    cuff.set_faults(Faults(clock=ClockFaults(absent=True)))
    await cuff.measure(systolic=121, diastolic=80)
    odd, timeless = [decode(MEASUREMENT, f) for f in await collect(radio, cuff, MEASUREMENT)]
    assert odd.device_time is None
    assert str(odd.details["time"])[5:7] == "13"
    assert timeless.device_time is None
    assert "time" not in timeless.details


async def test_a_device_that_falls_silent_never_advertises_again(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, faults=Faults(silent_after_sessions=1))
    await collect(radio, cuff, MEASUREMENT)
    await cuff.measure(systolic=140, diastolic=90)
    assert not cuff.is_advertising
    assert len(cuff.memory) == 1


async def test_a_device_lingers_after_a_session(radio: VirtualRadio) -> None:
    traits = traits_of(lingers_s=0.2, advertising_interval_ms=20)
    cuff = await radio.add(Cuff(address=ADDRESS, traits=traits))
    await cuff.measure(systolic=120, diastolic=80)
    await collect(radio, cuff, MEASUREMENT)
    await asyncio.sleep(0.05)
    assert cuff.is_advertising
    await asyncio.sleep(0.3)
    assert not cuff.is_advertising


async def test_a_measurement_while_a_device_lingers_keeps_it_advertising(
    radio: VirtualRadio,
) -> None:
    traits = traits_of(lingers_s=0.1, advertising_interval_ms=20)
    cuff = await radio.add(Cuff(address=ADDRESS, traits=traits))
    await cuff.measure(systolic=120, diastolic=80)
    await collect(radio, cuff, MEASUREMENT)
    await asyncio.sleep(0.02)
    await cuff.measure(systolic=121, diastolic=80)
    await asyncio.sleep(0.2)
    assert cuff.is_advertising


async def test_a_phone_that_was_quicker_has_taken_the_records(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, records=2)
    found = await find(radio, cuff)
    async with connected(radio, cuff, adapter="phone") as phone:
        with pytest.raises(TimeoutError):
            await BleakClient(found, timeout=0.2, backend=radio.client_class()).connect()
        assert len(await quiet(await subscribe(phone, MEASUREMENT))) == 2
    assert len(cuff.memory) == 0
