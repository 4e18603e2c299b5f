"""A household lives: its people measure, and a gateway could collect all of it."""

import asyncio
import datetime as dt
import itertools
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from device_profiles import gatt
from device_profiles.decoding import decode
from simulator.devices.glucose_meter import GlucoseMeter
from simulator.home import Home, Patience
from simulator.household import DeviceKind, DevicePlan, Household, household
from simulator.memory import Record
from simulator.radio import VirtualRadio
from simulator.schedule import Act, from_then_on
from tests.integration.simulator.central import collect, connected, quiet, subscribe

CHICAGO = ZoneInfo("America/Chicago")
EARLY = dt.datetime.fromisoformat("2026-11-22T06:55:00")


def plan_of(home: Household, kind: DeviceKind) -> DevicePlan:
    return next(device for device in home.devices if device.kind == kind)


async def test_a_day_passes_quickly_and_each_measurement_is_on_a_device(
    radio: VirtualRadio,
) -> None:
    told: list[tuple[Act, Record]] = []
    house = household(7, 1, faulty=False)
    home = Home(house, radio, zone=CHICAGO, told=lambda act, record: told.append((act, record)))
    await home.move_in()
    life = asyncio.ensure_future(home.live(speed=86_400, start=EARLY))
    await asyncio.sleep(1.2)
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    assert home.measured == len(told) >= 8
    assert {act.person.key for act, _ in told} == {person.key for person in house.people}
    scale = plan_of(house, DeviceKind.SCALE)
    frames = await collect(radio, home.device(scale.address), gatt.WEIGHT_MEASUREMENT, pair=True)
    meant = [(act, record) for act, record in told if act.device == scale]
    assert frames == [record.frames[0][1] for _, record in meant]
    assert {decode(gatt.WEIGHT_MEASUREMENT, frame).user for frame in frames} == {1, 2}


async def test_hours_in_which_nobody_measures_are_cut_short(radio: VirtualRadio) -> None:
    told: list[Act] = []
    house = household(7, 1, faulty=False)
    home = Home(house, radio, zone=CHICAGO, told=lambda act, _: told.append(act))
    await home.move_in()
    life = asyncio.ensure_future(home.live(speed=86_400, start=EARLY, longest_wait_s=0.001))
    await asyncio.sleep(0.5)
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    assert len({act.at.date() for act in told}) > 2
    assert told == list(itertools.islice(from_then_on(house, EARLY), len(told)))


async def test_live_measurements_carry_the_time_of_the_clock_and_not_of_the_schedule(
    radio: VirtualRadio,
) -> None:
    house = household(7, 1, faulty=False)
    home = Home(house, radio, zone=CHICAGO)
    await home.move_in()
    life = asyncio.ensure_future(home.live(speed=86_400, start=EARLY))
    await asyncio.sleep(0.3)
    life.cancel()
    await asyncio.gather(life, return_exceptions=True)
    now = dt.datetime.now(CHICAGO).replace(tzinfo=None)
    scale = plan_of(house, DeviceKind.SCALE)
    frames = await collect(radio, home.device(scale.address), gatt.WEIGHT_MEASUREMENT, pair=True)
    stamp = decode(gatt.WEIGHT_MEASUREMENT, frames[0]).device_time
    assert stamp is not None
    assert abs(now - stamp) < dt.timedelta(seconds=5)


async def test_the_past_is_on_the_devices_with_its_own_times(radio: VirtualRadio) -> None:
    house = household(7, 3, faulty=False)
    home = Home(house, radio, zone=CHICAGO)
    await home.move_in()
    assert await home.remember(days=14) > 60
    plan = plan_of(house, DeviceKind.GLUCOSE_METER)
    meter = home.device(plan.address)
    assert isinstance(meter, GlucoseMeter)
    async with connected(radio, meter, pair=True) as client:
        frames = await subscribe(
            client, gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT, gatt.RECORD_ACCESS_CONTROL_POINT
        )
        racp = gatt.full(gatt.RECORD_ACCESS_CONTROL_POINT)
        await client.write_gatt_char(racp, b"\x01\x01", response=True)
        await quiet(frames)
    said = [decode(uuid, frame) for uuid, frame in frames if uuid == gatt.GLUCOSE_MEASUREMENT]
    days = {m.device_time.date() for m in said if m.device_time is not None}
    assert len(days) >= 14
    assert len(said) == len(meter.memory) > 40


async def test_people_know_the_passkey_of_their_meter(radio: VirtualRadio) -> None:
    house = household(7, 3)
    await Home(house, radio).move_in()
    plan = plan_of(house, DeviceKind.GLUCOSE_METER)
    assert radio.passkeys == {plan.address: plan.passkey}


@pytest.mark.parametrize("number", range(1, 7))
async def test_every_kind_of_home_can_live(radio: VirtualRadio, number: int) -> None:
    home = Home(household(11, number), radio, zone=CHICAGO)
    await home.move_in()
    assert await home.remember(days=1) == home.measured > 0


async def test_who_is_asked_measures_again_on_the_same_device_and_once(radio: VirtualRadio) -> None:
    told: list[Act] = []
    house = household(7, 1, faulty=False)
    cuff = plan_of(house, DeviceKind.CUFF)
    patience = Patience(least_s=0.01, most_s=0.05, unwilling=0)
    home = Home(house, radio, zone=CHICAGO, told=lambda act, _: told.append(act), patience=patience)
    await home.move_in()
    until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)
    home.ask_again(cuff.address, until=until)  # Nobody has used it: nobody knows what is meant.
    first = Act(at=EARLY, device=cuff, person=house.people[0], slot=1)
    await home.perform(first, at=dt.datetime.now(CHICAGO))
    for _ in range(3):
        home.ask_again(cuff.address, until=until)
    await asyncio.sleep(0.3)
    await home.rest()
    assert [(act.device, act.person, act.slot, act.first_at) for act in told] == [
        (cuff, first.person, 1, None),
        (cuff, first.person, 1, EARLY),
    ]


async def test_some_do_not_measure_again(radio: VirtualRadio) -> None:
    house = household(7, 1, faulty=False)
    cuff = plan_of(house, DeviceKind.CUFF)
    home = Home(house, radio, patience=Patience(least_s=0, most_s=0.01, unwilling=1))
    await home.move_in()
    await home.perform(
        Act(at=EARLY, device=cuff, person=house.people[0], slot=1), at=dt.datetime.now(CHICAGO)
    )
    home.ask_again(cuff.address, until=dt.datetime.now(dt.UTC))
    await asyncio.sleep(0.1)
    await home.rest()
    assert home.measured == 1


async def test_in_the_past_too_a_dangerous_value_was_mostly_measured_again(
    radio: VirtualRadio,
) -> None:
    told: list[Act] = []
    house = household(7, 2, faulty=False)
    high = replace(house.people[0], systolic=215.0)
    house = replace(house, people=(high, *house.people[1:]))
    home = Home(house, radio, zone=CHICAGO, told=lambda act, _: told.append(act))
    await home.move_in()
    assert await home.remember(days=5) == len(told)
    assert told == sorted(told, key=lambda act: act.at)
    again = [act for act in told if act.first_at is not None]
    firsts = {act.at for act in told if act.first_at is None and act.person == high}
    assert again
    assert {act.first_at for act in again} <= firsts
    assert {act.person for act in again} == {high}
