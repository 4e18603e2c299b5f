"""The receiving end of a visit: every frame goes to the disk before anything else happens to it.

BlueZ confirms an indication to the device before its D-Bus signal reaches this process; nothing
here can come before that. What is in our hands: the frame is on the disk before the callback
returns, so only frames between BlueZ and this callback are at stake when the hub dies. When the
disk takes no more, the visit ends at once, and devices keep what they still hold.
"""

import asyncio
from typing import Final

import structlog

from device_profiles import gatt
from device_profiles.decoding import decode
from device_profiles.errors import DecodeError
from device_profiles.profile import Profile
from gateway.errors import OutboxError
from gateway.hub_clock import HubClock
from gateway.journal import Journal
from gateway.stored_records import Arrived

STREAMS: Final = frozenset({gatt.HEART_RATE_MEASUREMENT, gatt.PLX_CONTINUOUS})
"""They never fall silent by themselves: they do not hold a visit open."""
log = structlog.get_logger()


class Inflow:
    """Counts what arrives. `over` is set by whoever knows that nothing more can come."""

    def __init__(
        self,
        journal: Journal,
        profile: Profile,
        *,
        clock: HubClock,
        anchor: tuple[int, str] | None,
        over: asyncio.Event,
    ) -> None:
        self._journal = journal
        self._profile = profile
        self._clock = clock
        self._anchor = anchor
        self._loop = asyncio.get_running_loop()
        self.arrived = Arrived()
        self.frames = 0
        self.streamed = 0
        self.repeats = 0
        """Frames that only said where the last report ended."""
        self.refusal: OutboxError | None = None
        """Why a frame could not be persisted."""
        self.last_arrival = self._loop.time()
        self._over = over

    def take(self, uuid: str, data: bytes) -> None:
        """Called inside the notification callback. Never raises: no stack does any good with it."""
        try:
            self._journal.keep(uuid, data, at=self._clock.moment(), trusted=self._clock.trusted)
        except OutboxError as error:
            self.refusal = error
            self._over.set()
            log.exception("a frame could not be persisted")
            return
        self.frames += 1
        if uuid in STREAMS:
            self.streamed += 1
            if self.streamed > 1:
                return
        self.last_arrival = self._loop.time()
        if uuid == gatt.GLUCOSE_MEASUREMENT:
            self._note_record(uuid, data)

    async def until_idle(self, *, idle_s: float, first_s: float) -> None:
        """Return after `idle_s` of quiet (`first_s` before the first frame), or when it is over."""
        while not self._over.is_set():
            patience = idle_s if self.frames else first_s
            left = self.last_arrival + patience - self._loop.time()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(left):
                    await self._over.wait()
            except TimeoutError:
                continue

    def _note_record(self, uuid: str, data: bytes) -> None:
        try:
            sequence = decode(uuid, data, profile=self._profile).sequence
        except DecodeError:
            sequence = None
        seen = self.arrived
        is_anchor = (sequence, data.hex()) == self._anchor
        self.repeats += is_anchor
        self.arrived = Arrived(
            count=seen.count + 1,
            last_sequence=seen.last_sequence if sequence is None else sequence,
            last_record=seen.last_record if sequence is None else data.hex(),
            anchor_seen=seen.anchor_seen or is_anchor,
        )
