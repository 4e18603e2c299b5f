"""The radio itself: scanning, connecting, addresses, time-outs, losing the link."""

import asyncio

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDeviceNotFoundError, BleakError

from device_profiles import gatt
from simulator.devices.cuff import Cuff
from simulator.errors import AddressTakenError
from simulator.faults import Faults
from simulator.radio import VirtualRadio
from simulator.traits import traits_of
from tests.integration.simulator.central import connected, find, subscribe

BATTERY = gatt.full(gatt.BATTERY_LEVEL)


async def advertising_cuff(radio: VirtualRadio, address: str = "A0:B1:C2:00:00:01") -> Cuff:
    cuff = await radio.add(Cuff(address=address, traits=traits_of(advertising_interval_ms=20)))
    await cuff.measure(systolic=120, diastolic=80)
    return cuff


async def test_a_scan_reports_name_services_and_makers_data_once_each(radio: VirtualRadio) -> None:
    cuff = await radio.add(Cuff(address="A0:B1:C2:00:00:01", profile="omron-standard"))
    await cuff.measure(systolic=120, diastolic=80)
    found = await BleakScanner.discover(timeout=0.3, return_adv=True, backend=radio.scanner_class())
    device, said = found[cuff.address]
    assert device.name == said.local_name == "BLEsmart__000001"
    assert said.service_uuids == [gatt.full(gatt.BLOOD_PRESSURE_SERVICE)]
    assert said.manufacturer_data == {0x020E: b"\x01\x00"}
    assert said.rssi < 0


async def test_a_passive_scan_hears_no_name(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    found = await BleakScanner.discover(
        timeout=0.2, return_adv=True, scanning_mode="passive", backend=radio.scanner_class()
    )
    assert found[cuff.address][1].local_name is None


async def test_a_scan_for_a_service_reports_nothing_else(radio: VirtualRadio) -> None:
    await advertising_cuff(radio)
    found = await BleakScanner.discover(
        timeout=0.2,
        service_uuids=[gatt.full(gatt.GLUCOSE_SERVICE)],
        backend=radio.scanner_class(),
    )
    assert found == []


async def test_a_device_without_news_does_not_advertise(radio: VirtualRadio) -> None:
    await radio.add(Cuff(address="A0:B1:C2:00:00:01"))
    assert await BleakScanner.discover(timeout=0.2, backend=radio.scanner_class()) == []


@pytest.mark.parametrize(
    ("address", "kind"), [("A0:B1:C2:00:00:01", "public"), ("C0:B1:C2:00:00:01", "random")]
)
async def test_public_and_random_addresses_connect_and_answer(
    radio: VirtualRadio, address: str, kind: str
) -> None:
    traits = traits_of(public=kind == "public", battery=73)
    cuff = await radio.add(Cuff(address=address, traits=traits))
    await cuff.measure(systolic=120, diastolic=80)
    async with connected(radio, cuff) as client:
        assert client.mtu_size == 517
        assert await client.read_gatt_char(BATTERY) == bytes([73])
        assert client.name == cuff.traits.name


async def test_a_client_may_be_made_from_an_address_alone(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    async with BleakClient(cuff.address, backend=radio.client_class()) as client:
        assert client.is_connected


async def test_an_address_that_nobody_has_is_not_found(radio: VirtualRadio) -> None:
    client = BleakClient("A0:B1:C2:00:00:99", timeout=0.2, backend=radio.client_class())
    with pytest.raises(BleakDeviceNotFoundError):
        await client.connect()


async def test_connecting_to_a_device_that_went_away_times_out_and_the_next_one_works(
    radio: VirtualRadio,
) -> None:
    cuff, other = await advertising_cuff(radio), await advertising_cuff(radio, "A0:B1:C2:00:00:02")
    found = await find(radio, cuff)
    await cuff.hush()
    with pytest.raises(TimeoutError):
        await BleakClient(found, timeout=0.2, backend=radio.client_class()).connect()
    async with connected(radio, other) as client:
        assert client.is_connected


async def test_a_device_that_never_answers_times_out(radio: VirtualRadio) -> None:
    cuff = Cuff(address="A0:B1:C2:00:00:01", faults=Faults(refuses_connections=True))
    await radio.add(cuff)
    await cuff.measure(systolic=120, diastolic=80)
    found = await find(radio, cuff)
    with pytest.raises(TimeoutError):
        await BleakClient(found, timeout=0.3, backend=radio.client_class()).connect()
    cuff.set_faults(Faults())
    async with connected(radio, cuff) as client:
        assert client.is_connected


async def test_a_cancelled_connect_leaves_the_adapter_usable(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    found = await find(radio, cuff)
    await cuff.hush()
    attempt = asyncio.ensure_future(BleakClient(found, backend=radio.client_class()).connect())
    await asyncio.sleep(0.05)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    await cuff.advertise()
    async with connected(radio, cuff) as client:
        assert client.is_connected
    assert (await radio.adapter()).connections == 0


async def test_a_lost_link_calls_back_and_ends_every_request(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    gone: list[BleakClient] = []
    found = await find(radio, cuff)
    client = BleakClient(found, gone.append, backend=radio.client_class())
    await client.connect()
    cuff.drop_link()
    await asyncio.sleep(0.05)
    assert gone == [client]
    assert not client.is_connected
    with pytest.raises(BleakError):
        await client.read_gatt_char(BATTERY)


async def test_a_link_lost_during_a_read_is_a_bleak_error_and_no_cancellation(
    radio: VirtualRadio,
) -> None:
    faults = Faults(drop_link_on_read=gatt.BATTERY_LEVEL)
    cuff = await radio.add(Cuff(address="A0:B1:C2:00:00:01", faults=faults))
    await cuff.measure(systolic=120, diastolic=80)
    async with connected(radio, cuff) as client:
        with pytest.raises(BleakError, match="Disconnected"):
            await client.read_gatt_char(BATTERY)
    async with connected(radio, cuff) as client:
        assert await client.read_gatt_char(BATTERY) == bytes([90])


async def test_a_read_that_is_never_answered_ends_with_the_link(radio: VirtualRadio) -> None:
    faults = Faults(hangs_on_read=gatt.BATTERY_LEVEL)
    cuff = await radio.add(Cuff(address="A0:B1:C2:00:00:01", faults=faults))
    await cuff.measure(systolic=120, diastolic=80)
    async with connected(radio, cuff) as client:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.read_gatt_char(BATTERY), 0.1)
        assert client.is_connected
    assert not client.is_connected


async def test_requests_at_the_same_time_are_answered_each(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    async with connected(radio, cuff) as client:
        level, serial = await asyncio.gather(
            client.read_gatt_char(BATTERY), client.read_gatt_char(gatt.full(gatt.SERIAL_NUMBER))
        )
    assert (level, serial) == (bytearray([90]), bytearray(b"000001"))


async def test_a_request_given_up_does_not_answer_the_next_one(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    async with connected(radio, cuff) as client:
        given_up = asyncio.ensure_future(client.read_gatt_char(BATTERY))
        await asyncio.sleep(0)
        given_up.cancel()
        assert await client.read_gatt_char(gatt.full(gatt.SERIAL_NUMBER)) == b"000001"


async def test_the_device_may_hang_up_first(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    async with connected(radio, cuff) as client:
        await cuff.hang_up()
        await asyncio.sleep(0.02)
        assert not client.is_connected
        assert cuff.sessions == 1


async def test_a_callback_that_raises_does_not_hold_up_the_device(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    caught: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: caught.append(context.get("exception"))
    )

    def fail(_: object, __: bytearray) -> None:
        raise ZeroDivisionError

    async with connected(radio, cuff) as client:
        await client.start_notify(gatt.full(gatt.BLOOD_PRESSURE_MEASUREMENT), fail)
        await asyncio.sleep(0.1)
    assert [type(error) for error in caught] == [ZeroDivisionError]
    assert len(cuff.memory) == 0


async def test_nothing_more_arrives_after_stop_notify(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    async with connected(radio, cuff) as client:
        frames = await subscribe(client, gatt.BLOOD_PRESSURE_MEASUREMENT)
        await asyncio.sleep(0.1)
        await client.stop_notify(gatt.full(gatt.BLOOD_PRESSURE_MEASUREMENT))
        await cuff.measure(systolic=130, diastolic=85)
        await asyncio.sleep(0.1)
    assert len(frames) == 1
    assert len(cuff.memory) == 1


async def test_one_address_is_one_device(radio: VirtualRadio) -> None:
    await radio.add(Cuff(address="A0:B1:C2:00:00:01"))
    with pytest.raises(AddressTakenError):
        await radio.add(Cuff(address="a0:b1:c2:00:00:01"))


async def test_a_device_taken_away_can_come_back_with_its_memory(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    await radio.remove(cuff)
    assert await BleakScanner.discover(timeout=0.1, backend=radio.scanner_class()) == []
    await radio.add(cuff)
    assert (await find(radio, cuff)).address == cuff.address


async def test_an_adapter_out_of_slots_refuses_until_one_is_free() -> None:
    async with VirtualRadio(slots=1) as radio:
        first, second = (
            await advertising_cuff(radio),
            await advertising_cuff(radio, "A0:B1:C2:00:00:02"),
        )
        async with connected(radio, first):
            with pytest.raises(BleakError, match="slots"):
                async with connected(radio, second):
                    pass
        async with connected(radio, second) as client:
            assert client.is_connected


async def test_two_gateways_in_one_room_have_an_adapter_each(radio: VirtualRadio) -> None:
    first, second = (
        await advertising_cuff(radio),
        await advertising_cuff(radio, "A0:B1:C2:00:00:02"),
    )
    async with (
        connected(radio, first, adapter="hci0") as left,
        connected(radio, second, adapter="hci1") as right,
    ):
        assert left.is_connected
        assert right.is_connected


async def test_who_connects_first_has_the_device(radio: VirtualRadio) -> None:
    cuff = await advertising_cuff(radio)
    found = {name: await find(radio, cuff, adapter=name) for name in ("hci0", "hci1")}
    clients = [
        BleakClient(device, timeout=0.5, backend=radio.client_class(name))
        for name, device in found.items()
    ]
    outcomes = await asyncio.gather(*(c.connect() for c in clients), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "TimeoutError"]
    assert sum(client.is_connected for client in clients) == 1


async def test_a_deaf_adapter_hears_again_once_the_scan_is_restarted(radio: VirtualRadio) -> None:
    await advertising_cuff(radio)
    adapter = await radio.adapter()
    heard: list[str] = []
    scanner = BleakScanner(
        lambda device, _: heard.append(device.address), backend=radio.scanner_class()
    )
    await scanner.start()
    adapter.deaf = True
    heard.clear()
    await asyncio.sleep(0.1)
    assert heard == []
    await scanner.stop()
    await scanner.start()
    await asyncio.sleep(0.1)
    await scanner.stop()
    assert heard
    assert adapter.scans_started == 2


async def test_a_busy_adapter_refuses_to_scan(radio: VirtualRadio) -> None:
    (await radio.adapter()).busy = True
    with pytest.raises(BleakError, match="InProgress"):
        await BleakScanner(backend=radio.scanner_class()).start()
