"""Devices that push: records go out one after another as soon as somebody subscribes to them."""

import asyncio
from typing import Any

from typing_extensions import override

from simulator.devices.recorder import CHARACTERISTICS, Recorder
from simulator.devices.session import Session

_MEASUREMENTS = frozenset(CHARACTERISTICS.values())


class PushingDevice(Recorder):
    """A record leaves the device only when its last frame has been confirmed."""

    def __init__(self, **settings: Any) -> None:
        """Takes what Recorder takes."""
        super().__init__(**settings)
        self._wake = asyncio.Event()
        self._pushing: asyncio.Task[None] | None = None
        self._subscriptions = 0

    @override
    async def news(self) -> None:
        self._wake.set()
        await super().news()

    @override
    def on_connected(self) -> None:
        self._pushing = None
        if self.traits.keeps_records:
            self.memory.offer_again()

    @override
    async def on_subscribed(self, uuid: str) -> None:
        if uuid not in _MEASUREMENTS or self.session is None:
            return
        self._subscriptions += 1
        self._wake.set()
        if self.faults.indicates_early:
            await self._push_next(self.session)
        if self._pushing is None:
            self._pushing = self.session.spawn(self._push(self.session))

    async def _push(self, session: Session) -> None:
        await self._subscribed_to_all()
        while session.is_open:
            self._wake.clear()
            if not await self._push_next(session):
                await self._wake.wait()
            elif self.traits.frame_gap_s:
                await asyncio.sleep(self.traits.frame_gap_s)

    async def _subscribed_to_all(self) -> None:
        # A scale has two characteristics; the first subscription must not empty it of the other's.
        seen = -1
        while seen != self._subscriptions:
            seen = self._subscriptions
            await asyncio.sleep(self.traits.start_delay_s)

    async def _push_next(self, session: Session) -> bool:
        """Send the oldest frame that somebody subscribed to; False where there is none."""
        for number, uuid, frame in self.memory.waiting():
            if session.is_subscribed(uuid):
                return await self._push_frame(session, number, uuid, frame)
        return False

    async def _push_frame(self, session: Session, number: int, uuid: str, frame: bytes) -> bool:
        if self.faults.lost_on_read:
            self.memory.forget(number)
        arrived = await session.send(uuid, frame)
        if arrived and self.faults.send_twice:
            arrived = await session.send(uuid, frame)
        complete = arrived and self.memory.delivered(number, uuid)
        if complete and not self.traits.keeps_records:
            self.memory.forget(number)
        return arrived
