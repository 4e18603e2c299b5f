"""More than one device, more than one gateway, fewer slots than wanted."""

import asyncio
from typing import Any

from bleak import BleakClient
from typing_extensions import override

from simulator.bleak_client import RadioClient
from simulator.devices.cuff import Cuff
from simulator.devices.scale import Scale
from simulator.faults import Faults
from simulator.radio import VirtualRadio
from simulator.traits import traits_of
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from tests.integration.simulator.central import find
from tests.unit.gateway.builders import CUFF

OTHER_CUFF = "A0:B1:C2:D3:E4:F6"
SCALE = "C8:47:8C:00:00:02"


def systolic(clinic: Clinic) -> list[float]:
    return sorted(one.values["systolic"] for one in clinic.received if "systolic" in one.values)


async def test_two_cuffs_at_once_are_visited_one_at_a_time(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    adapter = await radio.adapter()
    open_at_once: list[int] = []

    class Counting(radio.client_class()):  # type: ignore[misc]
        @override
        async def connect(self, pair: bool, *args: Any, **kwargs: Any) -> None:
            open_at_once.append(adapter.connections)
            await RadioClient.connect(self, pair, *args, **kwargs)

    for address, value in ((CUFF, 120), (OTHER_CUFF, 130)):
        cuff = await radio.add(Cuff(address=address, zone=HOME))
        await cuff.measure(systolic=value, diastolic=80)
        await cuff.measure(systolic=value + 1, diastolic=80)

    async with start_hub(client_backend=Counting, pace=0.03):
        await until(lambda: len(clinic.stored) == 4)

    by_device = {one.values["systolic"]: one.device for one in clinic.received}
    assert by_device == {120: CUFF, 121: CUFF, 130: OTHER_CUFF, 131: OTHER_CUFF}
    assert open_at_once == [0, 0]


async def test_a_device_is_held_off_by_itself_and_not_with_the_others(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    """A scale goes on advertising while it closes: it is left alone for its 15 s (0.75 here)."""
    lingering = traits_of("and-uc-352ble", lingers_s=30)
    scale = await radio.add(
        Scale(address=SCALE, profile="and-uc-352ble", traits=lingering, zone=HOME)
    )
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    await scale.measure(weight=80.5)
    await cuff.measure(systolic=120, diastolic=80)
    visits: list[tuple[str, float]] = []

    class Noting(radio.client_class()):  # type: ignore[misc]
        @override
        async def connect(self, pair: bool, *args: Any, **kwargs: Any) -> None:
            visits.append((self.address, asyncio.get_running_loop().time()))
            await RadioClient.connect(self, pair, *args, **kwargs)

    async with start_hub(client_backend=Noting, pace=0.05):
        await until(lambda: scale.sessions == 2)

    first, second, *_ = [at for address, at in visits if address == SCALE]
    assert second - first >= 0.75
    assert CUFF in [address for address, at in visits if at < second]
    assert len(clinic.stored) == 2


async def test_a_phone_that_steals_the_cuff_delays_the_readings_and_loses_none(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    await cuff.measure(systolic=120, diastolic=80)
    found = await find(radio, cuff, adapter="phone")
    phone = BleakClient(found, backend=radio.client_class("phone"))
    thefts: list[bool] = []

    class Late(radio.client_class()):  # type: ignore[misc]
        @override
        async def connect(self, pair: bool, *args: Any, **kwargs: Any) -> None:
            if not thefts:
                thefts.append(True)
                await phone.connect()
            await RadioClient.connect(self, pair, *args, **kwargs)

    async with start_hub(client_backend=Late, connect_timeout_s=0.3, pace=0.03):
        await until(lambda: thefts)
        await asyncio.sleep(0.4)
        assert not clinic.stored
        await phone.disconnect()
        await until(lambda: clinic.stored)

    assert systolic(clinic) == [120]


async def test_an_adapter_out_of_slots_is_tried_again(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    adapter = await radio.adapter()
    adapter.slots = 1
    scale = await radio.add(Scale(address=SCALE, zone=HOME))
    await scale.measure(weight=80.5)
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))

    other = BleakClient(await find(radio, scale), backend=radio.client_class())
    await other.connect()
    async with start_hub(pace=0.03):
        await cuff.measure(systolic=120, diastolic=80)
        await asyncio.sleep(0.4)
        assert not clinic.stored
        await other.disconnect()
        await until(lambda: len(clinic.stored) == 2)


async def test_a_device_that_never_advertises_again_leaves_the_others_and_its_last_time(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME, faults=Faults(silent_after_sessions=1)))
    await cuff.measure(systolic=120, diastolic=80)
    scale = await radio.add(Scale(address=SCALE, zone=HOME))

    async with start_hub(pace=0.03):
        await until(lambda: clinic.stored and not cuff.is_connected)
        await cuff.measure(systolic=121, diastolic=80)
        await scale.measure(weight=80.5)
        await until(lambda: len(clinic.stored) == 2)
        clinic.statuses.clear()
        await until(lambda: clinic.statuses and len(clinic.statuses[-1][1].devices) == 2)

    assert systolic(clinic) == [120]
    seen = {one.device: one.last_seen for one in clinic.statuses[-1][1].devices}
    last, later = seen[CUFF], seen[SCALE]
    assert last is not None
    assert later is not None
    assert last < later
