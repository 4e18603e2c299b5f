"""Keeping the outbox small, and the ballast aboard."""

import asyncio
import datetime as dt
import sqlite3
from typing import Final

import structlog

from gateway.errors import DiskFull
from gateway.hub_clock import HubClock
from gateway.outbox_file import OutboxFile
from gateway.queries import SQL
from gateway.settings import KeepRules

EVERY_S: Final = 600.0
FULL_DISK_EVERY_S: Final = 5.0
AT_ONCE: Final = 100
"""Rows in one transaction: some milliseconds."""
MOST_PAGES: Final = 1000
log = structlog.get_logger()


class Upkeep:
    """Retention of receipted readings by age and by size; undecodable frames by number."""

    def __init__(self, file: OutboxFile, *, rules: KeepRules, clock: HubClock) -> None:
        self._file = file
        self._rules = rules
        self._clock = clock
        self._full = False

    async def run(self) -> None:
        """For ever."""
        tidy_in_s = 0.0
        while True:
            if not self._file.has_room:
                self.relieve()
            elif tidy_in_s <= 0:
                await self.tidy()
                tidy_in_s = EVERY_S
            tidy_in_s -= FULL_DISK_EVERY_S
            await asyncio.sleep(FULL_DISK_EVERY_S)

    def relieve(self) -> None:
        """Make room on a full disk, if there is any to be made."""
        full = not self._file.relieve()
        if full != self._full:
            self._full = full
            log.warning("disk", full=full, devices_are_read=not full)

    async def tidy(self) -> None:
        """Forget what was receipted long ago, or more than there is room for."""
        try:
            if self._clock.trusted:
                age = dt.timedelta(days=self._rules.receipted_days)
                before = (self._clock.now() - age).timestamp()
                await self._in_portions("forget_older", before)
            while self._file.used_bytes() > self._rules.receipted_bytes:
                if not await self._portion("forget_oldest"):
                    break
            self._file.write(self._trim, durable=False, drains=True)
            self._file.shrink(pages=MOST_PAGES)
        except DiskFull:
            log.warning("disk", full=True, devices_are_read=False)

    async def _in_portions(self, query: str, *arguments: object) -> None:
        while await self._portion(query, *arguments):
            pass

    async def _portion(self, query: str, *arguments: object) -> bool:
        """Whether it deleted anything. The loop turns between two portions."""
        gone = self._file.write(
            lambda c: c.execute(SQL[query], (*arguments, AT_ONCE)).rowcount,
            durable=False,
            drains=True,
        )
        await asyncio.sleep(0)
        return gone > 0

    def _trim(self, connection: sqlite3.Connection) -> None:
        connection.execute(SQL["trim_undecodable"], (self._rules.undecodable_frames,))
        connection.execute(SQL["trim_sessions"])
