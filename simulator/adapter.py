"""A virtual Bluetooth adapter: the central's side of a radio, one for each gateway."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bleak.exc import BleakDBusError, BleakError
from bumble import hci
from bumble.core import ConnectionError as BumbleConnectionError
from bumble.device import Advertisement, Connection, Device

from simulator.stack import Stack

Listener = Callable[[Advertisement], None]

SLOTS: Final = 5
"""Connections that an adapter can hold, as most USB sticks: see DEVICES.md on slots."""


class Adapter:
    """Scans and connects for the backend classes. Tests may wedge it as real ones wedge."""

    def __init__(self, name: str, stack: Stack, *, slots: int = SLOTS) -> None:
        self.name = name
        self.slots = slots
        self.deaf = False
        """Fault: scanning goes on and reports nothing, until it is stopped and started again."""
        self.busy = False
        """Fault: starting a scan is refused as BlueZ does after a client was killed."""
        self.hangs = False
        """Fault: no connection is ever established, though the device advertises."""
        self.scans_started = 0
        self._stack = stack
        self._listeners: list[Listener] = []
        self._scan_lock = asyncio.Lock()
        self._connect_lock = asyncio.Lock()
        stack.device.on(Device.EVENT_ADVERTISEMENT, self._hear)

    @property
    def device(self) -> Device:
        return self._stack.device

    @property
    def connections(self) -> int:
        return len(self.device.connections)

    async def start_scan(self, listener: Listener, *, active: bool) -> None:
        """Report every advertisement to `listener` from now on."""
        async with self._scan_lock:
            if self.busy:
                raise BleakDBusError(
                    "org.bluez.Error.InProgress", ["Operation already in progress"]
                )
            if not self._listeners:
                await self.device.start_scanning(
                    legacy=True, active=active, own_address_type=hci.OwnAddressType.PUBLIC
                )
            self.scans_started += 1
            self.deaf = False
            self._listeners.append(listener)

    async def stop_scan(self, listener: Listener) -> None:
        async with self._scan_lock:
            if listener not in self._listeners:
                return
            self._listeners.remove(listener)
            if not self._listeners:
                await self.device.stop_scanning(legacy=True)

    async def connect(self, address: hci.Address) -> Connection:
        """Connect when the device next advertises; waits until then, or until cancelled."""
        async with self._connect_lock:
            if self.connections >= self.slots:
                raise BleakDBusError("org.bluez.Error.Failed", ["out of connection slots"])
            if self.hangs:
                await asyncio.Event().wait()
            return await self._connect(address)

    async def bonded(self, address: hci.Address) -> bool:
        return await self._stack.keys.get(str(address)) is not None

    async def forget(self, address: hci.Address) -> None:
        """Drop the bond, as removing a device in the system's settings does."""
        await self._stack.keys.delete(str(address))

    async def power_off(self) -> None:
        self._listeners.clear()
        await self._stack.power_off()

    async def _connect(self, address: hci.Address) -> Connection:
        attempt = asyncio.ensure_future(
            self.device.connect_le(
                address, own_address_type=hci.OwnAddressType.PUBLIC, timeout=None
            )
        )
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            # The wait was cancelled; the request to the controller must be, too. A connection may
            # have come up at that very moment, and nobody else would ever close it.
            await self.device.send_command(hci.HCI_LE_Create_Connection_Cancel_Command())
            (outcome,) = await asyncio.gather(attempt, return_exceptions=True)
            if isinstance(outcome, Connection):
                await outcome.disconnect()
            raise
        except BumbleConnectionError as error:
            raise BleakError(f"connection failed: {error}") from error

    def _hear(self, advertisement: Advertisement) -> None:
        if self.deaf:
            return
        for listener in tuple(self._listeners):
            listener(advertisement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """What a backend class is bound to: bleak constructs the instances, so the class must know."""

    open: Callable[[], Awaitable[Adapter]]
    """The adapter, powered on at its first use."""
    passkey: Callable[[str], int | None]
    """What the person at the adapter types when a device shows its passkey."""
