"""One connected device as a visit needs it: by short UUID, with a bond when one is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from device_profiles.gatt import full, short
from device_profiles.profile import BondPolicy, Profile
from gateway import bonding
from gateway.device_book import DeviceNotes
from gateway.errors import BondLost, WentQuiet
from gateway.radio_errors import Meaning, meaning

OPERATION_S: Final = 35
"""An ATT transaction ends after 30 s by itself."""
T = TypeVar("T")
OnFrame = Callable[[str, bytes], None]


class Peer:
    """Operations on a connected client. Keeps the device's page of the book up to date."""

    def __init__(self, client: BleakClient, profile: Profile, notes: DeviceNotes) -> None:
        self._client = client
        self._profile = profile
        self._paired_now = False
        self.notes = notes

    def find(self, uuid: str, *, service: str | None = None) -> BleakGATTCharacteristic | None:
        """The characteristic of that short UUID, in `service` if that is given."""
        wanted = full(uuid)
        for one in self._client.services:
            if service is not None and short(one.uuid) != service:
                continue
            for characteristic in one.characteristics:
                if characteristic.uuid == wanted:
                    return characteristic
        return None

    async def read(self, characteristic: BleakGATTCharacteristic) -> bytes:
        return bytes(await self._with_bond(lambda: self._client.read_gatt_char(characteristic)))

    async def write(self, characteristic: BleakGATTCharacteristic, data: bytes) -> None:
        await self._with_bond(
            lambda: self._client.write_gatt_char(characteristic, data, response=True)
        )

    async def subscribe(self, characteristic: BleakGATTCharacteristic, on_frame: OnFrame) -> None:
        """`on_frame` is called synchronously, before the stack goes on to anything else."""
        uuid = short(characteristic.uuid)

        def arrived(_: BleakGATTCharacteristic, data: bytearray) -> None:
            on_frame(uuid, bytes(data))

        await self._with_bond(lambda: self._client.start_notify(characteristic, arrived))

    async def unsubscribe(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._client.stop_notify(characteristic)

    async def _with_bond(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Once more with a bond, if the device wants one and its profile allows it."""
        try:
            return await _in_time(operation)
        except BleakError as error:
            if meaning(error) is not Meaning.NEEDS_BOND:
                raise
            if self._profile.bond is BondPolicy.NEVER or self._paired_now:
                self.notes = bonding.refused(self.notes, while_pairing=False)
                raise BondLost(str(Meaning.NEEDS_BOND)) from error
        await self._pair()
        try:
            answer = await _in_time(operation)
        except BleakError as error:
            if meaning(error) is not Meaning.NEEDS_BOND:
                raise
            # "Already paired" as far as this side knows, and still no encryption: stale keys.
            self.notes = bonding.refused(self.notes, while_pairing=False)
            raise BondLost(str(Meaning.BOND_REFUSED)) from error
        self.notes = bonding.worked(self.notes)
        return answer

    async def _pair(self) -> None:
        self._paired_now = True
        passkey = self.notes.passkey
        # BlueZ asks our agent (gateway.bluez_agent) for the number; other backends take it here.
        words = {} if passkey is None else {"passkey": int(passkey)}
        try:
            await asyncio.wait_for(self._client.pair(**words), OPERATION_S)
        except (BleakError, TimeoutError) as error:
            self.notes = bonding.refused(self.notes, while_pairing=True)
            raise BondLost(f"pairing failed: {error}") from error


async def _in_time(operation: Callable[[], Awaitable[T]]) -> T:
    try:
        async with asyncio.timeout(OPERATION_S):
            return await operation()
    except TimeoutError as error:
        raise WentQuiet("The device did not answer.") from error
