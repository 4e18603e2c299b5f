"""Frames that are unusual and legal, or nearly: what the clinic gets to see of them."""

import datetime as dt
from typing import Any

import pytest

from simulator.devices.cuff import Cuff
from simulator.devices.glucose_meter import GlucoseMeter
from simulator.devices.recorder import Recorder
from simulator.devices.scale import BodyScale, Scale
from simulator.faults import ClockFaults, Faults
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from tests.unit.gateway.builders import CUFF
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import TimeQuality

SCALE = "C8:47:8C:00:00:02"


async def cuff_of(radio: VirtualRadio, *, profile: str = "generic", **faults: Any) -> Cuff:
    return await radio.add(Cuff(address=CUFF, profile=profile, zone=HOME, faults=Faults(**faults)))


@pytest.mark.parametrize("result", [Special.NRES, Special.PLUS_INF])
async def test_a_result_that_is_no_number_keeps_its_name(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, result: Special
) -> None:
    cuff = await cuff_of(radio, result=result)
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub(pace=0.03):
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert not reading.values
    assert reading.special["systolic"] == result


async def test_reserved_bits_and_trailing_bytes_harm_nothing_and_are_kept(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio)
    await cuff.measure(
        systolic=120, diastolic=80, details={"reserved_flags": 0xA0, "extra": "beef"}
    )

    async with start_hub(pace=0.03):
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    assert reading.values == {"systolic": 120, "diastolic": 80}
    assert bytes.fromhex(reading.frame)[0] & 0xA0 == 0xA0
    assert reading.frame.endswith("beef")


async def test_two_people_on_one_scale_and_a_guest_are_told_apart(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    """Slot 255 says "somebody": it is never passed on as a slot."""
    scale = await radio.add(Scale(address=SCALE, profile="and-uc-352ble", zone=HOME))
    for weight, user in ((80.5, 1), (61.0, 2), (74.0, 255)):
        await scale.measure(weight=weight, user=user)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 3)

    told = {reading.values["weight"]: reading.user for reading in clinic.received}
    assert told == {80.5: 1, 61.0: 2, 74.0: None}


async def test_weight_and_body_composition_of_each_person_come_with_their_slot(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    scale = await radio.add(BodyScale(address=SCALE, zone=HOME))
    await scale.measure_body(weight=80.5, composition={"body_fat": 22.5}, user=1)
    await scale.measure_body(weight=61.0, composition={"body_fat": 28.0}, user=2)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 4)

    weights = {one.values["weight"]: one.user for one in clinic.received if one.kind is Kind.WEIGHT}
    fats = {one.values["body_fat"]: one.user for one in clinic.received if "body_fat" in one.values}
    assert weights == {80.5: 1, 61.0: 2}
    assert fats == {22.5: 1, 28.0: 2}


@pytest.mark.parametrize("profile", ["generic", "caresens"])
async def test_month_13_is_no_time_except_where_the_maker_is_known_to_mean_january(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, profile: str
) -> None:
    now = dt.datetime.now(HOME)
    january = now.replace(month=1, day=1, hour=8, minute=0, second=0, microsecond=0)
    meter = GlucoseMeter(
        address=CUFF, profile=profile, zone=HOME, faults=Faults(clock=ClockFaults(month_13=True))
    )
    await record(radio, meter, january)

    async with start_hub(pace=0.03):
        await until(lambda: clinic.stored)

    (reading,) = clinic.received
    if profile == "caresens":
        assert reading.measured_at == january
        assert reading.time_quality is TimeQuality.DEVICE
    else:
        assert reading.device_time is None
        assert reading.time_quality is TimeQuality.GATEWAY


async def record(radio: VirtualRadio, meter: GlucoseMeter, at: dt.datetime) -> Recorder:
    await meter.measure(glucose=101, at=at)
    return await radio.add(meter)


async def test_an_indication_before_its_subscription_is_answered_is_taken(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await cuff_of(radio, indicates_early=True)
    await cuff.measure(systolic=120, diastolic=80)
    await cuff.measure(systolic=121, diastolic=80)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 2)

    assert [one.values["systolic"] for one in clinic.received] == [120, 121]


async def test_a_record_that_is_erased_as_it_is_sent_is_safe_at_the_hub(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    """Also where the link is lost before it is confirmed: it was on the disk by then."""
    cuff = await cuff_of(radio, lost_on_read=True, drop_link_after_frames=1)
    await cuff.measure(systolic=120, diastolic=80)
    await cuff.measure(systolic=121, diastolic=80)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 2)

    assert sorted(one.values["systolic"] for one in clinic.received) == [120, 121]
