"""Bonds: needed, made, kept, lost, and refused."""

import asyncio

import pytest
from bleak import BleakClient
from bleak.exc import BleakDBusError, BleakGATTProtocolError

from device_profiles import gatt
from simulator.bonding import Bonding
from simulator.devices.cuff import Cuff
from simulator.faults import Faults, Refusal
from simulator.radio import VirtualRadio
from simulator.traits import PASSKEY, traits_of
from tests.integration.simulator.central import collect, connected, subscribe

ADDRESS = "A0:B1:C2:00:00:01"
MEASUREMENT = gatt.BLOOD_PRESSURE_MEASUREMENT


async def cuff_with(
    radio: VirtualRadio, bonding: Bonding = Bonding.JUST_WORKS, faults: Faults | None = None
) -> Cuff:
    traits = traits_of("and-ua-651ble", bonding=bonding, advertising_interval_ms=20)
    cuff = await radio.add(Cuff(address=ADDRESS, traits=traits, faults=faults))
    await cuff.measure(systolic=120, diastolic=80)
    return cuff


@pytest.mark.parametrize("refusal", list(Refusal))
async def test_without_a_bond_subscribing_and_setting_the_clock_are_refused(
    radio: VirtualRadio, refusal: Refusal
) -> None:
    cuff = await cuff_with(radio, faults=Faults(refusal=refusal))
    async with connected(radio, cuff) as client:
        with pytest.raises(BleakGATTProtocolError) as subscribing:
            await subscribe(client, MEASUREMENT)
        with pytest.raises(BleakGATTProtocolError) as setting:
            await client.write_gatt_char(gatt.full(gatt.DATE_TIME), bytes(7), response=True)
        assert int(subscribing.value.code) == int(setting.value.code) == refusal
        assert await client.read_gatt_char(gatt.full(gatt.BATTERY_LEVEL)) == bytes([90])
    assert len(cuff.memory) == 1


async def test_pairing_after_a_refusal_opens_the_same_connection(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio)
    async with connected(radio, cuff) as client:
        with pytest.raises(BleakGATTProtocolError):
            await subscribe(client, MEASUREMENT)
        await client.pair()
        frames = await subscribe(client, MEASUREMENT)
        await asyncio.sleep(0.1)
        assert len(frames) == 1


async def test_a_bond_is_used_again_without_pairing(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio)
    await collect(radio, cuff, MEASUREMENT, pair=True)
    cuff.set_faults(Faults(refuses_pairing=True))
    await cuff.measure(systolic=130, diastolic=85)
    assert len(await collect(radio, cuff, MEASUREMENT)) == 1


async def test_a_bond_lost_on_the_device_fails_until_it_is_made_anew(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, faults=Faults(lose_bond_after_sessions=1))
    await collect(radio, cuff, MEASUREMENT, pair=True)
    await cuff.measure(systolic=130, diastolic=85)
    with pytest.raises(BleakDBusError, match="PIN_OR_KEY_MISSING"):
        await collect(radio, cuff, MEASUREMENT)
    adapter = await radio.adapter()
    assert adapter.connections == 0
    await BleakClient(ADDRESS, backend=radio.client_class()).unpair()
    assert len(await collect(radio, cuff, MEASUREMENT, pair=True)) == 1
    await cuff.measure(systolic=131, diastolic=85)
    assert len(await collect(radio, cuff, MEASUREMENT)) == 1


async def test_a_passkey_device_bonds_with_the_person_who_knows_it(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, Bonding.PASSKEY)
    radio.passkeys[ADDRESS] = PASSKEY
    assert len(await collect(radio, cuff, MEASUREMENT, pair=True)) == 1


async def test_a_passkey_may_be_given_to_pair_itself(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, Bonding.PASSKEY)
    async with connected(radio, cuff) as client:
        await client.pair(passkey=PASSKEY)
        await subscribe(client, MEASUREMENT)


async def test_a_passkey_agent_is_asked_by_address() -> None:
    asked: list[str] = []

    def agent(address: str) -> int:
        asked.append(address)
        return PASSKEY

    async with VirtualRadio(passkey_agent=agent) as radio:
        cuff = await cuff_with(radio, Bonding.PASSKEY)
        assert len(await collect(radio, cuff, MEASUREMENT, pair=True)) == 1
    assert asked == [ADDRESS]


async def test_a_passkey_device_does_not_bond_without_its_passkey(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, Bonding.PASSKEY)
    with pytest.raises(BleakDBusError, match="AuthenticationFailed"):
        await collect(radio, cuff, MEASUREMENT, pair=True)


async def test_a_wrong_passkey_fails_and_the_right_one_works_afterwards(
    radio: VirtualRadio,
) -> None:
    cuff = await cuff_with(radio, Bonding.PASSKEY, faults=Faults(wrong_passkey=True))
    radio.passkeys[ADDRESS] = PASSKEY
    with pytest.raises(BleakDBusError, match="AuthenticationFailed"):
        await collect(radio, cuff, MEASUREMENT, pair=True)
    assert len(cuff.memory) == 1
    cuff.set_faults(Faults())
    assert len(await collect(radio, cuff, MEASUREMENT, pair=True)) == 1


async def test_a_device_not_in_pairing_mode_refuses(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio, faults=Faults(refuses_pairing=True))
    with pytest.raises(BleakDBusError, match="AuthenticationFailed"):
        await collect(radio, cuff, MEASUREMENT, pair=True)


async def test_each_adapter_has_bonds_of_its_own(radio: VirtualRadio) -> None:
    cuff = await cuff_with(radio)
    async with connected(radio, cuff, pair=True, adapter="hci0"):
        pass
    async with connected(radio, cuff, adapter="hci1") as client:
        with pytest.raises(BleakGATTProtocolError):
            await subscribe(client, MEASUREMENT)
