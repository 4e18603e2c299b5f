"""The virtual radio: simulated devices on one side, bleak backends for gateways on the other."""

import asyncio
import hashlib
from collections.abc import Callable
from functools import partial
from typing import Self, TypeVar

from bumble import hci

from simulator.adapter import SLOTS, Adapter, Port
from simulator.bleak_client import RadioClient
from simulator.bleak_scanner import RadioScanner
from simulator.devices.peripheral import Peripheral
from simulator.link import VirtualLink
from simulator.stack import power_on

PasskeyAgent = Callable[[str], int | None]
"""The passkey for a device's address (capitals, colons); None where nobody knows it."""

P = TypeVar("P", bound=Peripheral)


class VirtualRadio:
    """One room's air. Gateways that share a room have an adapter each, by name.

    async with VirtualRadio() as radio:
        cuff = await radio.add(Cuff(address="A0:B1:C2:D3:E4:F5", profile=GENERIC))
        await cuff.measure(systolic=128, diastolic=81, pulse=71)
        found = await BleakScanner.find_device_by_address(..., backend=radio.scanner_class())
        async with BleakClient(found, backend=radio.client_class()) as client: ...
    """

    def __init__(self, *, slots: int = SLOTS, passkey_agent: PasskeyAgent | None = None) -> None:
        self.link = VirtualLink()
        self.passkeys: dict[str, int] = {}
        """What a person at the gateway would type, by device address in capitals."""
        self._agent = passkey_agent
        self._slots = slots
        self._devices: dict[str, Peripheral] = {}
        self._adapters: dict[str, Adapter] = {}
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def devices(self) -> tuple[Peripheral, ...]:
        return tuple(self._devices.values())

    async def add(self, device: P) -> P:
        """Switch a device on in this room; it advertises once it has something to say."""
        await device.switch_on(self.link)
        self._devices[device.address] = device
        return device

    async def remove(self, device: Peripheral) -> None:
        """Take a device away: its batteries are out, its memory stays."""
        self._devices.pop(device.address, None)
        await device.switch_off()

    async def adapter(self, name: str = "hci0") -> Adapter:
        """The adapter of that name, plugged in at its first use."""
        async with self._opening:
            if name not in self._adapters:
                address = hci.Address(_address(name), hci.Address.PUBLIC_DEVICE_ADDRESS)
                stack = await power_on(self.link, name=name, address=address, central=True)
                self._adapters[name] = Adapter(name, stack, slots=self._slots)
            return self._adapters[name]

    def scanner_class(self, adapter: str = "hci0") -> type[RadioScanner]:
        """What BleakScanner takes as its `backend`."""
        return type("VirtualRadioScanner", (RadioScanner,), {"port": self._port(adapter)})

    def client_class(self, adapter: str = "hci0") -> type[RadioClient]:
        """What BleakClient takes as its `backend`."""
        return type("VirtualRadioClient", (RadioClient,), {"port": self._port(adapter)})

    async def close(self) -> None:
        """Switch everything off; nothing of the radio is left running."""
        for device in self.devices:
            await self.remove(device)
        for adapter in self._adapters.values():
            await adapter.power_off()
        self._adapters.clear()

    def _port(self, adapter: str) -> Port:
        return Port(open=partial(self.adapter, adapter), passkey=self._passkey)

    def _passkey(self, address: str) -> int | None:
        known = self.passkeys.get(address)
        return self._agent(address) if known is None and self._agent is not None else known


def _address(name: str) -> str:
    """A fixed address for an adapter's name, in a block that no simulated device uses."""
    digest = hashlib.sha256(name.encode()).digest()
    return ":".join(["00", "1B", "DC", *(f"{byte:02X}" for byte in digest[:3])])
