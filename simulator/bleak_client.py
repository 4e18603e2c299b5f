"""The client that bleak drives when it is given the virtual radio as its backend."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, Final

from bleak import BleakScanner
from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bumble import hci
from bumble.gatt_client import CharacteristicProxy
from typing_extensions import override

from simulator import bleak_services
from simulator.adapter import Port
from simulator.bleak_scanner import RadioScanner
from simulator.open_link import OpenLink

MTU_ASKED_FOR: Final = 517
"""As BlueZ does. Without asking, body composition (up to 30 bytes) is cut to 20 in silence."""
WRITE_HEADER_BYTES: Final = 3


class RadioClient(BaseBleakClient):
    """One connection over one adapter. Subclasses made by VirtualRadio.client_class() have a port.

    Errors are those of BlueZ through bleak: TimeoutError when the device cannot be reached,
    BleakGATTProtocolError with the device's own code, BleakDBusError when pairing fails,
    BleakError for everything that a lost link interrupts.
    """

    port: ClassVar[Port]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **platform: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=disconnected_callback,
            timeout=timeout,
            **platform,
        )
        self._device: BLEDevice | None = None
        if isinstance(address_or_ble_device, BLEDevice):
            self._device = address_or_ble_device
        self._link: OpenLink | None = None

    @property
    @override
    def name(self) -> str:
        known = self._device.name if self._device is not None else None
        return known or self.address.replace(":", "-")

    @property
    @override
    def mtu_size(self) -> int:
        return self._up().mtu

    @property
    @override
    def is_connected(self) -> bool:
        return self._link is not None and self._link.is_up

    @override
    async def connect(
        self,
        pair: bool,
        timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        if self.is_connected:
            raise BleakError("Client is already connected")
        limit_s = self._timeout if timeout is None else timeout
        peer = await self._find(limit_s)
        try:
            async with asyncio.timeout(limit_s):
                await self._establish(peer, pair=pair)
        except BaseException:
            await self.disconnect()
            raise

    @override
    async def disconnect(self) -> None:
        if self._link is not None:
            await self._link.close()

    @override
    async def pair(self, *args: Any, passkey: int | None = None, **kwargs: Any) -> None:
        """Pair, unless the link is encrypted. The radio is asked for a `passkey` not given."""
        link = self._up()
        if link.is_encrypted:
            return
        typed = self.port.passkey(self.address.upper()) if passkey is None else passkey
        await link.pair(passkey=typed)

    @override
    async def unpair(self) -> None:
        """Forget the bond and hang up, as removing the device from BlueZ does."""
        peer = await self._find(self._timeout)
        await self.disconnect()
        adapter = await self.port.open()
        await adapter.forget(peer)

    @override
    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        link = self._up()
        return bytearray(await link.run(link.gatt.read_value(characteristic.handle)))

    @override
    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        link = self._up()
        return bytearray(await link.run(link.gatt.read_value(descriptor.handle)))

    @override
    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        link = self._up()
        await link.run(link.gatt.write_value(characteristic.handle, bytes(data), response))

    @override
    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        link = self._up()
        await link.run(link.gatt.write_value(descriptor.handle, bytes(data), with_response=True))

    @override
    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: Any,
    ) -> None:
        link = self._up()
        proxy: CharacteristicProxy[bytes] = characteristic.obj
        try:
            await link.run(proxy.subscribe(_safely(callback)))
        except BaseException:
            # bumble registers before it writes; what the device refused must not linger.
            proxy.subscribers.clear()
            link.gatt.notification_subscribers.pop(proxy.handle, None)
            link.gatt.indication_subscribers.pop(proxy.handle, None)
            raise

    @override
    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        link = self._up()
        proxy: CharacteristicProxy[bytes] = characteristic.obj
        proxy.subscribers.clear()
        await link.run(proxy.unsubscribe())

    async def _find(self, limit_s: float) -> hci.Address:
        if self._device is None:
            scanner = type("FindingScanner", (RadioScanner,), {"port": self.port})
            self._device = await BleakScanner.find_device_by_address(
                self.address, timeout=limit_s, backend=scanner
            )
        if self._device is None:
            raise BleakDeviceNotFoundError(self.address, f"{self.address} was not found.")
        peer: hci.Address = self._device.details["address"]
        return peer

    async def _establish(self, peer: hci.Address, *, pair: bool) -> None:
        adapter = await self.port.open()
        self._link = link = OpenLink(await adapter.connect(peer), on_gone=self._hung_up)
        await link.run(link.gatt.request_mtu(MTU_ASKED_FOR))
        if await adapter.bonded(peer):
            await link.encrypt()
        elif pair:
            await self.pair()
        self.services = await link.run(
            bleak_services.discover(link.gatt, room=lambda: link.mtu - WRITE_HEADER_BYTES)
        )

    def _hung_up(self) -> None:
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def _up(self) -> OpenLink:
        if self._link is None or not self._link.is_up:
            raise BleakError("Not connected")
        return self._link


def _safely(callback: NotifyCallback) -> Callable[[bytes], None]:
    """Keep what a callback raises from bumble, which would then never confirm the indication."""

    def deliver(value: bytes) -> None:
        try:
            callback(bytearray(value))
        except Exception as error:  # noqa: BLE001 - reported where bleak's D-Bus reader reports it
            context = {"message": "a notification callback failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)

    return deliver
