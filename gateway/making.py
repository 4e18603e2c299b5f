"""The task that makes readings of frames as they come, while the hub knows what time it is."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from gateway.commands import HomePolicy
from gateway.errors import DiskFull
from gateway.hub_clock import HubClock
from gateway.reading_maker import ReadingMaker

LOOK_S: Final = 5.0
GATHER_S: Final = 0.05
"""Stored records come in a burst: one transaction, one fsync for many."""
log = structlog.get_logger()


class Making:
    """`poke` when frames may wait."""

    def __init__(
        self,
        maker: ReadingMaker,
        *,
        clock: HubClock,
        policy: Callable[[], HomePolicy],
        made: Callable[[], None],
    ) -> None:
        self._maker = maker
        self._clock = clock
        self._policy = policy
        self._made = made
        self._bell = asyncio.Event()

    def poke(self) -> None:
        self._bell.set()

    async def run(self) -> None:
        """For ever; first of all what a crash left behind."""
        while True:
            self._bell.clear()
            if self._clock.trusted:
                self._run_once()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._bell.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(GATHER_S)

    def _run_once(self) -> None:
        policy = self._policy()
        try:
            tally = self._maker.run(
                moment=self._clock.moment(), zone=policy.zone, rules=policy.rules
            )
        except DiskFull:
            log.warning("readings wait for room on the disk")
            return
        if tally.made or tally.undecodable:
            log.info("readings", new=tally.made, again=tally.again, undecodable=tally.undecodable)
        if tally.made:
            self._made()
