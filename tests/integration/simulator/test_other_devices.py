"""Scales, thermometers, oximeters, straps, and the scale that only advertises."""

import asyncio
import datetime as dt

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from device_profiles import catalog, gatt
from device_profiles.decoding import decode
from simulator.devices.heart_rate_strap import HeartRateStrap
from simulator.devices.oximeter import Oximeter
from simulator.devices.scale import BodyScale, Scale
from simulator.devices.thermometer import Thermometer
from simulator.devices.xiaomi_scale import XiaomiScale
from simulator.faults import ClockFaults, Faults
from simulator.radio import VirtualRadio
from simulator.traits import traits_of
from tests.integration.simulator.central import collect, connected, quiet, subscribe
from vitals.flags import Flag, Special

ADDRESS = "A0:B1:C2:00:00:07"
FAST = traits_of(advertising_interval_ms=20)
WEIGHT = gatt.WEIGHT_MEASUREMENT
BODY = gatt.BODY_COMPOSITION_MEASUREMENT


async def test_two_people_on_one_scale_are_told_apart_by_slot(radio: VirtualRadio) -> None:
    scale = await radio.add(Scale(address=ADDRESS, traits=FAST))
    await scale.measure(weight=82.4, user=1)
    await scale.measure(weight=61.05, bmi=22.4, height=165, user=2)
    await scale.measure(weight=70.0, user=255)
    frames = await collect(radio, scale, WEIGHT)
    said = [decode(WEIGHT, frame) for frame in frames]
    assert [(m.user, m.values["weight"]) for m in said] == [(1, 82.4), (2, 61.05), (None, 70.0)]
    assert (said[1].values["bmi"], said[1].values["height"]) == (22.4, 165.0)


async def test_a_weighing_that_failed_is_marked(radio: VirtualRadio) -> None:
    scale = await radio.add(Scale(address=ADDRESS, traits=FAST, faults=Faults(result=Special.NAN)))
    await scale.measure(weight=82.4)
    said = decode(WEIGHT, (await collect(radio, scale, WEIGHT))[0])
    assert (said.values, said.flags) == ({}, (Flag.MEASUREMENT_UNSUCCESSFUL,))


async def test_one_weighing_gives_weight_and_body_composition(radio: VirtualRadio) -> None:
    scale = await radio.add(BodyScale(address=ADDRESS, traits=FAST))
    for weight in (82.4, 82.1):
        await scale.measure_body(
            weight=weight,
            user=1,
            composition={
                "body_fat": 24.5,
                "muscle_percentage": 38.0,
                "fat_free_mass": 62.2,
                "body_water_mass": 45.5,
                "impedance": 512.0,
                "basal_metabolism": 7200,
            },
        )
    async with connected(radio, scale) as client:
        frames = await quiet(await subscribe(client, WEIGHT, BODY))
    assert [uuid for uuid, _ in frames] == [WEIGHT, BODY, WEIGHT, BODY]
    said = decode(*frames[1])
    assert said.values["body_fat"] == 24.5
    assert said.values["impedance"] == 512.0
    assert len(scale.memory) == 0


async def test_half_a_record_stays_until_somebody_wants_the_other_half(
    radio: VirtualRadio,
) -> None:
    scale = await radio.add(BodyScale(address=ADDRESS, traits=FAST))
    await scale.measure_body(weight=82.4, composition={"body_fat": 24.5})
    assert len(await collect(radio, scale, WEIGHT)) == 1
    assert len(scale.memory) == 1
    assert len(await collect(radio, scale, BODY)) == 1
    assert len(scale.memory) == 0


async def test_a_thermometer(radio: VirtualRadio) -> None:
    device = await radio.add(Thermometer(address=ADDRESS, traits=FAST))
    await device.measure(temperature=37.2, site="ear")
    await device.measure(temperature=38.5, fahrenheit=True)
    frames = await collect(radio, device, gatt.TEMPERATURE_MEASUREMENT)
    first, second = [decode(gatt.TEMPERATURE_MEASUREMENT, frame) for frame in frames]
    assert (first.values["temperature"], first.context) == (37.2, {"site": "ear"})
    assert abs(second.values["temperature"] - 38.5) < 0.1
    assert second.details["unit"] == "F"


async def test_an_oximeter(radio: VirtualRadio) -> None:
    device = await radio.add(Oximeter(address=ADDRESS, traits=FAST))
    await device.measure(spo2=93, pulse=88, pulse_amplitude=4.5)
    await device.measure(spo2=0, flags=(Flag.INVALID,))
    frames = await collect(radio, device, gatt.PLX_SPOT_CHECK)
    first, second = [decode(gatt.PLX_SPOT_CHECK, frame) for frame in frames]
    assert first.values == {"spo2": 93.0, "pulse": 88.0, "pulse_amplitude": 4.5}
    assert second.flags == ("invalid",)


async def test_a_strap_has_only_its_last_beat(radio: VirtualRadio) -> None:
    device = await radio.add(HeartRateStrap(address=ADDRESS, traits=FAST))
    await device.measure(heart_rate=61)
    await device.measure(heart_rate=64)
    frames = await collect(radio, device, gatt.HEART_RATE_MEASUREMENT)
    values = [decode(gatt.HEART_RATE_MEASUREMENT, frame).values for frame in frames]
    assert values == [{"heart_rate": 64.0}]


async def heard_from(radio: VirtualRadio, scale: XiaomiScale, *, weight: float) -> list[bytes]:
    heard: list[bytes] = []
    uuid = gatt.full(scale.traits.services[0])

    def hear(device: BLEDevice, said: AdvertisementData) -> None:
        assert device.address == scale.address
        heard.append(said.service_data[uuid])

    async with BleakScanner(hear, backend=radio.scanner_class()):
        await scale.measure(weight=weight, sways_s=0.1, shows_s=0.2)
        await asyncio.sleep(0.05)
    return heard


async def test_a_xiaomi_scale_says_its_weight_again_and_again_in_advertisements(
    radio: VirtualRadio,
) -> None:
    scale = await radio.add(XiaomiScale(address=ADDRESS, profile="xiaomi-mibfs"))
    heard = await heard_from(radio, scale, weight=82.4)
    said = [decode(gatt.XIAOMI_BODY_ADVERTISEMENT, frame) for frame in heard]
    final = [m for m in said if m.result]
    assert {m.values["weight"] for m in final} == {82.4}
    assert not said[0].result
    assert not said[-1].result
    assert len({m.device_time for m in said}) == 1
    assert not scale.is_advertising


async def test_the_older_xiaomi_scale_with_an_unset_clock(radio: VirtualRadio) -> None:
    scale = await radio.add(
        XiaomiScale(
            address=ADDRESS,
            profile="xiaomi-scale1",
            faults=Faults(clock=ClockFaults(unset_year=1970)),
        )
    )
    heard = await heard_from(radio, scale, weight=61.5)
    final = [m for m in (decode(gatt.XIAOMI_WEIGHT_ADVERTISEMENT, f) for f in heard) if m.result]
    assert final[0].values == {"weight": 61.5}
    assert final[0].device_time is not None
    assert final[0].device_time.date() == dt.date(1970, 1, 1)


async def test_every_profile_is_matched_by_what_its_device_advertises(
    radio: VirtualRadio,
) -> None:
    known = {name: p for name, p in catalog.CATALOG.items() if p is not catalog.GENERIC}
    for number, name in enumerate(known):
        device = Scale(address=f"A0:B1:C2:00:01:{number:02X}", profile=name)
        await radio.add(device)
        await device.advertise()
    found = await BleakScanner.discover(timeout=0.5, return_adv=True, backend=radio.scanner_class())
    matched = [
        catalog.match(said.local_name, said.service_uuids, said.manufacturer_data)
        for _, said in found.values()
    ]
    assert {profile.name for profile in matched if profile is not None} == set(known)
