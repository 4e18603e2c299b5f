import asyncio
import datetime as dt
from typing import Any

import pytest

from gateway.bonding import HOLD_THE_BUTTON
from gateway.device_book import Bond, DeviceBook
from gateway.hub import Hub
from gateway.opening import open_outbox
from gateway.outbox_file import FILE
from simulator.devices.cuff import Cuff
from simulator.devices.glucose_meter import GlucoseMeter
from simulator.devices.scale import Scale
from simulator.devices.xiaomi_scale import XiaomiScale
from simulator.faults import ClockFaults, Faults
from simulator.radio import VirtualRadio
from simulator.traits import PASSKEY
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from vitals.flags import Special
from vitals.reading import Reading, TimeQuality

CUFF = "A0:B1:C2:D3:E4:F5"


async def cuff_of(radio: VirtualRadio, *, profile: str = "generic", **faults: Any) -> Cuff:
    return await radio.add(Cuff(address=CUFF, profile=profile, zone=HOME, faults=Faults(**faults)))


def age_s(reading: Reading) -> float:
    return (dt.datetime.now(dt.UTC) - reading.measured_at).total_seconds()


async def test_frames_sent_twice_are_one_reading(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, send_twice=True)
    await cuff.measure(systolic=120, diastolic=80)
    await cuff.measure(systolic=130, diastolic=85)

    async with start_hub():
        await until(lambda: cuff.sessions >= 1)
        await until(lambda: len(clinic.stored) == 2)
        await asyncio.sleep(0.3)

    assert [reading.values["systolic"] for reading in clinic.received] == [120, 130]


async def test_frames_without_a_time_sent_twice_are_one_reading(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, send_twice=True, clock=ClockFaults(absent=True))
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub():
        await until(lambda: cuff.sessions >= 1)
        await until(lambda: clinic.stored)
        await asyncio.sleep(0.3)

    (reading,) = clinic.received
    assert reading.time_quality is TimeQuality.GATEWAY
    assert reading.device_time is None


async def test_a_link_lost_between_records_costs_nothing(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, drop_link_after_frames=2)
    for systolic in (120, 121, 122):
        await cuff.measure(systolic=systolic, diastolic=80)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 3)

    assert sorted(one.values["systolic"] for one in clinic.received) == [120, 121, 122]


@pytest.mark.parametrize("hours", [-30, 3, 24 * 365 * 5])
async def test_a_wrong_clock_is_corrected_by_the_drift_of_the_session(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, hours: float
) -> None:
    cuff = await cuff_of(radio, profile="and-ua-651ble", clock=ClockFaults(offset_s=hours * 3600))
    measured_at = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=2)
    await cuff.measure(systolic=120, diastolic=80, at=measured_at)

    async with start_hub():
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert reading.time_quality is TimeQuality.CORRECTED
    assert abs((reading.measured_at - measured_at).total_seconds()) <= 2
    assert reading.clock_drift_s == pytest.approx(hours * 3600, abs=2)
    assert abs(cuff.clock.drift_s) < 2, "the clock was set"


@pytest.mark.parametrize("uuid", ["2a19", "2a29", "2a08"])
async def test_a_device_that_hangs_up_when_it_is_looked_at_is_read_all_the_same(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, uuid: str
) -> None:
    """Battery, nameplate and clock are good to know; the readings are what we came for."""
    faults = {"drop_link_on_read": uuid, "drop_link_times": 1000}
    cuff = await cuff_of(radio, profile="and-ua-651ble", **faults)
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub(pace=0.03):
        await until(lambda: clinic.stored)

    assert cuff.drops == 1


async def test_records_left_behind_by_a_lost_link_are_timed_by_the_clock_that_made_them(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    """The clock is set at the start of the visit; the next visit finds it right."""
    faults = {"clock": ClockFaults(offset_s=-7200), "drop_link_after_frames": 1}
    cuff = await cuff_of(radio, profile="and-ua-651ble", **faults)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    made = {value: now - dt.timedelta(hours=130 - value) for value in (120, 121, 122)}
    for systolic, at in made.items():
        await cuff.measure(systolic=systolic, diastolic=80, at=at)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 3)

    assert cuff.sessions == 2
    for reading in clinic.received:
        right = made[int(reading.values["systolic"])]
        assert reading.time_quality is TimeQuality.CORRECTED
        assert abs((reading.measured_at - right).total_seconds()) <= 2


@pytest.mark.parametrize("year", [1970, 2010])
async def test_a_clock_that_was_never_set_tells_the_time_since(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, year: int
) -> None:
    cuff = await cuff_of(radio, profile="and-ua-651ble", clock=ClockFaults(unset_year=year))
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub():
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert reading.time_quality is TimeQuality.CORRECTED
    assert reading.context["time_rule"] == "device_clock_not_set"
    assert abs(age_s(reading)) < 30


async def test_a_clock_in_utc_is_recognised(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, profile="and-ua-651ble", clock=ClockFaults(shows_utc=True))
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub():
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert reading.context["time_rule"] == "device_keeps_utc"
    assert abs(age_s(reading)) < 30


async def test_a_clock_that_cannot_be_read_and_is_five_years_off_is_not_believed(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    five_years = 5 * 365 * 86400
    cuff = await cuff_of(radio, profile="beurer-bm85", clock=ClockFaults(offset_s=-five_years))
    await cuff.measure(systolic=120, diastolic=80, pulse=70)

    async with start_hub():
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert reading.time_quality is TimeQuality.GATEWAY
    assert reading.context["time_rule"] == "device_time_too_old"
    assert reading.device_time is not None
    assert abs(age_s(reading)) < 30


async def test_a_failed_measurement_keeps_its_special_value(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, result=Special.NAN)
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub():
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert not reading.values
    assert reading.special["systolic"] == reading.special["diastolic"] == "nan"


async def test_a_lost_bond_is_removed_once_and_paired_anew(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, profile="and-ua-651ble", lose_bond_after_sessions=1)
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 1)
        await until(lambda: cuff.sessions == 1 and not cuff.is_connected)
        await cuff.measure(systolic=121, diastolic=80)
        await until(lambda: len(clinic.stored) == 2)

    assert cuff.sessions == 3


async def test_a_device_that_refuses_to_pair_is_reported_and_not_hunted(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, profile="and-ua-651ble", refuses_pairing=True)
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub() as hub:
        await until(lambda: cuff.sessions >= 2)
        tried = cuff.sessions
        await asyncio.sleep(1)
        assert cuff.sessions - tried <= 1
        cuff.set_faults(Faults())
        await until(lambda: clinic.stored)
        await until(lambda: not cuff.is_connected)
        await asyncio.sleep(0.3)

    assert book_of(hub).page(CUFF).bond is Bond.GOOD
    assert book_of(hub).page(CUFF).trouble is None


async def test_a_wrong_passkey_is_told_to_a_person(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    radio.passkeys[CUFF] = PASSKEY
    meter = GlucoseMeter(
        address=CUFF, profile="accu-chek-guide", zone=HOME, faults=Faults(wrong_passkey=True)
    )
    await meter.measure(glucose=101)
    await radio.add(meter)

    async with start_hub() as hub:
        await until(lambda: meter.sessions >= 2)
        await asyncio.sleep(0.2)

    page = book_of(hub).page(CUFF)
    assert page.bond is Bond.LOST
    assert page.trouble == HOLD_THE_BUTTON
    assert not clinic.stored


async def test_a_right_passkey_lets_the_meter_speak(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    radio.passkeys[CUFF] = PASSKEY
    meter = GlucoseMeter(address=CUFF, profile="accu-chek-guide", zone=HOME)
    await meter.measure(glucose=101)
    await radio.add(meter)

    async with start_hub():
        await until(lambda: clinic.stored)


async def test_an_advertised_weight_is_read_once_though_it_repeats(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    scale = await radio.add(XiaomiScale(address="C8:47:8C:00:00:01", zone=HOME))

    async with start_hub():
        await scale.measure(weight=71.5)
        await until(lambda: clinic.stored)
        await asyncio.sleep(0.5)

    (reading,) = clinic.received
    assert reading.values["weight"] == pytest.approx(71.5)


async def test_two_devices_at_once_are_both_read(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio)
    scale = await radio.add(Scale(address="C8:47:8C:00:00:02", zone=HOME))
    await cuff.measure(systolic=120, diastolic=80)
    await scale.measure(weight=80.5, user=1)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 2)

    assert {reading.device for reading in clinic.received} == {CUFF, "C8:47:8C:00:00:02"}


async def test_a_device_that_never_connects_does_not_keep_the_others_waiting(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    stubborn = await cuff_of(radio, refuses_connections=True)
    await stubborn.measure(systolic=120, diastolic=80)
    scale = await radio.add(Scale(address="C8:47:8C:00:00:02", zone=HOME))
    await scale.measure(weight=80.5)

    async with start_hub(connect_timeout_s=1):
        await until(lambda: clinic.stored)


def book_of(hub: Hub) -> DeviceBook:
    """As it is on the disk."""
    directory = hub.settings.data_dir
    assert (directory / FILE).exists()
    file = open_outbox(directory, ballast_bytes=1024, now=dt.datetime.now(dt.UTC))
    try:
        return DeviceBook(file)
    finally:
        file.close()
