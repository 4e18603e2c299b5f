"""What a gateway does with a device, in as few lines as a test wants to read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from device_profiles import gatt
from simulator.devices.peripheral import Peripheral
from simulator.radio import VirtualRadio

Frames = list[tuple[str, bytes]]


async def find(radio: VirtualRadio, device: Peripheral, *, adapter: str = "hci0") -> BLEDevice:
    """The device as a scanner reports it, within ten seconds."""
    found = await BleakScanner.find_device_by_address(
        device.address, timeout=10, backend=radio.scanner_class(adapter)
    )
    assert found is not None, "not advertising"
    return found


@asynccontextmanager
async def connected(
    radio: VirtualRadio, device: Peripheral, *, pair: bool = False, adapter: str = "hci0"
) -> AsyncIterator[BleakClient]:
    found = await find(radio, device, adapter=adapter)
    backend = radio.client_class(adapter)
    async with BleakClient(found, backend=backend, pair=pair, timeout=5) as client:
        yield client


async def subscribe(client: BleakClient, *uuids: str) -> Frames:
    """Everything that is sent from these characteristics, in the order of arrival."""
    frames: Frames = []
    for uuid in uuids:
        await client.start_notify(gatt.full(uuid), partial(_note, frames, uuid))
    return frames


def _note(frames: Frames, uuid: str, _: BleakGATTCharacteristic, data: bytearray) -> None:
    frames.append((uuid, bytes(data)))


async def quiet(frames: Frames, *, for_s: float = 0.1, first_s: float = 2) -> Frames:
    """The frames, once none has come for so long; the first may take its time."""
    seen = -1
    until = asyncio.get_running_loop().time() + first_s
    while not frames and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    while seen != len(frames):
        seen = len(frames)
        await asyncio.sleep(for_s)
    return frames


async def collect(
    radio: VirtualRadio, device: Peripheral, *uuids: str, pair: bool = False
) -> list[bytes]:
    """One whole session: connect, subscribe, take what comes, hang up."""
    async with connected(radio, device, pair=pair) as client:
        frames = await quiet(await subscribe(client, *uuids))
        return [frame for _, frame in frames]
