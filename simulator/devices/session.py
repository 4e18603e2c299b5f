"""One connection as the device lives it: frames go out, confirmations come in or do not."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from bumble import hci
from bumble.device import Connection
from bumble.gatt import Characteristic

from simulator.devices import table
from simulator.devices.server import DeviceServer

_HOPS: Final = 8
"""Turns of the event loop that a packet needs from one host to the other, and a few more."""


class Session:
    """Sends frames over one connection and says which of them the gateway has for certain."""

    def __init__(
        self,
        connection: Connection,
        *,
        server: DeviceServer,
        rows: Mapping[str, Characteristic[bytes]],
        frames_max: int | None,
        drop: Callable[[], None],
    ) -> None:
        """`drop` is called, to cut the link, once `frames_max` frames have arrived."""
        self.connection = connection
        self.frames = 0
        self._server = server
        self._rows = rows
        self._frames_max = frames_max
        self._drop = drop
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = True
        self.ended = asyncio.Event()
        connection.on(connection.EVENT_DISCONNECTION, self._end)

    @property
    def peer(self) -> hci.Address:
        return self.connection.peer_address

    @property
    def is_open(self) -> bool:
        return self._open

    def is_subscribed(self, uuid: str) -> bool:
        row = self._rows.get(uuid)
        return row is not None and any(self._server.read_cccd(self.connection, row))

    async def send(self, uuid: str, frame: bytes) -> bool:
        """Send a frame; True where it has arrived, or been confirmed if it is an indication."""
        if not self._open or not self.is_subscribed(uuid):
            return False
        self.frames += 1
        is_last = self.frames == self._frames_max
        if table.is_indicated(self._rows[uuid]):
            return await self._indicate(self._rows[uuid], frame, is_last=is_last)
        await self._server.notify_subscriber(self.connection, self._rows[uuid], frame)
        if is_last:
            for _ in range(_HOPS):
                await asyncio.sleep(0)
            self._drop()
        return self._open

    def tell(self, uuid: str, frame: bytes) -> None:
        """Notify of something that is no record, soon; nothing where nobody has subscribed."""
        if self._open and self.is_subscribed(uuid):
            row = self._rows[uuid]
            self.spawn(self._server.notify_subscriber(self.connection, row, frame))

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something until the session ends, at the longest."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _indicate(self, row: Characteristic[bytes], frame: bytes, *, is_last: bool) -> bool:
        if is_last:
            self._server.instead_of_confirmation = self._drop
        # A task of its own: bumble would go on waiting for a confirmation after the link is lost.
        sending = self.spawn(self._server.indicate_subscriber(self.connection, row, frame))
        await asyncio.wait((sending,))
        if sending.cancelled():
            return False
        if sending.exception() is None:
            return True
        # Nobody confirmed for 30 s. The standard says that such a link is dead.
        await self.connection.disconnect()
        return False

    def _end(self, _reason: int) -> None:
        self._open = False
        self.ended.set()
        self._server.instead_of_confirmation = None
        for task in tuple(self._tasks):
            task.cancel()
