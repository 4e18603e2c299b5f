"""An established connection as a central sees it: requests that end when the link ends."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError
from bumble import core, hci
from bumble.att import ATT_Error
from bumble.device import Connection
from bumble.gatt_client import Client

from simulator import bonding

T = TypeVar("T")


class OpenLink:
    """Runs requests over one connection; `on_gone` is called once, when the link is no more."""

    def __init__(self, connection: Connection, *, on_gone: Callable[[], None]) -> None:
        self._connection = connection
        self._on_gone = on_gone
        self._gone: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        connection.on(connection.EVENT_DISCONNECTION, self._hang_up)

    @property
    def is_up(self) -> bool:
        return not self._gone.done()

    @property
    def mtu(self) -> int:
        return int(self._connection.att_mtu)

    @property
    def gatt(self) -> Client:
        return self._connection.gatt_client

    @property
    def is_encrypted(self) -> bool:
        return bool(self._connection.is_encrypted)

    async def run(self, request: Coroutine[Any, Any, T]) -> T:
        """Await a GATT request. A link lost meanwhile is a BleakError, never a CancelledError.

        A caller that gives up does not take the request back: the answer that is still to come
        would be taken for the answer to the next one.
        """
        if self._gone.done():
            request.close()
            raise BleakError("Not connected")
        task = asyncio.ensure_future(request)
        task.add_done_callback(_collect)
        await asyncio.wait((task, self._gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done() or task.cancelled():
            task.cancel()
            raise BleakError("Disconnected while a request was pending")
        try:
            return task.result()
        except ATT_Error as error:
            raise BleakGATTProtocolError(int(error.error_code)) from error
        except core.TimeoutError as error:
            raise BleakError("The device did not answer within 30 s") from error

    async def encrypt(self) -> None:
        """Start encryption with the keys of an earlier bond."""
        try:
            await self.run(self._connection.encrypt())
        except hci.HCI_Error as error:
            await self.close()
            cause = hci.HCI_ErrorCode(error.error_code or 0).name
            raise BleakDBusError("org.bluez.Error.AuthenticationFailed", [cause]) from error

    async def pair(self, *, passkey: int | None) -> None:
        """Pair and bond; `passkey` None offers Just Works only."""
        try:
            await self.run(bonding.pair(self._connection, passkey=passkey))
        except core.ProtocolError as error:
            cause = error.error_name or "pairing failed"
            raise BleakDBusError("org.bluez.Error.AuthenticationFailed", [cause]) from error

    async def close(self) -> None:
        """Hang up, and wait until the link is down."""
        if self._gone.done():
            return
        hang_up = asyncio.ensure_future(self._connection.disconnect())
        hang_up.add_done_callback(_collect)
        await asyncio.wait((self._gone,))

    def _hang_up(self, reason: int) -> None:
        if not self._gone.done():
            self._gone.set_result(reason)
            self._on_gone()


def _collect(task: asyncio.Future[Any]) -> None:
    # An answer that nobody waits for any more may be an error; that is nobody's business either.
    if not task.cancelled():
        task.exception()
