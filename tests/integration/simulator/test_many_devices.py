"""A hundred devices on one radio, and a radio that leaves nothing behind."""

import asyncio

from bleak import BleakClient, BleakScanner

from device_profiles import gatt
from simulator.bonding import Bonding
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from simulator.traits import traits_of
from tests.integration.simulator.central import connected, subscribe

MEASUREMENT = gatt.full(gatt.BLOOD_PRESSURE_MEASUREMENT)
DEVICES = 100


async def ward(radio: VirtualRadio, *, bonding: Bonding) -> list[Cuff]:
    traits = traits_of(advertising_interval_ms=20, bonding=bonding, start_delay_s=0)
    cuffs = [
        await radio.add(Cuff(address=f"A0:B1:C2:00:02:{number:02X}", traits=traits))
        for number in range(DEVICES)
    ]
    for number, cuff in enumerate(cuffs):
        await cuff.measure(systolic=100 + number, diastolic=70)
    return cuffs


async def test_a_hundred_devices_advertise_and_are_read_one_after_another(
    radio: VirtualRadio,
) -> None:
    cuffs = await ward(radio, bonding=Bonding.JUST_WORKS)
    found = await BleakScanner.discover(timeout=0.5, backend=radio.scanner_class())
    assert len(found) == DEVICES
    got: list[bytes] = []
    for device in found:
        arrived = asyncio.Event()

        def take(_: object, data: bytearray, arrived: asyncio.Event = arrived) -> None:
            got.append(bytes(data))
            arrived.set()

        async with BleakClient(device, backend=radio.client_class(), pair=True) as client:
            await client.start_notify(MEASUREMENT, take)
            await asyncio.wait_for(arrived.wait(), 2)
    assert {frame[1] for frame in got} == {100 + number for number in range(DEVICES)}
    assert not any(cuff.is_advertising for cuff in cuffs)


async def test_a_radio_closed_in_the_middle_of_everything_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with VirtualRadio() as radio:
        cuffs = await ward(radio, bonding=Bonding.NONE)
        async with BleakScanner(backend=radio.scanner_class()):
            async with connected(radio, cuffs[0]) as client:
                await subscribe(client, gatt.BLOOD_PRESSURE_MEASUREMENT)
                hanging = asyncio.ensure_future(
                    BleakClient(cuffs[1].address, backend=radio.client_class()).connect()
                )
                await cuffs[0].measure(systolic=150, diastolic=90)
                await radio.close()
                assert not client.is_connected
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == before
    assert radio.link.controllers == set()


async def test_a_device_does_not_grow_with_its_sessions(
    radio: VirtualRadio,
) -> None:
    traits = traits_of(advertising_interval_ms=20, start_delay_s=0)
    cuff = await radio.add(Cuff(address="A0:B1:C2:00:02:01", traits=traits))
    for _ in range(30):
        await cuff.measure(systolic=120, diastolic=80)
        async with connected(radio, cuff) as client:
            await subscribe(client, gatt.BLOOD_PRESSURE_MEASUREMENT)
            await asyncio.sleep(0.02)
    device = cuff.stack.device
    assert (cuff.sessions, len(cuff.memory)) == (30, 0)
    assert len(device.connections) == 0
    assert len(device.gatt_server.subscribers) == 0
    assert len(device.smp_manager.sessions) == 0
